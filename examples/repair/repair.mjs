// French typed in haste, set right: "Le gracon mnage une pome." → "Le garçon mange une pomme."
//
//   npm run build && node examples/repair/repair.mjs [--sentences 160000] [--unseen 1000] [--out repair]
//     [--threads 2] [--seed 1]
//
// The sentences are the built-in corpus's, the slips of typing.mjs's making: letters dropped, doubled and swapped, accents
// missing. Every sentence is read once, so that no slip is learned by heart. Most letters stay as they are, which a lexical
// model learns at once: what is looked at leads straight to what is written. Some slips leave nothing to go by: "es" may have
// been "les" or "mes".
//
// The model goes to the folder --out, with a picture of where it looks.
//
// Measured (seed 1): 939 of 1,000 damaged sentences fully repaired, 996 of 1,000 whole ones left as they are; on one thread of a
// busy machine half an hour, a third of it on the processor.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Generator, seq2seq, startThreads } from "seqgrad";
import { corpusSplits } from "seqgrad/corpus";
import { readCall } from "../call.mjs";
import { countExact } from "../digits/strings.mjs";
import { report } from "../report.mjs";
import { damage, mistype } from "./typing.mjs";

const number = (initial) => ({ type: "string", default: String(initial) });
const numbers = { sentences: number(160_000), unseen: number(1000), threads: number(2), seed: number(1) };
const { values } = readCall({ options: { ...numbers, out: { type: "string", default: "repair" } } });
const [trainSize, count, threads, seed] = Object.keys(numbers).map((name) => Number(values[name]));

const generator = new Generator(seed);
const typed = (sentences, type, options) =>
  sentences.map((target) => ({ source: type(target, generator, options), target }));
const french = (pairs) => [...new Set(pairs.map(({ target }) => target))];
const splits = corpusSplits({ level: 3, trainSize, testSize: 3 * count, seed });
const unseen = french(splits.unseenSentences);
// More slips than are expected are more to learn from; the sentences without one teach it to leave well alone.
const train = typed(french(splits.train), mistype, { slips: 0.06 });
const valid = typed(unseen.slice(0, count), damage);
const test = typed(unseen.slice(count, 2 * count), damage);

await startThreads(threads);
const { translator } = await seq2seq.trainTranslator({
  ...{ train, valid, tokenizer: "character", maxLength: 150, folder: values.out, overwrite: true, ...report() },
  model: { hiddenSize: 192, embeddingSize: 64, bidirectional: true, lexical: true },
  ...{ epochs: 1, validateEvery: 1000, batchSize: 32, lr: 0.003, lrDecay: "linear", seed, threads },
});

const { exact, wrong } = countExact(translator, test);
for (const { source, target, written } of wrong) console.log(`${source}\n→ ${written}\n  ${target}\n`);
const picture = join(values.out, "attention.svg");
writeFileSync(picture, seq2seq.drawAlignment(translator.align("Le gracon mnage une pome.")));
const whole = test.map(({ target }) => ({ source: target, target }));
const kept = `${countExact(translator, whole).exact} of ${whole.length} sentences without a slip stay as they are`;
console.log(`${picture} shows where it looks; ${kept}`);
console.log(`${exact} of ${test.length} unseen sentences with slips fully repaired`);
