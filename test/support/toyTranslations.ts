import type { EncodedPair } from "../../src/seq2seq/data/pairs.js";
import type { Seq2SeqConfig } from "../../src/seq2seq/models/config.js";
import { Seq2Seq } from "../../src/seq2seq/models/seq2seq.js";
import { Generator } from "../../src/tensor/index.js";
import { learnBatch, randomPairs } from "./models.js";

/** A model that has half learnt some random pairs: surer of itself than a fresh one, and still often wrong. */
export function halfTrainedModel(
  seed = 1,
  config: Partial<Seq2SeqConfig> = {},
): { model: Seq2Seq; pairs: readonly EncodedPair[] } {
  const sizes = { inputSize: 12, outputSize: 11, hiddenSize: 12 };
  const model = new Seq2Seq({ ...sizes, ...config }, { generator: new Generator(seed) });
  const pairs = randomPairs(24, seed);
  learnBatch(model, pairs, 60, 0.01);
  return { model, pairs };
}
