// Trains the translator of `seqgrad/pretrained` from the built-in corpus and writes it as pretrained/files.js, its weights in
// 8 bits.
//
//   npm run build && node scripts/pretrain.mjs [--threads 1] [--folder DIR]
//
// Prints BLEU of unseen sentences and of unseen combinations of words, as the corpus writes them, as people type them and in
// the present progressive, with the weights as they were trained and in 8 bits. The first of its two parts goes on where it
// stopped, in a folder. With fewer --pairs it is there to try settings, for seconds: --out says where the module goes then.
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Generator } from "seqgrad";
import { corpusSplits } from "seqgrad/corpus";
import { bleu, quantize, Translator, trainTranslator } from "seqgrad/seq2seq";
import { report } from "../examples/report.mjs";
import { progressive } from "./paraphrase.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "200000" }, // of the first part; the second is of as many more
    epochs: { type: "string", default: "2" },
    hidden: { type: "string", default: "128" },
    embedding: { type: "string", default: "96" },
    threads: { type: "string", default: "1" },
    folder: { type: "string" },
    out: { type: "string", default: join(root, "pretrained", "files.js") },
  },
});
const VALIDATION = 500;
const TEST = 1000;

/** How a sentence may be typed: with or without its first capital, all its capitals, and its last mark. */
const FORMS = [(text) => text, (text) => text[0].toLowerCase() + text.slice(1), (text) => text.toLowerCase()];
const bare = (text) => text.replace(/ ?[.!?]$/, "");
const typed = (text) => bare(text.toLowerCase());

/** One in this many pairs has a name in it that is in no vocabulary, from which the model learns to write "unknown". */
const ONE_STRANGER_IN = 25;
const NAME = /(?<!\p{L})(?![AEIOUH])\p{Lu}\p{L}+/gu; // before a vowel, French would elide

/**
 * Pairs as people type their sources, which may be said otherwise (`rephrase`, null of one that may not) in one of three.
 * A name that both languages write alike may become one that nobody has heard of.
 */
function asTyped(pairs, generator, rephrase = () => null) {
  const oneIn = (count) => generator.random() * count < 1;
  return pairs.map(({ source, target }, i) => {
    const name = source.match(NAME)?.find((own) => target.match(NAME)?.includes(own));
    const stranger = `Q${i.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[digit])}`;
    const isRenamed = name !== undefined && oneIn(ONE_STRANGER_IN);
    const [own, other] = [source, target].map((text) => (isRenamed ? text.replaceAll(name, stranger) : text));
    const said = (rephrase(own) !== null && oneIn(3) && rephrase(own)) || own;
    const written = FORMS[Math.floor(generator.random() * FORMS.length)](said);
    return { source: oneIn(2) ? bare(written) : written, target: other };
  });
}

/** Those of pairs whose rarest word is rarest. */
function rarest(pairs, count) {
  const wordsOf = ({ source, target }) => `${source} ${target}`.match(/\p{L}+/gu);
  const counts = new Map();
  for (const word of pairs.flatMap(wordsOf)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rarity = pairs.map((pair) => [Math.min(...wordsOf(pair).map((word) => counts.get(word))), pair]);
  return rarity
    .sort(([a], [b]) => a - b)
    .slice(0, count)
    .map(([, pair]) => pair);
}

const size = Number(values.pairs);
const splits = corpusSplits({ level: 3, trainSize: 2 * size + VALIDATION, testSize: TEST });
const toProgressive = progressive(splits.train.map(({ source }) => source));
const shared = { batchSize: 64, lrDecay: "linear", validateEvery: 1250, threads: Number(values.threads), ...report() };

/** Trains on pairs, the last of which judge the run; the two test sets are translated at the end alone. */
async function train(pairs, settings) {
  const at = pairs.length - VALIDATION;
  return (await trainTranslator({ ...shared, ...settings, train: pairs.slice(0, at), valid: pairs.slice(at) }))
    .translator;
}

// First what the corpus has, as often as it has it.
const first = await train(asTyped(splits.train.slice(0, size + VALIDATION), new Generator(1)), {
  ...{ folder: values.folder, resume: values.folder !== undefined && existsSync(values.folder) },
  model: {
    ...{ hiddenSize: Number(values.hidden), embeddingSize: Number(values.embedding), bidirectional: true },
    ...{ attention: "general", tied: "decoder", dropout: 0.1 },
  },
  ...{ minFrequency: 2, lr: 0.003, epochs: Number(values.epochs) },
});
// Then more of what is rare in it, and the present progressive, which it does not have.
const second = [
  ...rarest(splits.train.slice(0, -VALIDATION), 0.4 * size),
  ...splits.train.slice(-0.2 * size - VALIDATION),
];
const translator = await train(asTyped(second, new Generator(2), toProgressive), { from: first, lr: 0.001, epochs: 1 });

const { "model.safetensors": weights, ...texts } = quantize(translator.files());
const small = Translator.fromFiles({ ...texts, "model.safetensors": weights });
const forms = { "as written": (text) => text, "as typed": typed, "in the progressive": toProgressive };
for (const name of ["unseenSentences", "unseenCombinations"]) {
  for (const [how, form] of Object.entries(forms)) {
    const pairs = splits[name].flatMap(({ source, target }) => {
      const said = form(source);
      return said === null ? [] : [{ source: said, target }];
    });
    const [sources, references] = [pairs.map(({ source }) => source), pairs.map(({ target }) => target)];
    const score = (own) => bleu(own.translate(sources), references).score.toFixed(2);
    console.log(`${name}, ${how} (${pairs.length}): BLEU ${score(translator)}, in 8 bits ${score(small)}`);
  }
}
const base64 = Buffer.from(weights).toString("base64");
const content = JSON.stringify({ ...texts, weights: base64 }, null, 1);
const head = "// Made by scripts/pretrain.mjs: a translator's files, and its weights in base64.";
writeFileSync(values.out, `${head}\nexport const files = ${content};\n`);
const bytes = Object.values(texts).reduce((sum, text) => sum + Buffer.byteLength(text), weights.length);
console.log(`${values.out}: ${bytes} bytes of model, ${base64.length} of base64`);
