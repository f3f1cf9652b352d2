// How long does a preset train until its greedy translations of val reach a BLEU, here and in PyTorch?
// node bench/timeToBleu.mjs DATA [BLEU] [PRESET]
//
// DATA holds Multi30k's tokenised train and val, .en and .fr. BLEU is 50 unless given, PRESET multi30k-attention. PyTorch
// trains the same model on the same ids in batches made alike, by the same optimiser and schedule, under the setting of its
// threads that is fastest over the first steps. Only training is timed; both are judged after each epoch, by the same BLEU.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { loadSeqgrad } from "./peers/library.mjs";
import { load, quiet } from "./peers/machine.mjs";

const [folder, wantedGiven = "50", preset = "multi30k-attention"] = process.argv.slice(2);
const wanted = Number(wantedGiven);
if (!folder || !existsSync(join(folder, "train.en")) || !(wanted > 0)) {
  console.error(
    "usage: node bench/timeToBleu.mjs DATA [BLEU] [PRESET], DATA a folder with train.en, train.fr, val.en, val.fr",
  );
  process.exit(2);
}
const script = fileURLToPath(new URL("peers/timeToBleu.py", import.meta.url));
process.env.SEQGRAD_THREADS ??= "2";
const { Generator, getNumThreads, kernelSet, seq2seq } = await loadSeqgrad();
const { options } = JSON.parse(readFileSync(new URL(`../presets/${preset}.json`, import.meta.url), "utf8"));
const { model, ...rest } = seq2seq.trainOptions(options);
const { settings } = seq2seq.resolveSettings({ ...rest, ...model, seed: 1 });
const supported = { cell: "gru", attention: "additive", tied: "all", bidirectional: true, conditional: false };
for (const [name, value] of Object.entries(supported)) {
  if (settings[name] !== value)
    throw new Error(`timeToBleu: expected a preset with ${name} ${value}, got ${settings[name]}`);
}

const tokenize = settings.tokenizer === "space" ? "none" : "13a"; // as ours are scored
const side = (name) => ({ bytes: readFileSync(join(folder, name)), file: name });
const [train, valid] = ["train", "val"].map((split) => seq2seq.readParallel(side(`${split}.en`), side(`${split}.fr`)));
console.log(`Node ${process.versions.node}, kernels ${kernelSet}, ${getNumThreads()} threads, load ${load()}`);
console.log(`${preset} until greedy BLEU ${wanted} on val: seconds of training, target tokens a second, BLEU`);
const ours = await oursUntil();
const theirs = await theirsUntil();
console.log(`seqgrad ${describe(ours)}, PyTorch ${describe(theirs)}`);
if (ours && theirs) console.log(`PyTorch's time over ours: ${(theirs / ours).toFixed(2)}`);

function describe(seconds) {
  return seconds === null ? `does not reach ${wanted}` : `${(seconds / 60).toFixed(1)} min`;
}

function say(name, { epoch, seconds, speed, bleu }) {
  console.log(
    `${name} epoch ${epoch}  ${seconds.toFixed(0)} s  ${Math.round(speed)} tokens/s  BLEU ${bleu.toFixed(1)}`,
  );
}

/** Seconds of training until the BLEU is reached, or null. */
async function oursUntil() {
  const signal = { aborted: false };
  let [seconds, tokens, reached] = [0, 0, null];
  let last = performance.now();
  await seq2seq.trainTranslator({
    ...{ ...rest, model, train, valid, signal, seed: 1, threads: getNumThreads() },
    onStart: () => {
      last = performance.now();
    },
    onStep({ count }) {
      const now = performance.now();
      seconds += (now - last) / 1000;
      last = now;
      tokens += count;
    },
    onValidation({ epoch, bleu }) {
      if (signal.aborted) return;
      say("seqgrad", { epoch, seconds, speed: tokens / seconds, bleu });
      if (bleu >= wanted) reached = seconds;
      signal.aborted = reached !== null;
      last = performance.now();
    },
  });
  return reached;
}

/** The same of PyTorch. */
async function theirsUntil() {
  const place = mkdtempSync(join(tmpdir(), "seqgrad-"));
  try {
    const { file, decode, references } = await writeJob(place);
    const setting = await fastestSetting(file);
    const running = spawn("python3", [script, file], {
      env: { ...process.env, ...setting },
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: running.stdout })) {
      const { translations, ...said } = JSON.parse(line);
      const bleu = seq2seq.bleu(translations.map(decode), references, { tokenize }).score;
      say("PyTorch", { ...said, bleu });
      if (bleu < wanted) continue;
      running.kill();
      return said.seconds;
    }
    return null;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** What the script reads, and how its ids become text again. */
async function writeJob(place) {
  const { tokenizer, lowercase, subwords, jointSubwords, minFrequency, maxVocabulary, maxLength } = settings;
  const text = { tokenizer, lowercase, subwords, jointSubwords, minFrequency, maxVocabulary };
  const generator = new Generator(1);
  const {
    target,
    train: ids,
    valid: held,
  } = await seq2seq.prepareCorpus({
    ...{ train, valid, text, maxLength, generator, holdOut: 1 },
  });
  const lists = (pairs) => Array.from({ length: pairs.length }, (_, i) => pairs.at(i));
  const of = (pair) => [[...pair.source], [...pair.target]];
  const rate = (name) => settings[name] ?? settings.dropout;
  const rates = { embeddingDropout: rate("embeddingDropout"), outputDropout: rate("outputDropout") };
  const job = {
    settings: { ...settings, ...rates, embeddingSize: settings.embeddingSize ?? settings.hiddenSize },
    ...{ outputSize: target.vocabulary.size, maxLength: 100 },
    train: lists(ids.pairs).map(of),
    valid: lists(held.pairs).map((pair) => of(pair)[0]),
  };
  const file = join(place, "job.json");
  writeFileSync(file, JSON.stringify(job));
  const { tokenizer: cutter, vocabulary } = target;
  const references = lists(held.pairs).map((_, i) => held.targetText(i));
  return { file, references, decode: (list) => cutter.detokenize(vocabulary.decode(list)) };
}

/** PyTorch's threads, and those of the products below it. */
async function fastestSetting(file) {
  const counts = ["1", "2"];
  const all = counts.flatMap((TORCH_THREADS) => counts.map((blas) => ({ TORCH_THREADS, OPENBLAS_NUM_THREADS: blas })));
  let best = { speed: 0, setting: all[0] };
  for (const setting of all) {
    await quiet(20);
    const { stdout } = spawnSync("python3", [script, file], {
      env: { ...process.env, ...setting, PROBE: "40" },
      encoding: "utf8",
    });
    const { speed } = JSON.parse(stdout);
    console.log(`PyTorch ${Object.values(setting).join(" and ")} threads: ${Math.round(speed)} tokens/s`);
    if (speed > best.speed) best = { speed, setting };
  }
  return best.setting;
}
