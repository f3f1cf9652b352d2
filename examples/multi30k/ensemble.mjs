// Several models, trained alike but for their seeds, translate better than each of them.
//
//   npm run build && node examples/multi30k/ensemble.mjs DATA MODEL MODEL…
//
// DATA is described in data.mjs; the models are folders such as attention.mjs makes with --seed 1, 2 and 3. At each step
// the mean of their probabilities counts (Sutskever et al., 2014, section 3.6).
//
// Measured (seeds 1, 2 and 3 on test_2016_flickr): BLEU 60.54, 60.91 and 61.42, in the mean 60.96; together 62.59.
import { seq2seq, startThreads } from "seqgrad";
import { given, readCall, wrongCall } from "../call.mjs";
import { readMulti30k, testBleu } from "./data.mjs";

const { values, positionals } = readCall({
  allowPositionals: true,
  options: { threads: { type: "string", default: "2" } },
});
const [data, ...folders] = positionals;
const { test } = readMulti30k(data);
if (folders.length < 2) wrongCall(`expected two model folders or more after the data's, got ${folders.length}`);

await startThreads(Number(values.threads));
const translators = given(() => folders.map((folder) => seq2seq.Translator.load(folder)));
const scores = translators.map((translator) => testBleu(translator, test));
for (const [i, folder] of folders.entries()) console.log(`${folder}: BLEU ${scores[i].toFixed(2)}`);
console.log(`mean: ${(scores.reduce((a, b) => a + b) / scores.length).toFixed(2)}`);
console.log(`together: ${testBleu(new seq2seq.TranslatorEnsemble(translators), test).toFixed(2)}`);
