import { Adam } from "../../src/optim/index.js";
import { makeBatch } from "../../src/seq2seq/data/batch.js";
import type { EncodedPair } from "../../src/seq2seq/data/pairs.js";
import { Seq2Seq } from "../../src/seq2seq/models/seq2seq.js";
import { Trainer } from "../../src/seq2seq/training/trainer.js";
import { Generator } from "../../src/tensor/index.js";
import { randomPairs } from "./models.js";

/** A model that has half learnt some random pairs: surer of itself than a fresh one, and still often wrong. */
export function halfTrainedModel(seed = 1, steps = 60): { model: Seq2Seq; pairs: readonly EncodedPair[] } {
  const generator = new Generator(seed);
  const model = new Seq2Seq({ inputSize: 12, outputSize: 11, hiddenSize: 12 }, { generator });
  const pairs = randomPairs(24, seed);
  const trainer = new Trainer(model, new Adam(model.parameters(), { lr: 0.01 }), pairs, { generator });
  const batch = makeBatch(pairs);
  for (let step = 0; step < steps; step++) trainer.step(batch);
  return { model, pairs };
}
