import { noGrad } from "../../autograd/switches.js";
import { scope } from "../../tensor/scope.js";
import { makeBatch } from "../data/batch.js";
import { checkBatchSize, groupsByLength } from "../data/bucket.js";
import { type EncodedPair, type Pairs, pick } from "../data/pairs.js";
import type { Seq2Seq } from "../models/seq2seq.js";

/**
 * Mean cross-entropy of all target tokens (EOS included), in nats a token, with teacher forcing and dropout off. Throws
 * `RangeError` on no pairs, and on a batch size below 1.
 */
export function evaluateLoss(model: Seq2Seq, pairs: Pairs, batchSize = 64): number {
  if (pairs.length === 0) throw new RangeError("evaluateLoss: expected at least one pair, got none");
  checkBatchSize("evaluateLoss", batchSize);
  const wasTraining = model.training;
  model.eval();
  try {
    const lengths = Array.from({ length: pairs.length }, (_, i) => longerSide(pairs.at(i) as EncodedPair));
    let total = 0;
    let tokens = 0;
    for (const group of groupsByLength(lengths, { sentences: batchSize })) {
      const batch = makeBatch(pick(pairs, group));
      const loss = noGrad(() => scope(() => model.loss(batch).item()));
      total += loss * batch.targets.length;
      tokens += batch.targets.length;
    }
    return total / tokens;
  } finally {
    model.train(wasTraining);
  }
}

function longerSide({ source, target }: EncodedPair): number {
  return Math.max(source.length, target.length);
}
