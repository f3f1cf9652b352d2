// What does a large corpus cost before the first step? node bench/data.mjs [PAIRS]
//
// Writes PAIRS (a million) sentence pairs, of some 68 bytes, into a temporary file: those of the built-in corpus, each
// with one of 200,000 made-up names, of which few are frequent and most are rare, as words are. Then a process of its own
// reads the file in a stream, sets pairs aside, builds vocabularies, numbers the tokens and orders the first epoch's
// batches, and tells its time and its peak of resident memory (of which an empty process has some 50 MB).
import { spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dist, loadSeqgrad } from "./peers/library.mjs";

const NAMES = 200_000;
const MAX_VOCABULARY = 30_000;
const [first, file] = process.argv.slice(2);
if (first === "--measure") await measure(file);
else await main(Number(first ?? 1_000_000));

async function main(pairs) {
  if (!Number.isInteger(pairs) || pairs < 1) throw new Error(`data: expected at least one pair, got ${first}`);
  const folder = mkdtempSync(join(tmpdir(), "seqgrad-bench-"));
  try {
    const path = join(folder, "pairs.tsv");
    await generate(path, pairs);
    console.log(`${pairs} pairs, ${(statSync(path).size / 1e6).toFixed(0)} MB of text, Node ${process.versions.node}`);
    const { status } = spawnSync(process.execPath, [import.meta.filename, "--measure", path], { stdio: "inherit" });
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function generate(path, pairs) {
  const { Generator } = await loadSeqgrad();
  const { generateCorpus } = await import(pathToFileURL(join(dist, "corpus/index.js")).href);
  const corpus = generateCorpus({ level: 3, size: 50_000, seed: 1 });
  const generator = new Generator(1);
  const out = createWriteStream(path);
  for (let i = 0; i < pairs; i++) {
    const { source, target } = corpus[generator.integer(corpus.length)];
    const name = nameOf(Math.floor(Math.exp(generator.random() * Math.log(NAMES)))); // of rank r as often as 1/r
    if (!out.write(`${name}: ${source}\t${name} : ${target}\n`))
      await new Promise((resolve) => out.once("drain", resolve));
  }
  await new Promise((resolve) => out.end(resolve));
}

/** A name of syllables for each number. */
function nameOf(number) {
  const syllables = ["ba", "de", "fi", "go", "lu", "mar", "nel", "po", "ri", "sa", "té", "vin"];
  let name = "";
  for (let rest = number + 12; rest > 0; rest = Math.floor(rest / 12)) name += syllables[rest % 12];
  return name[0].toUpperCase() + name.slice(1);
}

async function measure(path) {
  const { Generator, seq2seq } = await loadSeqgrad();
  const empty = process.memoryUsage().rss;
  const generator = new Generator(0);
  const started = performance.now();
  const told = (what) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const peak = (process.resourceUsage().maxRSS / 1000).toFixed(0);
    console.log(`${seconds.padStart(5)} s, peak ${peak.padStart(4)} MB: ${what}`);
  };
  const { source, target, train, valid } = await seq2seq.prepareCorpus({
    train: seq2seq.streamTsv(path),
    holdOut: 1000,
    generator,
    text: { maxVocabulary: MAX_VOCABULARY },
    maxLength: 60,
    reverseSource: false,
    onProgress: ({ pairs }) => pairs % 200_000 === 0 && told(`${pairs} pairs read`),
  });
  told(`${train.pairs.length} pairs to train on, ${valid.pairs.length} to judge by`);
  const batches = seq2seq.bucketedBatches(train.pairs, { batchSize: 64 }, generator);
  told(`${batches.length} batches; vocabularies of ${source.vocabulary.size} and ${target.vocabulary.size} tokens`);
  console.log(`(${(empty / 1e6).toFixed(0)} MB before)`);
}
