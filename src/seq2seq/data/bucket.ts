import { anything, checkOptions, type OptionTable } from "../../options.js";
import { show } from "../../show.js";
import type { Generator } from "../../tensor/random.js";
import type { EncodedPair, Pairs } from "./pairs.js";

/** Tokens that are computed together, padding included, unless said otherwise: 64 sentences of 127 and their EOS. */
export const BATCH_TOKENS = 8192;

/** How large a batch may be. */
export interface BatchLimits {
  /** Sentences, or pairs of them. */
  readonly sentences: number;
  /**
   * Tokens, padding and the EOS of each sentence included: the longest sentence times the number of sentences. A longer
   * sentence is alone. Default {@link BATCH_TOKENS}.
   */
  readonly tokens?: number;
}

const LIMITS: OptionTable<BatchLimits> = { sentences: anything(), tokens: anything() };
const BATCH_OPTIONS = { batchSize: anything<number>(), batchTokens: anything<number>() };

/** How many batches' worth of shuffled pairs are sorted by length together. */
const POOL = 50;
/** Sentences of a batch, where only its tokens are limited. */
const USUAL = 64;

/**
 * One epoch's batches, as lists of indices into `pairs`, every pair once: shuffled, then sorted by length within pools
 * of 50 batches, so that a batch holds sentences of like length and little padding; then the batches are shuffled. A
 * batch has at most `batchSize` pairs (`Infinity`: as many as the tokens allow), and on neither side more than `batchTokens`
 * tokens with its padding (and the EOS or BOS of each sentence), unless it is a single pair. The same generator state gives
 * the same order. Throws `RangeError` on limits below 1.
 *
 * @example
 * for (const batch of bucketedBatches(pairs, { batchSize: 64 }, new Generator(0))) {
 *   trainer.step(makeBatch(pick(pairs, batch)));
 * }
 */
export function bucketedBatches(
  pairs: Pairs,
  limits: { readonly batchSize: number; readonly batchTokens?: number },
  generator: Generator,
): Int32Array[] {
  checkOptions("bucketedBatches", BATCH_OPTIONS, limits);
  const { batchSize, batchTokens = BATCH_TOKENS } = limits;
  if (batchSize !== Number.POSITIVE_INFINITY) checkBatchSize("bucketedBatches", batchSize);
  checkBound("bucketedBatches", "batchTokens", batchTokens);
  const { sources, targets } = lengthsOf(pairs);
  const order = generator.shuffle(Int32Array.from(targets.keys()));
  const batches: Int32Array[] = [];
  const longer = (i: number): number => Math.max(sources[i], targets[i]);
  const tokens = order.reduce((sum, i) => sum + longer(i) + 1, 0);
  // As many pairs as a batch has on average: where all were sorted at once, an epoch's batches would be those of the last.
  const usual = Math.max(1, Math.min(batchSize, Math.floor((batchTokens * order.length) / tokens)));
  for (let from = 0; from < order.length; from += usual * POOL) {
    const pool = order.subarray(from, from + usual * POOL);
    pool.sort((a, b) => targets[a] - targets[b] || sources[a] - sources[b] || a - b);
    for (const batch of cut(pool, longer, { sentences: batchSize, tokens: batchTokens })) batches.push(batch);
  }
  return generator.shuffle(batches);
}

/**
 * One epoch's batches of sequences of the given lengths, as lists of indices, every one once: as {@link bucketedBatches}, but
 * sequences of one length stand in the order in which they were drawn. So no batch depends on the order of the data, which
 * may be sorted by what is to be learned. Throws `RangeError` on limits below 1.
 */
export function batchesByLength(lengths: ArrayLike<number>, limits: BatchLimits, generator: Generator): number[][] {
  const order = generator.shuffle(Int32Array.from(lengths, (_, i) => i));
  const pool = POOL * (limits.sentences === Number.POSITIVE_INFINITY ? USUAL : limits.sentences);
  const batches: number[][] = [];
  for (let from = 0; from < order.length; from += pool) {
    const pooled = order.subarray(from, from + pool);
    for (const group of groupsByLength(
      pooled.map((i) => lengths[i]),
      limits,
    )) {
      batches.push(group.map((i) => pooled[i]));
    }
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
  checkOptions("groupsByLength", LIMITS, limits);
  if (typeof lengths === "string") throw new TypeError(`groupsByLength: expected lengths, got ${show(lengths)}`);
  const { sentences, tokens = BATCH_TOKENS } = limits;
  checkBound("groupsByLength", "sentences", sentences);
  checkBound("groupsByLength", "tokens", tokens);
  const order = Int32Array.from(lengths, (_, i) => i).sort((a, b) => lengths[a] - lengths[b] || a - b);
  return cut(order, (i) => lengths[i], { sentences, tokens }).map((group) => Array.from(group));
}

function lengthsOf(pairs: Pairs): { sources: Int32Array; targets: Int32Array } {
  const sources = new Int32Array(pairs.length);
  const targets = new Int32Array(pairs.length);
  for (let i = 0; i < pairs.length; i++) {
    const { source, target } = pairs.at(i) as EncodedPair;
    sources[i] = source.length;
    targets[i] = target.length;
  }
  return { sources, targets };
}

/** Cuts an order of sentences into runs within both limits: parts of the same array. */
function cut(
  order: Int32Array,
  lengthOf: (index: number) => number,
  { sentences, tokens }: Required<BatchLimits>,
): Int32Array[] {
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
  throw new RangeError(`${operation}: expected batchSize ≥ 1, got ${show(batchSize)}`);
}

function checkBound(operation: string, name: string, bound: number): void {
  if (typeof bound === "number" && bound >= 1) return;
  throw new RangeError(`${operation}: expected ${name} ≥ 1, got ${show(bound)}`);
}
