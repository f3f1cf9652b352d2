import { show } from "../../show.js";
import { scope } from "../../tensor/scope.js";
import { type Batch, makeBatch } from "../data/batch.js";
import { checkBatchSize, groupsByLength } from "../data/bucket.js";
import { type EncodedPair, type Pairs, pick } from "../data/pairs.js";
import type { EncoderDecoder } from "../models/encoderDecoder.js";
import { evaluating } from "../models/evaluating.js";
import type { Seq2Seq } from "../models/seq2seq.js";

/**
 * Mean cross-entropy of all target tokens (EOS included), in nats a token, with teacher forcing and dropout off. Throws
 * `RangeError` on no pairs, and on a batch size below 1.
 */
export function evaluateLoss(model: Seq2Seq, pairs: Pairs, batchSize = 64): number {
  if (typeof pairs?.at !== "function" || typeof pairs === "string") {
    throw new TypeError(`evaluateLoss: expected pairs of token ids, got ${show(pairs)}`);
  }
  if (pairs.length === 0) throw new RangeError("evaluateLoss: expected at least one pair, got none");
  checkBatchSize("evaluateLoss", batchSize);
  const lengths = Array.from({ length: pairs.length }, (_, i) => longerSide(pairs.at(i) as EncodedPair));
  return meanLoss(model, lengths, batchSize, (group) => makeBatch(pick(pairs, group)));
}

/**
 * The same of a model of any sources, like lengths together: `batchOf` makes the batch of some indices into `lengths`.
 */
export function meanLoss<Input>(
  model: EncoderDecoder<Input, never>,
  lengths: readonly number[],
  batchSize: number,
  batchOf: (indices: readonly number[]) => Batch<Input>,
): number {
  return evaluating(model, () => {
    let total = 0;
    let tokens = 0;
    for (const group of groupsByLength(lengths, { sentences: batchSize })) {
      const { loss, count } = scope(() => {
        const batch = batchOf(group);
        return { loss: model.loss(batch).item(), count: batch.targets.length };
      });
      total += loss * count;
      tokens += count;
    }
    return total / tokens;
  });
}

function longerSide({ source, target }: EncodedPair): number {
  return Math.max(source.length, target.length);
}
