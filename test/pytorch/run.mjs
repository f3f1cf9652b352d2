// Do models travel to PyTorch and back? node test/pytorch/run.mjs [words of a kind's name ...]
//
// Trains a small translator of each kind (kinds.mjs) for some steps, and lets examples/pytorch go on with its folder:
//   - 500 lines are translated to the same tokens, the log-probability of each within 1e-4;
//   - the next 20 steps of the training have the losses of `resume`, within 1e-4: in one process, and in two;
//   - the folder that Python wrote translates alike in both, and after 10 steps of Python 10 of `resume` end alike.
// Needs Python with PyTorch (Debian: apt-get install python3-torch python3-numpy libopenblas0-pthread), and says so
// where there is none. Exits with 1 where something differs.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seq2seq, startThreads } from "seqgrad";
import { generateCorpus } from "seqgrad/corpus";
import { kinds, oddLines } from "./kinds.mjs";
import { findPython, trainWith, translateWith } from "./python.mjs";

const LINES = 500;
const BEGUN = 50; // steps, in the middle of an epoch
const STEPS = 20;
const TOLERANCE = 1e-4;

const python = findPython();
if (!python) {
  console.log("pytorch: not checked, as there is no Python with PyTorch (Debian: apt-get install python3-torch)");
  process.exit(process.env.CI ? 1 : 0);
}
const home = mkdtempSync(join(tmpdir(), "seqgrad-pytorch-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));
await startThreads(1);

const corpus = generateCorpus({ level: 3, size: 1200, seed: 5 });
const [train, valid] = [corpus.slice(0, 600), corpus.slice(600, 640)];
const lines = [...oddLines(100), ...corpus.slice(640).map(({ source }) => source)].slice(0, LINES);
const files = { train: join(home, "train.tsv"), valid: join(home, "valid.tsv") };
for (const [pairs, file] of [
  [train, files.train],
  [valid, files.valid],
]) {
  writeFileSync(file, pairs.map(({ source, target }) => `${source}\t${target}\n`).join(""));
}

/** Trains in a folder until so many steps are done in all; returns the losses of the steps done now. */
async function trainUntil(steps, folder, settings) {
  const losses = [];
  let done = 0;
  const signal = {
    get aborted() {
      return done >= steps;
    },
  };
  const onStep = ({ step, loss }) => {
    done = step;
    losses.push(loss);
  };
  await seq2seq.trainTranslator({ ...settings, train, valid, folder, signal, onStep });
  return losses;
}

/** What each token of a translation has for a log-probability, by teacher forcing. */
function logProbabilities({ model }, sources, translations) {
  const found = [];
  for (let from = 0; from < sources.length; from += 50) {
    const pairs = sources.slice(from, from + 50).map((source, i) => ({ source, target: translations[from + i] }));
    const batch = seq2seq.makeBatch(pairs);
    const lengths = { source: batch.sourceLengths, target: batch.targetLengths };
    const all = model.forward(batch.source, batch.targetInput, lengths);
    const [, B, V] = all.shape;
    for (const [b, { target }] of pairs.entries()) {
      found.push([...target, seq2seq.EOS].map((id, t) => all.data[(t * B + b) * V + id]));
    }
  }
  return found;
}

const furthest = (ours, theirs) => Math.max(0, ...theirs.map((value, i) => Math.abs(value - ours[i])));
const problems = [];

/** Notes what is not as it should be. */
function check(what, isRight, got = "") {
  if (!isRight) problems.push(`${what}${got === "" ? "" : `: ${got}`}`);
}

function checkLosses(what, ours, theirs) {
  const off = furthest(ours, theirs);
  check(what, theirs.length === ours.length && off <= TOLERANCE, `off by ${off} after ${theirs.length} steps`);
  return off;
}

/** Both translate all lines with this folder: the same tokens, and log-probabilities that agree. */
async function compareTranslations(what, folder, texts) {
  const translator = seq2seq.Translator.load(folder);
  const theirs = await translateWith(python, folder, texts);
  const ours = translator.translate(texts);
  const misread = theirs.findIndex(({ source }, i) => source.join() !== [...translator.encodeSource(texts[i])].join());
  check(`${what}: source`, misread < 0, `${JSON.stringify(texts[misread])} read as ${theirs[misread]?.source}`);
  const different = ours.findIndex((text, i) => text !== theirs[i]?.text);
  check(`${what}: line ${different + 1}`, different < 0, `${ours[different]} / ${theirs[different]?.text}`);
  const some = texts.flatMap((text, i) =>
    theirs[i].ids.length > 0 ? [{ source: translator.encodeSource(text), ...theirs[i] }] : [],
  );
  const known = logProbabilities(
    translator,
    some.map(({ source }) => source),
    some.map(({ ids }) => ids),
  );
  const off = Math.max(...some.map((each, i) => furthest(known[i], each.logProbabilities)));
  check(`${what}: log-probabilities`, off <= TOLERANCE, `off by ${off}`);
  return off;
}

async function travel({ name, settings }, number) {
  const folder = (what) => join(home, `${number}-${what}`);
  const copyOf = (from, what) => {
    cpSync(from, folder(what), { recursive: true });
    return folder(what);
  };
  await trainUntil(BEGUN, folder("begun"), { ...settings, seed: number });
  const offText = await compareTranslations("translations", folder("begun"), lines);

  const resumed = { epochs: settings.epochs, resume: true };
  const ours = await trainUntil(BEGUN + STEPS, copyOf(folder("begun"), "ours"), resumed);
  const going = { folder: folder("begun"), ...files, steps: STEPS };
  const offLoss = checkLosses("losses", ours, await trainWith(python, { ...going, out: folder("alone") }));
  const two = await trainWith(python, { ...going, out: folder("two"), processes: 2 });
  const offTwo = checkLosses("losses of two processes", ours, two);
  await compareTranslations("translations of what two processes trained", folder("two"), lines.slice(0, 100));

  const half = STEPS / 2;
  const there = await trainWith(python, { ...going, steps: half, out: folder("half") });
  const andBack = await trainUntil(BEGUN + STEPS, copyOf(folder("half"), "back"), resumed);
  const offBack = checkLosses("losses there and back", ours, [...there, ...andBack]);
  const [text, loss, shared, back] = [offText, offLoss, offTwo, offBack].map((off) => off.toExponential(1));
  const losses = `losses by ${loss}, of two processes ${shared}, there and back ${back}`;
  console.log(`${name}: log-probabilities off by ${text}, ${losses}`);
}

const wanted = process.argv.slice(2);
let failures = 0;
for (const [number, kind] of kinds.entries()) {
  if (!wanted.every((word) => kind.name.includes(word))) continue;
  problems.length = 0;
  await travel(kind, number + 1);
  for (const problem of problems) console.log(`${kind.name}: FAILED ${problem}`);
  failures += problems.length;
}
process.exitCode = failures > 0 ? 1 : 0;
