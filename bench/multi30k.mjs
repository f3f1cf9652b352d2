// How long is an epoch of a real corpus? node bench/multi30k.mjs DATA [EPOCHS] [reverse] [ATTENTION]
//
// DATA holds Multi30k's tokenised train, val and test_2016_flickr, .en and .fr: one sentence a line, tokens apart by a
// space. The model and its training are those of the PyTorch script it is compared with: words seen at least twice, GRU
// 256, batches of 64 of like length, Adam at 1e-3, gradients clipped to 1; then greedy BLEU of the tokens as they stand.
// Unlike that script, the library ends a source with EOS and never translates into <unk>. `reverse` reads sources
// backwards (Sutskever et al., 2014); ATTENTION (dot, general, additive) looks back at them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSeqgrad } from "./peers/library.mjs";
import { load } from "./peers/machine.mjs";

const [folder, epochsGiven, ...options] = process.argv.slice(2);
const isReversed = options.includes("reverse");
const attention = options.find((word) => word !== "reverse") ?? "none";
const epochs = Number(epochsGiven ?? 1);
if (!folder || !existsSync(join(folder, "train.en"))) {
  console.error(`multi30k: expected a folder with train.en and train.fr, got ${folder ?? "nothing"}`);
  console.error("usage: node bench/multi30k.mjs DATA [EPOCHS] [reverse] [ATTENTION]");
  process.exit(2);
}
if (!Number.isInteger(epochs) || epochs < 1)
  throw new Error(`multi30k: expected at least one epoch, got ${epochsGiven}`);
const SEED = 1;
const LONGEST = 50;
const SENTENCES_AT_ONCE = 100;

const { Generator, kernelSet, optim, seq2seq } = await loadSeqgrad();

const words = (line) => line.split(" ").filter(Boolean);
function read(split, language) {
  const file = join(folder, `${split}.${language}`);
  return seq2seq.readLines(readFileSync(file), file).map(words);
}
const english = read("train", "en");
const french = read("train", "fr");
const source = seq2seq.Vocabulary.build(english, { minFrequency: 2 });
const target = seq2seq.Vocabulary.build(french, { minFrequency: 2 });
const encodeSource = (tokens) => (isReversed ? source.encode(tokens).reverse() : source.encode(tokens));
const pairs = english.map((tokens, i) => ({ source: encodeSource(tokens), target: target.encode(french[i]) }));

const generator = new Generator(SEED);
const sizes = { inputSize: source.size, outputSize: target.size, hiddenSize: 256, attention };
const model = new seq2seq.Seq2Seq(sizes, { generator });
const count = model.parameters().reduce((sum, { data }) => sum + data.length, 0);
console.log(`kernels ${kernelSet}, Node ${process.versions.node}, vocabularies ${source.size} and ${target.size}`);
console.log(`${pairs.length} pairs, ${count} parameters, attention ${attention}, load ${load()}`);

/** What is timed: batches and their loss; nothing is validated or kept. */
const task = {
  model,
  generator,
  batches() {
    const groups = seq2seq.bucketedBatches(pairs, { batchSize: 64 }, generator);
    return { length: groups.length, at: (i) => seq2seq.makeBatch(Array.from(groups[i], (j) => pairs[j])) };
  },
  loss: (batch) => ({ loss: model.loss(batch), count: batch.targets.length }),
  validate: () => ({ loss: 0 }),
  files: () => ({}),
};
let tokens = 0;
let started = performance.now();
for await (const event of seq2seq.run(task, { optimizer: new optim.Adam(model.parameters(), { lr: 1e-3 }), epochs })) {
  if (event.kind === "step") tokens += event.count;
  if (event.kind !== "validation") continue;
  const seconds = (performance.now() - started) / 1000;
  const rate = Math.round(tokens / seconds);
  console.log(
    `epoch ${event.epoch} ${seconds.toFixed(1)} s ${rate} target tokens/s loss ${event.trainLoss.toFixed(3)}`,
  );
  tokens = 0;
  started = performance.now();
}

/** BLEU of greedy translations, on the tokens themselves. */
function score(split) {
  const sources = read(split, "en").map(encodeSource);
  const references = read(split, "fr").map((tokens) => tokens.join(" "));
  const translations = [];
  for (let at = 0; at < sources.length; at += SENTENCES_AT_ONCE) {
    const batch = sources.slice(at, at + SENTENCES_AT_ONCE);
    translations.push(...seq2seq.greedySearch(model, batch, { maxLength: LONGEST }));
  }
  const hypotheses = translations.map((ids) => target.decode(ids).join(" "));
  return seq2seq.bleu(hypotheses, references, { tokenize: "none" }).score;
}
for (const split of ["val", "test_2016_flickr"]) {
  if (existsSync(join(folder, `${split}.en`))) console.log(`${split} greedy BLEU ${score(split).toFixed(2)}`);
}
