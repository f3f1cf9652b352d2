// What do subwords cost, and are they those of the authors' program? node bench/subwords.mjs TOK [REFERENCE]
//
// TOK holds tokenised train and val, .en and .fr: one sentence a line, tokens apart by a space. 10,000 merges are learned
// jointly and applied to all that trained them, without dropout and with; a corpus of 29,000 pairs is prepared with all
// of it. REFERENCE holds what subword-nmt made of the same files: merges.txt, and its cuts as NAME.en and NAME.fr, of
// val and of the first lines of train (train-first-2000). Every merge and every piece must be the same, or it ends with 1.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSeqgrad } from "./peers/library.mjs";
import { load } from "./peers/machine.mjs";

const MERGES = 10_000;
const LANGUAGES = ["en", "fr"];
const [tok, reference] = process.argv.slice(2);
for (const [folder, file] of [[tok, "train.en"], ...(reference === undefined ? [] : [[reference, "merges.txt"]])]) {
  if (folder && existsSync(join(folder, file))) continue;
  console.error(`subwords: expected a folder with ${file}, got ${folder ?? "nothing"}: the data is not there`);
  console.error("usage: node bench/subwords.mjs TOK [REFERENCE]");
  process.exit(2);
}
const { Generator, seq2seq } = await loadSeqgrad();
const { Bpe, readLines } = seq2seq;

const read = (...path) => readLines(readFileSync(join(...path)), join(...path));
const wordsOf = (line) => line.split(" ").filter(Boolean);
const lines = LANGUAGES.map((language) => read(tok, `train.${language}`));
const words = lines.flat().flatMap(wordsOf);
const counts = new Map();
for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
console.log(`Node ${process.versions.node}, load ${load()}`);
console.log(`${lines[0].length} pairs, ${words.length} words, ${counts.size} different ones`);

function timed(what, run) {
  const began = performance.now();
  const result = run();
  console.log(`${what.padEnd(34)}${((performance.now() - began) / 1000).toFixed(2)} s`);
  return result;
}

const bpe = timed(`learn ${MERGES} merges`, () => Bpe.learn(counts, { merges: MERGES }));
const pieces = timed("apply", () => words.reduce((sum, word) => sum + bpe.cut(word).length, 0));
const generator = new Generator(1);
const dropped = timed("apply with dropout 0.1", () =>
  words.reduce((sum, word) => sum + bpe.cut(word, { dropout: 0.1, generator }).length, 0),
);
console.log(`${pieces} pieces, ${dropped} with dropout`);

const train = lines[0].map((source, i) => ({ source, target: lines[1][i] }));
const text = { tokenizer: "space", subwords: MERGES, jointSubwords: true, subwordDropout: 0.1 };
const options = { train, valid: [], holdOut: 0, generator, text, maxLength: 100, reverseSource: false };
const began = performance.now();
const corpus = await seq2seq.prepareCorpus(options);
console.log(`${"prepare the corpus, all told".padEnd(34)}${((performance.now() - began) / 1000).toFixed(2)} s`);
timed("cut an epoch anew", () => corpus.train.resample(generator));

if (reference !== undefined) check();

/** Holds merges and cuts against the reference's. */
function check() {
  const expected = read(reference, "merges.txt").filter((line) => !line.startsWith("#version"));
  let faults = expected.filter((merge, rank) => merge !== bpe.merges[rank]).length;
  console.log(`${expected.length} merges, ${faults} unlike the reference's`);
  const own = new Bpe(expected);
  for (const file of readdirSync(reference).filter((name) => LANGUAGES.some((each) => name.endsWith(`.${each}`)))) {
    const cuts = read(reference, file);
    const texts = read(tok, file.replace(/-first-\d+/, "")).slice(0, cuts.length);
    const cut = texts.map((line) =>
      wordsOf(line)
        .flatMap((word) => own.cut(word))
        .join(" "),
    );
    const unlike = cuts.filter((line, i) => line !== cut[i]).length;
    console.log(`${file}: ${cuts.length} sentences, ${unlike} unlike the reference's`);
    faults += unlike;
  }
  process.exitCode = faults === 0 ? 0 : 1;
}
