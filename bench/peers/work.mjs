// The work that the benches of seqgrad alone share: a translator of the peers' sizes, and steps of training it.
import { H, randomNumbers } from "./common.mjs";

/** Embedding(vocabulary, 256) → GRU(256), twice, and its plain SGD. */
export function newTraining({ Generator, optim, seq2seq }, vocabulary, learningRate = 0.01) {
  const sizes = { inputSize: vocabulary, outputSize: vocabulary, hiddenSize: H };
  const model = new seq2seq.Seq2Seq(sizes, { generator: new Generator(1) });
  return { model, optimizer: new optim.SGD(model.parameters(), { lr: learningRate }) };
}

/** Pairs of random ids, `length` tokens a side, of which makeBatch adds the last (EOS) or the first (BOS). */
export function randomPairs(count, length, vocabulary, seed = 1) {
  const next = randomNumbers(seed);
  const side = () => Int32Array.from({ length: length - 1 }, () => 4 + Math.floor(next() * (vocabulary - 4)));
  return Array.from({ length: count }, () => ({ source: side(), target: side() }));
}

/** One step, as the trainer does it but without clipping; returns the loss. */
export function trainStep({ scope }, { model, optimizer }, batch) {
  return scope(() => {
    optimizer.zeroGrad();
    const loss = model.loss(batch);
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}
