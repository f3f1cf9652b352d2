import type { Generator } from "../../tensor/random.js";
import type { Pairs } from "./pairs.js";

/** Tokens of a batch, padding included, unless said otherwise: 64 pairs of up to 127 tokens are as many. */
export const BATCH_TOKENS = 8192;

/** How large a batch may be. */
export interface BatchLimits {
  /** Sentences, or pairs of them. */
  readonly sentences: number;
  /** Tokens on either side, as the longest sentence times the number of sentences; a longer sentence is alone. */
  readonly tokens: number;
}

/** How many batches' worth of shuffled pairs are sorted by length together. */
const POOL = 50;

/**
 * One epoch's batches, as lists of indices into `pairs`, every pair once: shuffled, then sorted by length within pools
 * of 50 batches, so that a batch holds sentences of like length and little padding; then the batches are shuffled. A
 * batch has at most `batchSize` pairs, and on neither side more than `batchTokens` tokens with its padding (and the EOS
 * or BOS of each sentence), unless it is a single pair. The same generator state gives the same order. Throws
 * `RangeError` on limits below 1.
 *
 * @example
 * for (const batch of bucketedBatches(pairs, { batchSize: 64 }, new Generator(0))) {
 *   trainer.step(makeBatch(Array.from(batch, (i) => pairs[i])));
 * }
 */
export function bucketedBatches(
  pairs: Pairs,
  { batchSize, batchTokens = BATCH_TOKENS }: { readonly batchSize: number; readonly batchTokens?: number },
  generator: Generator,
): Int32Array[] {
  checkBatchSize("bucketedBatches", batchSize);
  checkBound("bucketedBatches", "batchTokens", batchTokens);
  const sources = Int32Array.from({ length: pairs.length }, (_, i) => pairs.at(i)?.source.length ?? 0);
  const targets = Int32Array.from({ length: pairs.length }, (_, i) => pairs.at(i)?.target.length ?? 0);
  const order = generator.shuffle(Int32Array.from(targets.keys()));
  const batches: Int32Array[] = [];
  for (let from = 0; from < order.length; from += batchSize * POOL) {
    const pool = order.subarray(from, from + batchSize * POOL);
    pool.sort((a, b) => targets[a] - targets[b] || sources[a] - sources[b] || a - b);
    const longer = (i: number): number => Math.max(sources[i], targets[i]);
    for (const batch of cut(pool, longer, { sentences: batchSize, tokens: batchTokens })) batches.push(batch);
  }
  return generator.shuffle(batches);
}

/**
 * Sentences of the given lengths in groups to be computed together: lists of indices, shortest sentences first, equal
 * ones in their order. Throws `RangeError` on limits below 1.
 *
 * @example
 * groupsByLength([3, 1, 2], { sentences: 2, tokens: 100 }); // [[1, 2], [0]]
 */
export function groupsByLength(lengths: ArrayLike<number>, limits: BatchLimits): number[][] {
  checkBound("groupsByLength", "sentences", limits.sentences);
  checkBound("groupsByLength", "tokens", limits.tokens);
  const order = Int32Array.from(lengths, (_, i) => i).sort((a, b) => lengths[a] - lengths[b] || a - b);
  return cut(order, (i) => lengths[i], limits).map((group) => Array.from(group));
}

/** Cuts an order of sentences into runs within both limits: parts of the same array. */
function cut(order: Int32Array, lengthOf: (index: number) => number, { sentences, tokens }: BatchLimits): Int32Array[] {
  const runs: Int32Array[] = [];
  let start = 0;
  let longest = 0;
  for (let at = 0; at < order.length; at++) {
    const length = lengthOf(order[at]) + 1; // with its EOS, or the BOS that a decoder reads
    longest = Math.max(longest, length);
    const count = at - start + 1;
    if (count === 1 || (count <= sentences && count * longest <= tokens)) continue;
    runs.push(order.subarray(start, at));
    start = at;
    longest = length;
  }
  if (start < order.length) runs.push(order.subarray(start));
  return runs;
}

/** Throws `RangeError` on a number of sentences that no loop over batches would ever end with. */
export function checkBatchSize(operation: string, batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize >= 1) return;
  throw new RangeError(`${operation}: expected batchSize ≥ 1, got ${batchSize}`);
}

function checkBound(operation: string, name: string, bound: number): void {
  if (!(bound >= 1)) throw new RangeError(`${operation}: expected ${name} ≥ 1, got ${bound}`);
}
