/**
 * Each model's loss in double precision against central differences, over all its parameters. Models are float32; here
 * whatever is created without a dtype is float64.
 */
import { describe, expect, test, vi } from "vitest";
import { gradcheck } from "../../../src/autograd/index.js";
import type { Module } from "../../../src/nn/index.js";
import { makeBatch } from "../../../src/seq2seq/data/batch.js";
import { makeFrameBatch, padFrames } from "../../../src/seq2seq/data/frames.js";
import { SequenceClassifier } from "../../../src/seq2seq/models/classifier.js";
import { FrameSeq2Seq } from "../../../src/seq2seq/models/frameSeq2seq.js";
import { LanguageModel } from "../../../src/seq2seq/models/languageModel.js";
import { Seq2Seq } from "../../../src/seq2seq/models/seq2seq.js";
import { Generator, randn, type Tensor } from "../../../src/tensor/index.js";
import { floatsOf, writableFloats } from "../../../src/tensor/tensor.js";

vi.mock("../../../src/tensor/create.js", async (original) => {
  const create = await original<typeof import("../../../src/tensor/create.js")>();
  const double = (options: { dtype?: "float32" | "float64" } = {}) => ({
    ...options,
    dtype: options.dtype ?? "float64",
  });
  return {
    ...create,
    zeros: (shape: number[], options = {}) => create.zeros(shape, double(options)),
    ones: (shape: number[], options = {}) => create.ones(shape, double(options)),
    tensor: (values: number[], shape: number[], options = {}) => create.tensor(values, shape, double(options)),
  };
});

const generator = new Generator(4);
const frames = [5, 3, 1].map((length) => randn([length, 2], { dtype: "float64", generator }));
const fresh = () => ({ generator: new Generator(5) });
const targets = [[4, 6], [5, 5, 4], []];
const frameBatch = makeFrameBatch(frames.map((source, i) => ({ source, target: targets[i] })));
const tokens = makeBatch(targets.map((source) => ({ source, target: [] })));

/** `smooth` models have no relu, whose corner a difference must not step over. */
function expectGradients(model: Module, loss: () => Tensor, isSmooth = true): void {
  for (const parameter of model.parameters()) {
    expect(parameter.dtype).toBe("float64");
    // Twice a new model's, so that nothing is near 0.
    const floats = writableFloats(parameter);
    for (let i = 0; i < floats.length; i++) floats[i] *= 2;
  }
  gradcheck(loss, model.parameters(), { eps: isSmooth ? 2e-4 : 2e-5 });
  for (const { grad } of model.parameters()) expect(floatsOf(grad!).some((value) => value !== 0)).toBe(true);
}

describe("gradients of a model's loss", () => {
  test.each([
    { attention: "additive", bidirectional: true, stack: 2 },
    { attention: "general", cell: "lstm", numLayers: 2, bidirectional: true, subsample: 1, initialState: "mean" },
    { attention: "dot", numLayers: 3, subsample: 1, layerNorm: true, residual: true, tied: "decoder" },
    { attention: "additive", conditional: true, numLayers: 2, stack: 2, subsample: 1 },
    { attention: "none", cell: "rnn", contextInput: true, bidirectional: true },
  ] as const)("frames to tokens: %o", (options) => {
    const model = new FrameSeq2Seq({ features: 2, outputSize: 7, hiddenSize: 2, ...options }, fresh());
    expectGradients(model, () => model.loss(frameBatch), options.attention !== "none");
  });

  test("tokens to tokens", () => {
    const sizes = { inputSize: 7, outputSize: 7, hiddenSize: 2 };
    const model = new Seq2Seq({ ...sizes, attention: "additive", bidirectional: true }, fresh());
    expectGradients(model, () => model.loss(makeBatch(targets.map((source) => ({ source, target: source })))));
  });

  test.each([
    { pooling: "last", bidirectional: true, cell: "lstm", numLayers: 2 },
    { pooling: "mean", stack: 2, numLayers: 2, subsample: 1 },
    { pooling: "attention", bidirectional: true, layerNorm: true },
  ] as const)("a classifier of frames: %o", (options) => {
    const model = new SequenceClassifier({ features: 2, classes: 3, hiddenSize: 2, ...options }, fresh());
    expectGradients(model, () => model.loss({ ...padFrames(frames), classes: [2, 0, 2] }));
  });

  test.each(["last", "mean", "attention"] as const)("a classifier of tokens: %s", (pooling) => {
    const sizes = { inputSize: 7, classes: 3, hiddenSize: 2 };
    const model = new SequenceClassifier({ ...sizes, pooling, embeddingSize: 3 }, fresh());
    expectGradients(model, () =>
      model.loss({ source: tokens.source, lengths: tokens.sourceLengths, classes: [2, 0, 2] }, { labelSmoothing: 0.1 }),
    );
  });

  test.each([
    {},
    { cell: "lstm", numLayers: 2, tied: true },
    { numLayers: 3, layerNorm: true, residual: true, embeddingSize: 3 },
  ] as const)("a language model that goes on: %o", (options) => {
    const model = new LanguageModel({ outputSize: 7, hiddenSize: 2, ...options }, fresh());
    const { state } = model.loss([[4, 5]], [[5, 4]]);
    const [input, target] = [[[4, 5], [6, 4], [1, 2]], [[6, 4], [1, 2], [4, 4]]]; // biome-ignore format: [T, B]
    expectGradients(model, () => model.loss(input, target, state).loss);
  });
});
