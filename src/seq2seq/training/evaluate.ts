import { noGrad } from "../../autograd/switches.js";
import { scope } from "../../tensor/scope.js";
import { checkBatchSize, type EncodedPair, makeBatch } from "../data/batch.js";
import type { Seq2Seq } from "../models/seq2seq.js";

/**
 * Mean cross-entropy of all target tokens (EOS included), in nats a token, with teacher forcing and dropout off. Throws
 * `RangeError` on no pairs, and on a batch size below 1.
 */
export function evaluateLoss(model: Seq2Seq, pairs: readonly EncodedPair[], batchSize = 64): number {
  if (pairs.length === 0) throw new RangeError("evaluateLoss: expected at least one pair, got none");
  checkBatchSize("evaluateLoss", batchSize);
  const wasTraining = model.training;
  model.eval();
  try {
    const sorted = pairs.toSorted((a, b) => a.target.length - b.target.length);
    let total = 0;
    let tokens = 0;
    for (let at = 0; at < sorted.length; at += batchSize) {
      const batch = makeBatch(sorted.slice(at, at + batchSize));
      const loss = noGrad(() => scope(() => model.loss(batch).item()));
      total += loss * batch.targets.length;
      tokens += batch.targets.length;
    }
    return total / tokens;
  } finally {
    model.train(wasTraining);
  }
}
