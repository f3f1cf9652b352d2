import { IntTensor } from "../../tensor/intTensor.js";
import type { Generator } from "../../tensor/random.js";
import { BOS, EOS, PAD } from "../text/vocabulary.js";

/** A source sentence and its translation as token ids, without BOS or EOS. */
export interface EncodedPair {
  readonly source: ArrayLike<number>;
  readonly target: ArrayLike<number>;
}

/**
 * Several sentence pairs side by side, padded with PAD. S and T are the longest source and target, B the pairs, N the
 * real target tokens, EOS included.
 */
export interface Batch {
  /** [S, B]: the source, then EOS (so that an empty sentence has one token) */
  readonly source: IntTensor;
  readonly sourceLengths: Int32Array;
  /** [T, B]: BOS, then the target; what the decoder reads */
  readonly targetInput: IntTensor;
  readonly targetLengths: Int32Array;
  /** [N]: the target, then EOS, of all real tokens, step by step; what the decoder should say */
  readonly targets: Int32Array;
  /** [N]: where each of `targets` stands in [T · B] */
  readonly targetRows: Int32Array;
}

/** Pads pairs into a batch. Throws `RangeError` on an empty list. */
export function makeBatch(pairs: readonly EncodedPair[]): Batch {
  if (pairs.length === 0) throw new RangeError("makeBatch: expected at least one pair, got none");
  const sources = padSources(pairs.map((pair) => pair.source));
  const inputs = pad(pairs.map(({ target }) => [BOS, ...Array.from(target)]));
  const [steps, batch] = inputs.ids.shape;
  const targets: number[] = [];
  const targetRows: number[] = [];
  for (let t = 0; t < steps; t++) {
    pairs.forEach(({ target }, b) => {
      if (t > target.length) return;
      targets.push(t === target.length ? EOS : target[t]);
      targetRows.push(t * batch + b);
    });
  }
  return {
    source: sources.ids,
    sourceLengths: sources.lengths,
    targetInput: inputs.ids,
    targetLengths: inputs.lengths,
    targets: Int32Array.from(targets),
    targetRows: Int32Array.from(targetRows),
  };
}

/** Source sentences as a model reads them: EOS at each end, padded to [S, B]. */
export function padSources(sources: readonly ArrayLike<number>[]): { ids: IntTensor; lengths: Int32Array } {
  return pad(sources.map((source) => [...Array.from(source), EOS]));
}

function pad(sentences: readonly number[][]): { ids: IntTensor; lengths: Int32Array } {
  const lengths = Int32Array.from(sentences, (sentence) => sentence.length);
  const steps = Math.max(...lengths);
  const ids = new Int32Array(steps * sentences.length).fill(PAD);
  sentences.forEach((sentence, b) => {
    sentence.forEach((id, t) => {
      ids[t * sentences.length + b] = id;
    });
  });
  return { ids: new IntTensor(ids, [steps, sentences.length]), lengths };
}

/** Throws `RangeError` on a number of sentences that no loop over batches would ever end with. */
export function checkBatchSize(operation: string, batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize >= 1) return;
  throw new RangeError(`${operation}: expected batchSize ≥ 1, got ${batchSize}`);
}

/** How many batches' worth of shuffled pairs are sorted by length together. */
const POOL = 50;

/**
 * One epoch's batches, as lists of indices into `pairs`, every pair once: shuffled, then sorted by length within pools
 * of 50 batches, so that a batch holds sentences of like length and little padding; then the batches are shuffled.
 * The same generator state gives the same order. Throws `RangeError` on a batch size below 1.
 */
export function bucketedBatches(pairs: readonly EncodedPair[], batchSize: number, generator: Generator): number[][] {
  checkBatchSize("bucketedBatches", batchSize);
  const indices = generator.shuffle(Array.from(pairs.keys()));
  const batches: number[][] = [];
  for (let from = 0; from < indices.length; from += batchSize * POOL) {
    const pool = indices.slice(from, from + batchSize * POOL);
    pool.sort(
      (a, b) =>
        pairs[a].target.length - pairs[b].target.length || pairs[a].source.length - pairs[b].source.length || a - b,
    );
    for (let at = 0; at < pool.length; at += batchSize) batches.push(pool.slice(at, at + batchSize));
  }
  return generator.shuffle(batches);
}
