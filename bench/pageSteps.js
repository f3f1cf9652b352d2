// What bench/pages.mjs measures in a page: training steps of the translator of `npm start`, with one thread and with two.
import { Generator, manualSeed, optim, scope, seq2seq, setNumThreads, startThreads, version } from "seqgrad";
import { generateCorpus } from "seqgrad/corpus";

const { Adam, clipGradNorm } = optim;

/** A batch of built-in sentences of level 3, and a model as large as their words need. */
function begin(batchSize) {
  const pairs = generateCorpus({ level: 3, size: 22_000, seed: 1 });
  const tokenizer = new seq2seq.WordTokenizer();
  const [source, target] = ["source", "target"].map((side) => {
    const tokens = pairs.map((pair) => tokenizer.tokenize(pair[side]));
    const vocabulary = seq2seq.Vocabulary.build(tokens);
    return { vocabulary, ids: tokens.map((words) => vocabulary.encode(words)) };
  });
  const encoded = pairs.map((_, i) => ({ source: source.ids[i], target: target.ids[i] }));
  const chosen = new Generator(1).shuffle(encoded).slice(0, batchSize);
  manualSeed(1);
  const sizes = { inputSize: source.vocabulary.size, outputSize: target.vocabulary.size, hiddenSize: 192 };
  const model = new seq2seq.Seq2Seq({ ...sizes, attention: "additive" });
  return { model, batch: seq2seq.makeBatch(chosen), optimizer: new Adam(model.parameters(), { lr: 0.004 }) };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** Milliseconds of a step with one thread and with two, by turns: medians, and of the ratio within a turn. */
export async function measure(batchSize, turns) {
  const { kernelSet, runningThreads, notes } = await startThreads(2);
  const { model, batch, optimizer } = begin(batchSize);
  const step = () => {
    optimizer.zeroGrad();
    const loss = scope(() => {
      const loss = model.loss(batch);
      loss.backward();
      return loss.item();
    });
    clipGradNorm(model.parameters(), 1);
    optimizer.step();
    return loss;
  };
  for (let i = 0; i < 15; i++) step();
  const times = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    for (const threads of turn % 2 ? [2, 1] : [1, 2]) {
      setNumThreads(threads);
      step();
      const began = performance.now();
      for (let i = 0; i < 4; i++) step();
      times[threads - 1].push((performance.now() - began) / 4);
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
  const ratio = median(times[0].map((one, i) => one / times[1][i]));
  const [one, two] = times.map(median);
  return { version, batchSize, kernelSet, runningThreads, notes, loss: step(), one, two, ratio };
}
