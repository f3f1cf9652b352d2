import { Adam } from "../../src/optim/index.js";
import { makeBatch } from "../../src/seq2seq/data/batch.js";
import type { EncodedPair } from "../../src/seq2seq/data/pairs.js";
import type { Seq2SeqConfig } from "../../src/seq2seq/models/config.js";
import { Seq2Seq } from "../../src/seq2seq/models/seq2seq.js";
import { EOS } from "../../src/seq2seq/text/vocabulary.js";
import { update } from "../../src/seq2seq/training/update.js";
import { Generator, type Tensor } from "../../src/tensor/index.js";

/**
 * A small model whose outputs differ clearly from token to token: fresh weights make nearly flat distributions, in
 * which a fault of a search would hide.
 */
export function sharpModel(config: Partial<Seq2SeqConfig> = {}, seed = 1, sharpness = 3): Seq2Seq {
  const sizes = { inputSize: 12, outputSize: 11, hiddenSize: 8 };
  const model = new Seq2Seq({ ...sizes, ...config }, { generator: new Generator(seed) });
  for (const parameter of model.parameters()) {
    for (let i = 0; i < parameter.data.length; i++) parameter.data[i] *= sharpness;
  }
  return model;
}

/** Sentences of ids from the first after the specials, of 1 to `longest` tokens. */
export function randomSentences(count: number, size: number, generator: Generator, longest = 7): number[][] {
  const sentence = (): number[] =>
    Array.from({ length: 1 + generator.integer(longest) }, () => EOS + 1 + generator.integer(size - EOS - 1));
  return Array.from({ length: count }, sentence);
}

/** Random pairs for a model of the default sizes of {@link sharpModel}. */
export function randomPairs(count: number, seed = 1, longest = 7): EncodedPair[] {
  const generator = new Generator(seed);
  const targets = randomSentences(count, 11, generator, longest);
  return randomSentences(count, 12, generator, longest).map((source, i) => ({ source, target: targets[i] }));
}

/** All numbers of a set of tensors by name, for comparison bit by bit. */
export function numbers(tensors: Readonly<Record<string, Tensor>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, Array.from(data)]));
}

/** Drives a model towards some pairs, all of them in each step; returns the last loss. */
export function learnBatch(model: Seq2Seq, pairs: readonly EncodedPair[], steps: number, lr: number): number {
  const optimizer = new Adam(model.parameters(), { lr });
  const batch = makeBatch(pairs);
  const loss = () => ({ loss: model.loss(batch), count: batch.targets.length });
  let last = Number.NaN;
  model.train();
  for (let step = 1; step <= steps; step++) {
    last = update(model, optimizer, loss, { clipNorm: 1, where: `at step ${step}` }).loss;
  }
  return last;
}
