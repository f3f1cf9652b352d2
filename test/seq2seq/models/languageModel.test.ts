import { describe, expect, test } from "vitest";
import { noGrad } from "../../../src/autograd/index.js";
import { Adam } from "../../../src/optim/index.js";
import {
  isLanguageConfig,
  LanguageModel,
  type LanguageModelConfig,
} from "../../../src/seq2seq/models/languageModel.js";
import { type DecoderState, stateParts } from "../../../src/seq2seq/models/state.js";
import { TokenDecoder } from "../../../src/seq2seq/models/tokenDecoder.js";
import { beamSearch } from "../../../src/seq2seq/search/beam.js";
import { Ensemble } from "../../../src/seq2seq/search/ensemble.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { sampleSearch } from "../../../src/seq2seq/search/sampling.js";
import { BOS } from "../../../src/seq2seq/text/vocabulary.js";
import { update } from "../../../src/seq2seq/training/update.js";
import { Generator, intTensor, scope, type Tensor } from "../../../src/tensor/index.js";
import { wrong } from "../../support/wrong.js";

const configs: Partial<LanguageModelConfig>[] = [
  {},
  { cell: "lstm", numLayers: 2, tied: true },
  { numLayers: 3, layerNorm: true, residual: true, embeddingSize: 5 },
];

/** A model whose outputs differ clearly from token to token. */
function made(config: Partial<LanguageModelConfig> = {}): LanguageModel {
  const model = new LanguageModel({ outputSize: 11, hiddenSize: 8, ...config }, { generator: new Generator(1) });
  for (const parameter of model.parameters()) for (let i = 0; i < parameter.data.length; i++) parameter.data[i] *= 3;
  return model;
}

const ids = (steps: number, rows: number, seed: number): number[][] => {
  const generator = new Generator(seed);
  return Array.from({ length: steps }, () => Array.from({ length: rows }, () => 4 + generator.integer(7)));
};
const bits = ({ hidden }: DecoderState): number[][] => stateParts(hidden).map(({ data }) => [...data]);

describe.each(configs)("a language model (%o)", (config) => {
  const model = made(config);

  test("in pieces has the loss and the last state of the whole", () => {
    const [input, target] = [ids(12, 3, 1), ids(12, 3, 2)];
    const whole = model.loss(input, target);
    let state: DecoderState | null = null;
    let total = 0;
    for (const [from, to] of [
      [0, 5],
      [5, 6],
      [6, 12],
    ]) {
      // biome-ignore format: pieces
      const piece = model.loss(input.slice(from, to), target.slice(from, to), state);
      total += (piece.loss.item() * (to - from)) / 12;
      state = piece.state;
    }
    expect(total).toBeCloseTo(whole.loss.item(), 5);
    expect(bits(state!)).toEqual(bits(whole.state));
  });

  test("carries a state that outlives the scope of a step, and through which no gradient flows", () => {
    const [input, target] = [ids(4, 2, 1), ids(4, 2, 2)];
    const { state } = scope(() => {
      const piece = model.loss(input, target);
      piece.loss.backward();
      return { state: piece.state };
    });
    const first = bits(state);
    const kept: { state?: DecoderState } = {};
    scope(() => {
      kept.state = model.loss(input, target).state; // which the scope does not return
    });
    expect(bits(kept.state!)).toEqual(first);
    const gradients = () => model.parameters().map(({ grad }) => [...grad!.data]);
    model.zeroGrad();
    model.loss(input, target, state).loss.backward();
    const alone = gradients();
    model.zeroGrad();
    // The same numbers with a history: it is cut off.
    const [, read] = model.features(intTensor(input), model.start(null, 2));
    expect(bits(read)).toEqual(first);
    model.loss(input, target, read).loss.backward();
    expect(gradients()).toEqual(alone);
  });

  test("goes on with contexts of any lengths in every search, each alone as with others", () => {
    const contexts = [[4, 6, 9, 5], [7], [], [8, 4], [5, 5, 5, 5, 5, 5, 9]];
    const greedy = greedySearch(model, contexts, { maxLength: 6 });
    contexts.forEach((context, i) => {
      // One token after another, each read anew with all before it.
      const text = context.length > 0 ? [...context] : [BOS];
      const expected: number[] = [];
      while (expected.length < 6) {
        const logits = noGrad(() => model.forward(Int32Array.from(text))[0].data.slice(-11));
        const best = logits.indexOf(Math.max(...logits.subarray(3)), 3);
        if (best === 3) break;
        expected.push(best);
        text.push(best);
      }
      expect(greedy[i]).toEqual(expected);
    });
    expect(contexts.flatMap((context) => greedySearch(model, [context], { maxLength: 6 }))).toEqual(greedy);
    expect(beamSearch(model, contexts, { beam: 1, maxLength: 6 }).map(([{ ids: own }]) => own)).toEqual(greedy);
    expect(sampleSearch(model, contexts, { topK: 1, maxLength: 6 })).toEqual(greedy);
    expect(greedySearch(new Ensemble([model, model]), contexts, { maxLength: 6 })).toEqual(greedy);
    expect(greedy.some((own) => own.length > 2)).toBe(true);
  });

  test("steps over packed weights with the bits of features and logits", () => {
    const [fast, plain] = [model.stepper(), TokenDecoder.prototype.stepper.call(model)];
    let states: unknown[] = [model.start(null, 2), model.start(null, 2)];
    for (const row of ids(3, 2, 5)) {
      const steps = [fast, plain].map((stepper, i) => noGrad(() => stepper.step(row, states[i] as DecoderState)));
      expect([...steps[0].logits]).toEqual([...steps[1].logits]);
      states = steps.map(({ state }) => state);
    }
  });

  test("a config comes back complete, through JSON too, and makes the same model again", () => {
    const saved = JSON.parse(JSON.stringify(model.config)) as LanguageModelConfig;
    expect(isLanguageConfig(saved)).toBe(true);
    const again = made(saved);
    expect(again.config).toEqual(model.config);
    expect(again.loss(ids(4, 2, 1), ids(4, 2, 2)).loss.item()).toBe(model.loss(ids(4, 2, 1), ids(4, 2, 2)).loss.item());
  });
});

test("has a decoder's names, and no relu on its embedding", () => {
  const model = made({ tied: true });
  expect(Object.keys(model.stateDict())).toEqual([
    "embedding.weight",
    ...["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) => `gru.${name}_l0`),
    "out.weight",
    "out.bias",
  ]);
  expect(model.out.weight).toBe(model.embedding.weight);
  const said = (value: number): Tensor => {
    const untied = made();
    untied.embedding.weight.data.fill(value);
    return untied.forward([4])[0];
  };
  expect([...said(-1).data]).not.toEqual([...said(-2).data]);
});

test("dropout is on the embedding, between layers and before the output layer, while training only", () => {
  const plain = made({ numLayers: 2 });
  const [input, target] = [ids(4, 2, 1), ids(4, 2, 2)];
  const one = (rates: Partial<LanguageModelConfig>) => made({ numLayers: 2, ...rates });
  const dropping = one({ dropout: 0.5, wordDropout: 0.3 });
  expect(dropping.config).toMatchObject({ dropout: 0.5, embeddingDropout: 0.5, outputDropout: 0.5 });
  expect(dropping.loss(input, target).loss.item()).not.toBe(dropping.loss(input, target).loss.item());
  expect(dropping.eval().loss(input, target).loss.item()).toBe(plain.loss(input, target).loss.item());
  const isReached = (model: LanguageModel, name: string): boolean => {
    model.loss(input, target).loss.backward();
    return new Map(model.namedParameters()).get(name)!.grad!.data.some((value) => value !== 0);
  };
  expect(isReached(one({ embeddingDropout: 1 }), "embedding.weight")).toBe(false);
  expect(isReached(one({ dropout: 1, embeddingDropout: 0, outputDropout: 0 }), "gru.weight_ih_l1")).toBe(false);
  expect(isReached(one({ outputDropout: 1 }), "out.weight")).toBe(false);
});

test("learns a text by truncated backpropagation, and goes on with it", () => {
  const text = Array.from({ length: 241 }, (_, i) => [4, 4, 5, 4, 4, 6, 7][i % 7]);
  const model = new LanguageModel({ outputSize: 9, hiddenSize: 16 }, { generator: new Generator(2) });
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  let last = Number.NaN;
  for (let epoch = 0; epoch < 8; epoch++) {
    let state: DecoderState | null = null;
    for (let at = 0; at < 240; at += 8) {
      const step = () => {
        const piece = model.loss(text.slice(at, at + 8), text.slice(at + 1, at + 9), state);
        state = piece.state;
        return { loss: piece.loss, count: 8 };
      };
      last = update(model, optimizer, step, { clipNorm: 1, where: `at ${at}` }).loss;
    }
  }
  expect(last).toBeLessThan(0.1);
  expect(greedySearch(model, [[4, 4, 5, 4]], { maxLength: 10 })).toEqual([[4, 6, 7, 4, 4, 5, 4, 4, 6, 7]]);
});

describe("refuses", () => {
  test.each<[Partial<LanguageModelConfig>, string]>([
    [{ hiddenSize: 0 }, "LanguageModel: expected hiddenSize to be an integer ≥ 1, got 0"],
    [{ outputSize: undefined }, "LanguageModel: expected outputSize to be an integer ≥ 1, got undefined"],
    [wrong({ attention: "dot" }), "LanguageModel: expected options among outputSize, "],
    [
      { tied: true, embeddingSize: 4 },
      "LanguageModel: expected embeddingSize 8 with tied, as the output layer reads states, got 4",
    ],
    [{ residual: true }, "LanguageModel: expected numLayers 2 or more with residual, got 1"],
    [{ dropout: 1.5 }, "LanguageModel: expected dropout to be a number in [0, 1], got 1.5"],
  ])("the config %o", (config, message) => {
    expect(() => made(config)).toThrow(message);
  });

  test("a target of another shape, another batch's state, contexts that are none", () => {
    const model = made();
    expect(() => model.loss(ids(3, 2, 1), ids(2, 2, 1))).toThrow(
      new RangeError("LanguageModel.loss: expected a target [3, 2], got [2, 2]"),
    );
    expect(() => model.loss(ids(3, 2, 1), ids(3, 2, 1), model.start(null, 3))).toThrow(
      new RangeError("GRU: expected a state [1, 2, 8], got [1, 3, 8]"),
    );
    expect(() => model.begin(wrong([[4], 5]))).toThrow(
      new TypeError("LanguageModel.begin: expected contexts of token ids, got 5 at 1"),
    );
    expect(() => greedySearch(model, [[4, 11, 5]])).toThrow(/got 11/);
    expect(isLanguageConfig({ ...model.config, cell: "tcn" })).toBe(false);
  });
});
