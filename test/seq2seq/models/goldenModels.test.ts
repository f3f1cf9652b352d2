import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Module } from "../../../src/nn/index.js";
import { makeFrameBatch, padFrames } from "../../../src/seq2seq/data/frames.js";
import { SequenceClassifier } from "../../../src/seq2seq/models/classifier.js";
import type { ClassifierConfig } from "../../../src/seq2seq/models/classifierConfig.js";
import { FrameSeq2Seq, type FrameSeq2SeqConfig } from "../../../src/seq2seq/models/frameSeq2seq.js";
import { LanguageModel, type LanguageModelConfig } from "../../../src/seq2seq/models/languageModel.js";
import type { DecoderState } from "../../../src/seq2seq/models/state.js";
import { IntTensor, intTensor, tensor } from "../../../src/tensor/index.js";
import { difference } from "../../support/compare.js";
import { Differences, restoredState, type Stored, type StoredState } from "../../support/golden.js";

interface Case<Options> {
  readonly options: Partial<Options>;
  readonly state: StoredState;
  readonly loss: number;
  readonly gradients: StoredState;
}

/** What PyTorch gave for the same models; `test/golden/models.py` made it, and says what each key holds. */
interface Golden {
  readonly sizes: { readonly features: number; readonly outputSize: number; readonly hiddenSize: number };
  readonly frames: readonly Stored[];
  readonly targets: readonly number[][];
  readonly tokens: readonly number[][];
  readonly classes: number[];
  readonly pieces: readonly (readonly [number[][], number[][]])[];
  readonly seq2seq: readonly (Case<FrameSeq2SeqConfig> & { readonly memory: readonly Stored[] })[];
  readonly classifier: readonly (Case<ClassifierConfig> & {
    readonly logits: Stored;
    readonly attention: readonly Stored[] | null;
  })[];
  readonly language: readonly (Case<LanguageModelConfig> & { readonly losses: readonly number[] })[];
}

const file = new URL("../../golden/models.json", import.meta.url);
const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;
const { outputSize, hiddenSize, features } = golden.sizes;
const frames = golden.frames.map(({ data, shape }) => tensor(Float32Array.from(data), shape));
const label = <C extends Case<unknown>>(each: C): [string, C] => [JSON.stringify(each.options), each];

/** Holds each gradient against its own largest number. */
function expectGradients(model: Module, expected: StoredState): void {
  const parameters = [...model.namedParameters()];
  expect(parameters.map(([name]) => name).sort()).toEqual(Object.keys(expected).sort());
  const differences = new Differences();
  for (const [name, parameter] of parameters) {
    const largest = Math.max(...expected[name].data.map(Math.abs));
    const off = differences.gradient(parameter, expected[name]);
    expect(off / largest, name).toBeLessThan(Differences.gradientBound);
  }
}

/** Column b of [S, B, E], of which the first `length` places are real. */
function column(
  { data, shape: [, B, E] }: { data: ArrayLike<number>; shape: readonly number[] },
  b: number,
  length: number,
) {
  return Array.from({ length: length * E }, (_, i) => data[(Math.floor(i / E) * B + b) * E + (i % E)]);
}

describe("frames to tokens, sequences being of unequal lengths, agree with PyTorch on each alone", () => {
  test.each(golden.seq2seq.map(label))("%s", (_, { options, state, loss, gradients, memory }) => {
    const model = new FrameSeq2Seq({ outputSize, hiddenSize, features, ...options });
    model.loadStateDict(restoredState(state));
    const batch = makeFrameBatch(frames.map((source, i) => ({ source, target: golden.targets[i] })));
    const encoded = model.encode(batch.source, batch.sourceLengths);
    const lengths = intTensor(encoded.lengths!).data;
    memory.forEach(({ shape: [length], data }, b) => {
      expect(lengths[b]).toBe(length);
      expect(difference(column(encoded.memory, b, length), data)).toBeLessThan(Differences.outputBound);
    });
    const own = model.loss(batch);
    expect(Math.abs(own.item() - loss)).toBeLessThan(Differences.outputBound);
    own.backward();
    expectGradients(model, gradients);
  });
});

describe("a classifier agrees with PyTorch on each sequence alone", () => {
  const ids = Array.from({ length: 3 }, (_, t) => golden.tokens.map((tokens) => tokens[t] ?? 0));
  const tokens = { source: intTensor(ids), lengths: golden.tokens.map(({ length }) => length) };
  test.each(golden.classifier.map(label))("%s", (_, { options, state, loss, gradients, logits, attention }) => {
    const model = new SequenceClassifier({ classes: 4, hiddenSize, ...options });
    model.loadStateDict(restoredState(state));
    const batch = { ...(options.features ? padFrames(frames) : tokens), classes: golden.classes };
    expect(new Differences().output(model.forward(batch.source, batch.lengths), logits)).toBeLessThan(1e-5);
    const own = model.loss(batch);
    expect(Math.abs(own.item() - loss)).toBeLessThan(Differences.outputBound);
    own.backward();
    expectGradients(model, gradients);
    const weights = model.classify(batch.source, batch.lengths).attention;
    if (!attention) expect(weights).toBeNull();
    else {
      const S = weights!.shape[1];
      attention.forEach(({ data }, b) => {
        const row = [...data, ...Array(S - data.length).fill(0)];
        expect(difference(weights!.data.subarray(b * S, (b + 1) * S), row)).toBeLessThan(Differences.outputBound);
      });
    }
  });
});

describe("a language model over two pieces, its state carried without gradient, agrees with PyTorch", () => {
  test.each(golden.language.map(label))("%s", (_, { options, state, losses, gradients }) => {
    const model = new LanguageModel({ outputSize, hiddenSize, ...options });
    model.loadStateDict(restoredState(state));
    let carried: DecoderState | null = null;
    golden.pieces.forEach(([input, target], i) => {
      const piece = model.loss(input, new IntTensor(Int32Array.from(target.flat()), [target.length, 2]), carried);
      expect(Math.abs(piece.loss.item() - losses[i])).toBeLessThan(Differences.outputBound);
      piece.loss.backward();
      carried = piece.state;
    });
    expectGradients(model, gradients);
  });
});
