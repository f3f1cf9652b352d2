import { show } from "../../show.js";
import { IntTensor } from "../../tensor/intTensor.js";
import { BOS, EOS, PAD } from "../text/vocabulary.js";
import type { EncodedPair } from "./pairs.js";

/**
 * Several pairs side by side, padded. S and T are the longest source and target, B the pairs, N the real target tokens, EOS
 * included. A source is tokens or, with `Source` a tensor, frames of F numbers.
 */
export interface Batch<Source = IntTensor> extends TargetBatch {
  /** [S, B]: the source's tokens, then EOS (so that an empty sentence has one token); or its frames [S, B, F] */
  readonly source: Source;
  readonly sourceLengths: Int32Array;
}

/** What the decoder reads and should say of several targets, padded with PAD. */
export interface TargetBatch {
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
  if (!Array.isArray(pairs)) throw new TypeError(`makeBatch: expected a list of pairs, got ${show(pairs)}`);
  const strange = pairs.findIndex((pair) => !isList(pair?.source) || !isList(pair.target));
  if (strange >= 0) {
    const got = `${show(pairs[strange])} at ${strange}`;
    throw new TypeError(`makeBatch: expected pairs { source, target } of token ids, got ${got}`);
  }
  if (pairs.length === 0) throw new RangeError("makeBatch: expected at least one pair, got none");
  const sources = padSources(pairs.map((pair) => pair.source));
  return { source: sources.ids, sourceLengths: sources.lengths, ...padTargets(pairs.map((pair) => pair.target)) };
}

/** Targets as a decoder reads them, BOS before each, and as it should say them, EOS after each. */
export function padTargets(targets: readonly ArrayLike<number>[]): TargetBatch {
  const { ids, lengths } = pad(targets, { bos: true });
  return { targetInput: ids, targetLengths: lengths, ...listTargets(targets, lengths) };
}

/** Source sentences as a model reads them: EOS at each end, padded to [S, B]. Throws `RangeError` on an empty list. */
export function padSources(sources: readonly ArrayLike<number>[]): { ids: IntTensor; lengths: Int32Array } {
  if (sources.length === 0) throw new RangeError("padSources: expected at least one sentence, got none");
  return pad(sources, { bos: false });
}

/** Whether something is a list, as tokens are. */
export function isList(ids: unknown): boolean {
  return typeof ids === "object" && typeof (ids as ArrayLike<number> | null)?.length === "number";
}

/** Sentences side by side, with BOS before each or EOS after it: [T, B]. */
function pad(
  sentences: readonly ArrayLike<number>[],
  { bos }: { readonly bos: boolean },
): { ids: IntTensor; lengths: Int32Array } {
  const size = sentences.length;
  const lengths = Int32Array.from(sentences, (sentence) => sentence.length + 1);
  const steps = lengths.reduce((longest, length) => Math.max(longest, length));
  const ids = new Int32Array(steps * size).fill(PAD);
  for (let b = 0; b < size; b++) {
    const sentence = sentences[b];
    const first = bos ? 1 : 0;
    for (let t = 0; t < sentence.length; t++) {
      // An array of integers would take 0 for what is no number.
      if (!Number.isInteger(sentence[t])) throw new TypeError(`batch: expected token ids, got ${show(sentence[t])}`);
      ids[(t + first) * size + b] = sentence[t];
    }
    if (bos) ids[b] = BOS;
    else ids[sentence.length * size + b] = EOS;
  }
  return { ids: new IntTensor(ids, [steps, size]), lengths };
}

/** What the decoder should say, step by step, without padding. */
function listTargets(
  sentences: readonly ArrayLike<number>[],
  lengths: Int32Array,
): Pick<TargetBatch, "targets" | "targetRows"> {
  const count = lengths.reduce((sum, length) => sum + length, 0);
  const targets = new Int32Array(count);
  const targetRows = new Int32Array(count);
  let n = 0;
  for (let t = 0; n < count; t++) {
    for (let b = 0; b < sentences.length; b++) {
      const sentence = sentences[b];
      if (t > sentence.length) continue;
      targets[n] = t === sentence.length ? EOS : sentence[t];
      targetRows[n++] = t * sentences.length + b;
    }
  }
  return { targets, targetRows };
}
