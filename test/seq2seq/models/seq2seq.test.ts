import { describe, expect, test } from "vitest";
import { type Batch, makeBatch } from "../../../src/seq2seq/data/batch.js";
import type { Seq2SeqConfig } from "../../../src/seq2seq/models/config.js";
import { Seq2Seq } from "../../../src/seq2seq/models/seq2seq.js";
import { stateParts } from "../../../src/seq2seq/models/state.js";
import { Generator, IntTensor } from "../../../src/tensor/index.js";
import { randomPairs, sharpModel } from "../../support/models.js";

const fixed = (["rnn", "gru", "lstm"] as const).flatMap((cell) =>
  [1, 2].flatMap((numLayers) => [false, true].map((bidirectional) => ({ cell, numLayers, bidirectional }))),
);
const layers = { cell: "gru", numLayers: 1, bidirectional: false } as const;
const configs: (Partial<Seq2SeqConfig> & (typeof fixed)[number])[] = [
  ...fixed,
  { ...layers, contextInput: true },
  { ...layers, cell: "lstm", numLayers: 2, bidirectional: true, contextInput: true },
  ...(["dot", "general", "additive"] as const).map((attention) => ({ ...layers, attention })),
  { ...layers, cell: "lstm", numLayers: 2, bidirectional: true, attention: "general" },
  { ...layers, cell: "rnn", bidirectional: true, attention: "additive" },
  { ...layers, attention: "general", inputFeeding: true },
  { ...layers, cell: "lstm", numLayers: 2, bidirectional: true, attention: "additive", inputFeeding: true },
  { ...layers, attention: "dot", conditional: true },
  { ...layers, cell: "lstm", bidirectional: true, attention: "additive", conditional: true },
  { ...layers, cell: "lstm", numLayers: 2, embeddingSize: 5, initialState: "mean", contextInput: true },
  { ...layers, bidirectional: true, tied: "decoder", initialState: "mean" },
  { ...layers, numLayers: 2, bidirectional: true, layerNorm: true, residual: true },
  { ...layers, numLayers: 3, cell: "lstm", attention: "additive", inputFeeding: true, layerNorm: true, residual: true },
  { ...layers, numLayers: 3, bidirectional: true, attention: "additive", conditional: true, residual: true },
  { ...layers, bidirectional: true, attention: "general", conditional: true, layerNorm: true },
  { ...layers, numLayers: 2, embeddingSize: 5, attention: "general", initialState: "mean", lexical: true },
  { ...layers, embeddingSize: 5, attention: "additive", inputFeeding: true, tied: "decoder", lexical: true },
  { ...layers, outputSize: 12, embeddingSize: 5, attention: "dot", conditional: true, tied: "all", lexical: true },
];
const label = ({ cell, numLayers, bidirectional, ...rest }: Partial<Seq2SeqConfig>): string =>
  `${cell}, ${numLayers} layers${bidirectional ? ", both directions" : ""}, ${JSON.stringify(rest)}`;

/** The same batch with more padding on both sides, and anything at all in it. */
function padMore(batch: Batch, source: number, target: number, filler: number): Batch {
  const longer = ({ data, shape: [steps, size] }: IntTensor, lengths: Int32Array, more: number): IntTensor => {
    const padded = new Int32Array((steps + more) * size).fill(filler);
    padded.set(data);
    for (let t = 0; t < steps; t++) for (let b = 0; b < size; b++) if (t >= lengths[b]) padded[t * size + b] = filler;
    return new IntTensor(padded, [steps + more, size]);
  };
  return {
    ...batch,
    source: longer(batch.source, batch.sourceLengths, source),
    targetInput: longer(batch.targetInput, batch.targetLengths, target),
  };
}

/** Loss and gradients of one batch, bit by bit. */
function lossAndGradients(model: Seq2Seq, batch: Batch): { loss: number; gradients: Record<string, number[]> } {
  model.zeroGrad();
  const loss = model.loss(batch);
  loss.backward();
  const named = [...model.namedParameters()].map(([name, { grad }]) => [name, Array.from(grad!.data)]);
  return { loss: loss.item(), gradients: Object.fromEntries(named) };
}

describe.each(configs.map((config) => [label(config), config] as const))("Seq2Seq (%s)", (_, config) => {
  const model = sharpModel(config, 2, 1.5);
  const pairs = randomPairs(5, 4);

  test("gives loss and gradients that padding does not change", () => {
    const batch = makeBatch(pairs);
    const plain = lossAndGradients(model, batch);
    expect(Object.values(plain.gradients).every((gradient) => gradient.some((value) => value !== 0))).toBe(true);
    expect(lossAndGradients(model, padMore(batch, 3, 4, 0))).toEqual(plain);
    expect(lossAndGradients(model, padMore(batch, 1, 0, 9))).toEqual(plain);
  });

  test("has a batch's loss that is the mean over the tokens of all its pairs", () => {
    const single = pairs.map((pair) => makeBatch([pair]));
    const tokens = single.map(({ targets }) => targets.length);
    const sum = single.reduce((total, batch, i) => total + tokens[i] * model.loss(batch).item(), 0);
    const mean = sum / tokens.reduce((total, count) => total + count, 0);
    expect(model.loss(makeBatch(pairs)).item()).toBeCloseTo(mean, 5);
  });

  test("has the loss that forward's log-probabilities give", () => {
    const { source, sourceLengths, targetInput, targetLengths, targets, targetRows } = makeBatch(pairs);
    const lengths = { source: sourceLengths, target: targetLengths };
    const { data, shape } = model.forward(source, targetInput, lengths);
    const size = model.config.outputSize;
    expect(shape).toEqual([...targetInput.shape, size]);
    const logs = Array.from(targets, (id, n) => data[targetRows[n] * size + id]);
    const mean = -logs.reduce((total, value) => total + value, 0) / logs.length;
    expect(model.loss(makeBatch(pairs)).item()).toBeCloseTo(mean, 4);
  });

  test("encodes a sentence alike alone and in a batch", () => {
    const batch = makeBatch(pairs);
    const together = stateParts(model.encode(batch.source, batch.sourceLengths).last);
    pairs.forEach((pair, b) => {
      const alone = stateParts(model.encode(makeBatch([pair]).source).last);
      alone.forEach(({ data, shape }, part) => {
        expect(shape).toEqual([config.numLayers, 1, 8]);
        const rows = Array.from({ length: config.numLayers }, (_, layer) => (layer * pairs.length + b) * 8);
        const own = rows.flatMap((at) => Array.from(together[part].data.subarray(at, at + 8)));
        expect(Array.from(data)).toEqual(own);
      });
    });
  });

  test("has PyTorch's names, and a bridge where both directions meet", () => {
    const names = Object.keys(model.stateDict());
    const expected = ["embedding.weight", `${config.cell}.weight_ih_l0`].flatMap((name) => [
      `encoder.${name}`,
      `decoder.${name}`,
    ]);
    expect(names).toEqual(expect.arrayContaining([...expected, "decoder.out.weight", "decoder.out.bias"]));
    expect(names.includes(`encoder.${config.cell}.weight_hh_l0_reverse`)).toBe(config.bidirectional);
    expect(names.some((name) => name.startsWith(`decoder.${config.cell}.weight_hh_l0_reverse`))).toBe(false);
    const bridges = config.cell === "lstm" ? ["bridge", "bridge_c"] : ["bridge"];
    const bridgeNames = bridges.flatMap((name) => [`${name}.weight`, `${name}.bias`]);
    const isBridged = config.bidirectional && config.initialState !== "mean";
    expect(names.filter((name) => name.startsWith("bridge"))).toEqual(isBridged ? bridgeNames : []);
  });
});

test("a state dict of the smallest model is exactly PyTorch's", () => {
  const gru = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"].map((name) => `gru.${name}`);
  const model = new Seq2Seq({ inputSize: 9, outputSize: 7, hiddenSize: 4 });
  expect(Object.entries(model.stateDict()).map(([name, { shape }]) => [name, ...shape].join(" "))).toEqual([
    "encoder.embedding.weight 9 4",
    ...gru.map((name) => `encoder.${name} ${name.includes("weight") ? "12 4" : "12"}`),
    "decoder.embedding.weight 7 4",
    ...gru.map((name) => `decoder.${name} ${name.includes("weight") ? "12 4" : "12"}`),
    "decoder.out.weight 7 4",
    "decoder.out.bias 7",
  ]);
});

test("dropout changes the loss while training only", () => {
  const config = { inputSize: 12, outputSize: 11, hiddenSize: 8, numLayers: 2, dropout: 0.4 };
  const model = new Seq2Seq(config, { generator: new Generator(1) });
  const batch = makeBatch(randomPairs(5));
  expect(model.loss(batch).item()).not.toBe(model.loss(batch).item());
  model.eval();
  expect(model.loss(batch).item()).toBe(model.loss(batch).item());
});

test("label smoothing mixes in the mean over the vocabulary", () => {
  const model = sharpModel();
  const batch = makeBatch(randomPairs(3));
  const { data } = model.forward(batch.source, batch.targetInput, {
    source: batch.sourceLengths,
    target: batch.targetLengths,
  });
  const uniform = Array.from(batch.targetRows, (row) => {
    const own = Array.from(data.subarray(row * 11, (row + 1) * 11));
    return -own.reduce((total, value) => total + value, 0) / 11;
  });
  const mean = uniform.reduce((total, value) => total + value, 0) / uniform.length;
  const expected = 0.8 * model.loss(batch).item() + 0.2 * mean;
  expect(model.loss(batch, { labelSmoothing: 0.2 }).item()).toBeCloseTo(expected, 4);
});

test("a config comes back complete, and makes the same model again", () => {
  const model = new Seq2Seq({ inputSize: 9, outputSize: 7, hiddenSize: 4 }, { generator: new Generator(2) });
  expect(model.config).toEqual({
    inputSize: 9,
    outputSize: 7,
    hiddenSize: 4,
    embeddingSize: 4,
    cell: "gru",
    numLayers: 1,
    bidirectional: false,
    layerNorm: false,
    residual: false,
    dropout: 0,
    embeddingDropout: 0,
    outputDropout: 0,
    contextDropout: 0,
    wordDropout: 0,
    initialState: "last",
    tied: "none",
    attention: "none",
    contextInput: false,
    inputFeeding: false,
    conditional: false,
    lexical: false,
  });
  const again = new Seq2Seq(model.config, { generator: new Generator(2) });
  expect(again.stateDict()["decoder.out.weight"].toArray()).toEqual(model.decoder.out.weight.toArray());
});

test.each<Partial<Seq2SeqConfig>>([
  { hiddenSize: 0 },
  { numLayers: 0 },
  { dropout: 2 },
  { cell: "tcn" as "gru" },
  { attention: "cosine" as "dot" },
  { attention: "dot", bidirectional: true },
  { attention: "general", contextInput: true },
  { inputFeeding: true },
  { conditional: true },
  { attention: "general", inputFeeding: true, conditional: true },
  { attention: "none", lexical: true },
  { attention: "none", contextDropout: 0.1 },
  { attention: "none", embeddingSize: 3, tied: "decoder" },
  { attention: "general", tied: "all" }, // 9 words and 7
  { residual: true },
  { attention: "general", tied: "both" as "all" },
  { initialState: "first" as "last" },
  { wordDropout: 1.5 },
])("refuses %o", (wrong) => {
  expect(() => new Seq2Seq({ inputSize: 9, outputSize: 7, hiddenSize: 4, ...wrong })).toThrow(/expected/);
});

test("the bridge reads each layer's forward state, then its backward one", () => {
  const model = sharpModel({ cell: "lstm", numLayers: 2, bidirectional: true });
  const source = [[4], [5], [6]];
  const states = stateParts(model.encoder.forward(source)[1]).map(({ data }) => data);
  for (const direction of [0, 1]) {
    for (const { weight, bias } of model.bridges) {
      bias!.data.fill(0);
      weight.data.fill(0);
      for (let i = 0; i < 8; i++) weight.data[i * 16 + direction * 8 + i] = 1; // takes one direction as it is
    }
    stateParts(model.encode(source).last).forEach(({ data }, part) => {
      const own = [0, 1].flatMap((layer) => Array.from(states[part].subarray((2 * layer + direction) * 8).slice(0, 8)));
      expect(Array.from(data)).toEqual(own);
    });
  }
});
