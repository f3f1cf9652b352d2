import { describe, expect, test } from "vitest";
import { noGrad } from "../../../src/autograd/index.js";
import { Adam } from "../../../src/optim/index.js";
import { type Frames, makeFrameBatch, padFrames } from "../../../src/seq2seq/data/frames.js";
import { FrameEncoder } from "../../../src/seq2seq/models/frameEncoder.js";
import { FrameSeq2Seq, type FrameSeq2SeqConfig, isFrameConfig } from "../../../src/seq2seq/models/frameSeq2seq.js";
import { stateParts } from "../../../src/seq2seq/models/state.js";
import { beamSearch } from "../../../src/seq2seq/search/beam.js";
import { Ensemble } from "../../../src/seq2seq/search/ensemble.js";
import { forcedDecoding } from "../../../src/seq2seq/search/forced.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { sampleSearch } from "../../../src/seq2seq/search/sampling.js";
import { freeRunningInput } from "../../../src/seq2seq/training/freeRunning.js";
import { update } from "../../../src/seq2seq/training/update.js";
import { Generator, intTensor, randn, Tensor, zeros } from "../../../src/tensor/index.js";
import { wrong } from "../../support/wrong.js";

const sizes = { features: 3, outputSize: 9, hiddenSize: 6 };
const LENGTHS = [7, 1, 4, 10];
const generator = new Generator(2);
const sources = LENGTHS.map((length) => randn([length, 3], { generator }));
const pairs = sources.map((source, i) => ({ source, target: [[4, 7], [], [5, 6, 8], [8]][i] }));

const configs: Partial<FrameSeq2SeqConfig>[] = [
  { attention: "additive" },
  { attention: "general", cell: "lstm", bidirectional: true, stack: 3 },
  {
    attention: "additive",
    numLayers: 2,
    bidirectional: true,
    subsample: 1,
    conditional: true,
    positionalEncoding: true,
  },
  { attention: "dot", numLayers: 4, stack: 2, subsample: 2, residual: true, layerNorm: true, tied: "decoder" },
  { numLayers: 3, subsample: 2, cell: "lstm" },
  { attention: "additive", inputFeeding: true, stack: 2, initialState: "mean", contextDropout: 0.1 },
];

function made(config: Partial<FrameSeq2SeqConfig>): FrameSeq2Seq {
  return new FrameSeq2Seq({ ...sizes, ...config }, { generator: new Generator(1) });
}

/** The same batch with `more` frames behind, and NaN in all padding. */
function padMore(source: Tensor, lengths: Int32Array, more: number): Tensor {
  const [T, B, F] = source.shape;
  const data = new Float32Array((T + more) * B * F).fill(Number.NaN);
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      const at = (t * B + b) * F;
      if (t < lengths[b]) data.set(source.data.subarray(at, at + F), at);
    }
  }
  return new Tensor(data, [T + more, B, F]);
}

describe.each(configs)("frames to tokens (%o)", (config) => {
  const model = made(config).eval();

  test("encodes a sequence alike alone and in a batch, bit for bit, whatever the padding holds", () => {
    const { source, lengths } = padFrames(sources);
    const batches = [source, padMore(source, lengths, 0), padMore(source, lengths, 5)];
    for (const frames of batches) {
      const { memory, lengths: read, last } = model.encode(frames, lengths);
      const [, B, E] = memory.shape;
      sources.forEach((own, b) => {
        const alone = model.encode(padFrames([own]).source);
        const S = alone.memory.shape[0];
        expect(intTensor(read!).data[b]).toBe(S);
        const column = Array.from({ length: S }, (_, s) => [
          ...memory.data.subarray((s * B + b) * E, (s * B + b + 1) * E),
        ]);
        expect(column.flat()).toEqual([...alone.memory.data]);
        stateParts(alone.last).forEach((part, which) => {
          const { data, shape } = stateParts(last)[which];
          const rows = Array.from({ length: shape[0] }, (_, l) => [
            ...data.subarray((l * B + b) * 6, (l * B + b + 1) * 6),
          ]);
          expect(rows.flat()).toEqual([...part.data]);
        });
      });
    }
  });

  test("has a loss and gradients that padding does not change", () => {
    const batch = makeFrameBatch(pairs);
    const bits = (source: Tensor) => {
      model.zeroGrad();
      const loss = model.loss({ ...batch, source });
      loss.backward();
      return [loss.item(), ...model.parameters().map(({ grad }) => [...grad!.data])];
    };
    const plain = bits(batch.source);
    expect(plain.slice(1).every((gradient) => (gradient as number[]).some((value) => value !== 0))).toBe(true);
    expect(bits(padMore(batch.source, batch.sourceLengths, 0))).toEqual(plain);
    expect(bits(padMore(batch.source, batch.sourceLengths, 6))).toEqual(plain);
  });

  test("is searched greedily, by beam and by sampling, a sequence alone as in a batch", () => {
    const plain: Frames[] = sources.map(({ data, shape }) => ({ data: data.slice(), frames: shape[0] }));
    const greedy = greedySearch(model, sources);
    expect(greedySearch(model, plain)).toEqual(greedy);
    expect(sources.flatMap((source) => greedySearch(model, [source]))).toEqual(greedy);
    expect(beamSearch(model, sources, { beam: 1 }).map(([{ ids }]) => ids)).toEqual(greedy);
    expect(sampleSearch(model, sources, { topK: 1 })).toEqual(greedy);
    expect(greedySearch(new Ensemble([model, model]), sources)).toEqual(greedy);
    const limits = greedy.map((ids, i) => ids.length <= 2 * LENGTHS[i] + 10);
    expect(limits).toEqual(LENGTHS.map(() => true));
    const rows = beamSearch(model, sources, { beam: 3, maxLength: 5 }).map(([{ attention }]) => attention?.[0].length);
    const { stack, subsample } = model.config;
    let places = LENGTHS.map((length) => Math.ceil(length / stack));
    for (let i = 0; i < subsample; i++) places = places.map((length) => Math.ceil(length / 2));
    expect(rows).toEqual(config.attention ? places : LENGTHS.map(() => undefined));
    expect(forcedDecoding(model, sources[0], [4, 7]).logProbability).toBeLessThan(0);
  });

  test("a config comes back complete, through JSON too, and makes the same model again", () => {
    const saved = JSON.parse(JSON.stringify(model.config)) as FrameSeq2SeqConfig;
    expect(isFrameConfig(saved)).toBe(true);
    const again = made(saved);
    expect(again.config).toEqual(model.config);
    expect(Object.keys(again.stateDict())).toEqual(Object.keys(model.stateDict()));
    again.loadStateDict(model.stateDict());
    const batch = makeFrameBatch(pairs);
    expect(again.eval().loss(batch).item()).toBe(model.loss(batch).item());
  });
});

test("learns which tokens frames stand for, and free running reads what it would say", () => {
  const model = made({ attention: "additive", bidirectional: true, stack: 2, hiddenSize: 16 });
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  // Each token is three frames of its own direction.
  const draw = new Generator(3);
  const examples = Array.from({ length: 24 }, () => {
    const target = Array.from({ length: 1 + draw.integer(3) }, () => 4 + draw.integer(3));
    const data = target.flatMap((id) =>
      Array.from({ length: 9 }, (_, i) => Number(i % 3 === id - 4) + 0.1 * draw.normal()),
    );
    return { source: { data, frames: 3 * target.length }, target };
  });
  const batch = makeFrameBatch(examples);
  for (let step = 1; step <= 120; step++) {
    update(model, optimizer, () => ({ loss: model.loss(batch), count: 1 }), { clipNorm: 1, where: `at step ${step}` });
  }
  const found = greedySearch(model, examples.map(({ source }) => source)); // biome-ignore format: one line
  expect(found).toEqual(examples.map(({ target }) => target));
  const said = noGrad(() => freeRunningInput(model, batch));
  expect([...said.data.filter((_, i) => batch.targetInput.data[i] !== 0)]).toEqual([
    ...batch.targetInput.data.filter((id) => id !== 0),
  ]);
});

test("the names of a pyramid's parameters: the lowest layer, and those above that read joined outputs", () => {
  const { encoder } = made({ numLayers: 4, subsample: 2, bidirectional: true, stack: 2, attention: "additive" });
  const shapes = Object.entries(encoder.stateDict()).map(([name, { shape }]) => `${name} ${shape}`);
  expect(shapes.filter((each) => each.includes("weight_ih") && !each.includes("reverse"))).toEqual([
    "gru.weight_ih_l0 18,6",
    "upper.0.weight_ih_l0 18,24",
    "upper.1.weight_ih_l0 18,24",
    "upper.1.weight_ih_l1 18,12",
  ]);
});

test("dropout is that between layers, joined ones too", () => {
  const encoder = new FrameEncoder(3, 6, { numLayers: 2, subsample: 1, dropout: 1, generator: new Generator(1) });
  const { source } = padFrames([sources[0]]);
  const { memory } = encoder.encode(source);
  expect(encoder.encode(randn([7, 1, 3])).memory.toArray()).toEqual(memory.toArray());
  encoder.eval();
  expect(encoder.encode(source).memory.toArray()).not.toEqual(memory.toArray());
});

describe("refuses", () => {
  test.each<[Partial<FrameSeq2SeqConfig>, string]>([
    [{ features: 0 }, "FrameSeq2Seq: expected features to be an integer ≥ 1, got 0"],
    [{ features: undefined }, "FrameSeq2Seq: expected features to be an integer ≥ 1, got undefined"],
    [{ stack: 0 }, "FrameSeq2Seq: expected stack to be an integer ≥ 1, got 0"],
    [{ subsample: 1 }, "FrameSeq2Seq: expected numLayers 2 or more with subsample 1, got 1"],
    [
      { subsample: 1, numLayers: 2, residual: true },
      "FrameSeq2Seq: expected numLayers 3 or more with subsample 1 and residual, got 2",
    ],
    [{ tied: wrong("all") }, 'FrameSeq2Seq: expected tied to be "none" or "decoder", got "all"'],
    [wrong({ lexical: true }), "FrameSeq2Seq: expected options among features, "],
    [{ conditional: true }, "FrameSeq2Seq: expected attention dot, general or additive with conditional, got none"],
  ])("the config %o", (config, message) => {
    expect(() => made(config)).toThrow(message);
  });

  test("frames of another width, lengths that do not fit, and what are no frames", () => {
    const model = made({ attention: "additive", stack: 2 });
    expect(() => model.encode(zeros([5, 2, 4]))).toThrow(
      new RangeError("FrameEncoder: expected frames [T, B, 3] with T ≥ 1, got [5, 2, 4]"),
    );
    expect(() => model.encode(zeros([0, 2, 3]))).toThrow(/^FrameEncoder: expected frames .* got \[0, 2, 3\]$/);
    expect(() => model.encode(zeros([5, 2, 3]), [5, 6])).toThrow(
      new RangeError("FrameEncoder: expected lengths from 1 to 5, got 6 for sequence 1"),
    );
    expect(() => model.encode(zeros([5, 2, 3]), [5])).toThrow(/^FrameEncoder: expected 2 lengths/);
    expect(() => model.encode(wrong([[1]]))).toThrow(/^FrameEncoder: expected a tensor, got/);
    expect(() => greedySearch(model, wrong([zeros([3])]))).toThrow(
      /^greedySearch: expected sources that are lists of tokens, or frames, got Tensor at 0/,
    );
    expect(() => new FrameEncoder(3, 6, { subsample: 1 })).toThrow(
      new RangeError("FrameEncoder: expected subsample below numLayers 1, got 1"),
    );
  });

  test.each([null, {}, { ...made({}).config, features: 0 }, { ...made({}).config, hiddenSize: 1e9 }])(
    "to take %o for a config",
    (value) => {
      expect(isFrameConfig(value)).toBe(false);
    },
  );
});
