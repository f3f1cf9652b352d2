import { describe, expect, it, vi } from "vitest";
import { noGrad } from "../../../src/autograd/index.js";
import { SGD } from "../../../src/optim/index.js";
import { makeBatch } from "../../../src/seq2seq/data/batch.js";
import { Decoder } from "../../../src/seq2seq/models/decoder.js";
import { type DecoderState, type State, stateParts } from "../../../src/seq2seq/models/state.js";
import type { TokenDecoder } from "../../../src/seq2seq/models/tokenDecoder.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { Generator, intTensor, randn, scope } from "../../../src/tensor/index.js";
import { kernelSet, kernelSets, kernels, useKernels } from "../../../src/tensor/kernels/index.js";
import { sharpModel } from "../../support/models.js";

const HIDDEN = 19;
const WORDS = 37;
const newDecoder = (cell: "rnn" | "gru" | "lstm" = "gru", numLayers = 1) =>
  new Decoder(HIDDEN, WORDS, { cell, numLayers, generator: new Generator(3) });
const state = (cell: string, layers: number, rows: number): State => {
  const part = (seed: number) => randn([layers, rows, HIDDEN], { generator: new Generator(seed) });
  return cell === "lstm" ? [part(1), part(2)] : part(1);
};

describe("a packed decoder", () => {
  for (const cell of ["rnn", "gru", "lstm"] as const) {
    it.each([1, 2, 3])(`gives the bits of the decoder itself, step after step: ${cell}, layers %i`, (layers) => {
      const decoder = newDecoder(cell, layers);
      for (const rows of [1, 2, 3, 5, 9]) {
        let plain: DecoderState = { hidden: state(cell, layers, rows), context: null };
        let stepped = plain;
        for (let t = 0; t < 4; t++) {
          const tokens = Array.from({ length: rows }, (_, b) => (7 * t + 11 * b) % WORDS); // some come again
          const ready = decoder.stepper();
          const { logits, state: next } = scope(() => ready.step(tokens, stepped));
          const [features, expected] = noGrad(() => decoder.features(intTensor([tokens]), plain));
          expect(logits).toEqual(noGrad(() => decoder.out.forward(features)).data.slice());
          expect(stateParts(next.hidden).map(({ data }) => data.slice())).toEqual(
            stateParts(expected.hidden).map(({ data }) => data.slice()),
          );
          plain = expected;
          stepped = next;
        }
      }
    });
  }

  it.each([
    { attention: "dot" },
    { attention: "general", cell: "lstm", numLayers: 2, bidirectional: true },
    { attention: "additive", cell: "rnn" },
    { attention: "general", inputFeeding: true, numLayers: 2 },
    { attention: "additive", conditional: true, cell: "lstm" },
    { contextInput: true },
    { attention: "general", cell: "lstm", numLayers: 2, bidirectional: true, layerNorm: true, residual: true },
    { attention: "additive", embeddingSize: 5, tied: "decoder", lexical: true, initialState: "mean" },
    { attention: "dot", cell: "lstm", lexical: true },
    { attention: "additive", conditional: true, tied: "decoder", lexical: true },
    { attention: "additive", inputFeeding: true, numLayers: 3, layerNorm: true, residual: true, tied: "decoder" },
    { attention: "general", conditional: true, embeddingSize: 5, layerNorm: true, lexical: true, numLayers: 3 },
    { numLayers: 3, layerNorm: true, residual: true, embeddingSize: 5 },
  ] as const)("gives the bits of the decoder itself, its attention too, whichever rows go on: %o", (config) => {
    const model = sharpModel({ hiddenSize: 19, outputSize: 37, ...config }, 4, 1.5);
    const decoder: TokenDecoder<unknown> = model.decoder;
    const encoded = noGrad(() => model.encode([[5, 4, 9], [6, 7, 0], [8, 0, 0]], [3, 1, 2])); // biome-ignore format: [T, B]
    let plain = noGrad(() => decoder.start(encoded, 3));
    let stepped = plain;
    for (const rows of [[0, 1, 2], [2, 0], [1, 1, 0, 1], [3]]) {
      // biome-ignore format: rows of the step before
      [plain, stepped] = [plain, stepped].map((state) => noGrad(() => decoder.select(state, rows)));
      const ids = rows.map((_, b) => (7 * rows.length + 11 * b) % 37);
      const [features, next] = noGrad(() => decoder.features(intTensor([ids]), plain));
      const step = noGrad(() => decoder.stepper().step(ids, stepped));
      expect(Array.from(step.logits)).toEqual(Array.from(noGrad(() => decoder.logits(features)).data));
      [plain, stepped] = [next, step.state];
    }
  });

  it("leaves the state it was given as it was", () => {
    const before = state("gru", 2, 3);
    const [part] = stateParts(before);
    const copy = part.data.slice();
    newDecoder("gru", 2).stepper().step([1, 2, 3], { hidden: before, context: null });
    expect(part.data).toEqual(copy);
  });

  it("is packed once for a model that only translates, and anew after whatever may change a weight", () => {
    const model = sharpModel();
    const { decoder } = model;
    greedySearch(model, [[4, 5]]);
    const first = decoder.stepper();
    greedySearch(model, [[6, 4, 5]]);
    expect(decoder.stepper()).toBe(first);

    const afterwards = (change: () => void): void => {
      const before = decoder.stepper();
      change();
      expect(decoder.stepper()).not.toBe(before);
    };
    afterwards(() => decoder.out.weight.data.fill(0.5, 0, 1));
    afterwards(() => decoder.embedding.weight.data.fill(0.5, 0, 1));
    afterwards(() => {
      const state = model.stateDict();
      state["decoder.out.bias"].data[0] += 1;
      model.loadStateDict(state);
    });
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    model.loss(makeBatch([{ source: [5], target: [6] }])).backward();
    afterwards(() => optimizer.step());
  });

  it.each(["dot", "general", "additive"] as const)("is packed once with %s attention too", (attention) => {
    const model = sharpModel({ attention });
    greedySearch(model, [[4, 5]]);
    const first = model.decoder.stepper();
    greedySearch(model, [[6, 4, 5]]);
    expect(model.decoder.stepper()).toBe(first);
    model.decoder.out.weight.data.fill(0.5, 0, 1);
    expect(model.decoder.stepper()).not.toBe(first);
  });

  it("follows the weights: what the bias forbids is never said again", () => {
    const model = sharpModel({}, 2);
    const sources = [
      [4, 5, 6],
      [7, 8],
    ];
    const favourite = greedySearch(model, sources)[0][0];
    model.decoder.out.bias?.data.fill(-1e6, favourite, favourite + 1);
    expect(greedySearch(model, sources).flat()).not.toContain(favourite);
  });

  it.skipIf(kernelSets.length < 2)("is packed anew for another kernel set", () => {
    const model = sharpModel();
    const before = kernelSet;
    const first = greedySearch(model, [[4, 5, 6]]);
    try {
      useKernels(kernelSets.find((set) => set !== before) ?? before);
      expect(greedySearch(model, [[4, 5, 6]])).toEqual(first);
    } finally {
      useKernels(before);
    }
  });
});

it.each([
  { attention: "general", inputFeeding: true, numLayers: 2 },
  { attention: "additive", inputFeeding: true, cell: "lstm" },
  { attention: "dot", conditional: true },
  { attention: "additive", conditional: true, cell: "lstm" },
  { attention: "additive", conditional: true, numLayers: 2, residual: true, layerNorm: true, tied: "decoder" },
] as const)(
  "a decoder in which attention feeds back steps over weights packed once, with the bits of training: %o",
  (config) => {
    const model = sharpModel({ hiddenSize: 19, outputSize: 37, ...config }, 4, 1.5);
    const decoder: TokenDecoder<unknown> = model.decoder;
    const encoded = noGrad(() => model.encode([[5, 4], [6, 0], [9, 0]], [3, 1])); // biome-ignore format: [T, B]
    const start = noGrad(() => decoder.start(encoded, 2));
    const ids = [[3, 4], [8, 5], [36, 7]]; // biome-ignore format: [T, B]
    const expected = decoder.logits(decoder.features(intTensor(ids), start)[0]);
    const packs = vi.spyOn(kernels, "packTransposed");
    for (const isFirst of [true, false]) {
      packs.mockClear();
      let state = start;
      const logits = ids.map((words) => {
        const step = noGrad(() => decoder.stepper().step(words, state));
        state = step.state;
        return Array.from(step.logits);
      });
      expect(logits.flat()).toEqual([...expected.data]);
      expect(packs.mock.calls.length > 0).toBe(isFirst);
    }
    packs.mockRestore();
  },
);
