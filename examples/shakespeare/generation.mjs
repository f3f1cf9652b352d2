// A network that writes like Shakespeare, letter by letter.
//
//   npm run build && node examples/shakespeare/generation.mjs FILE [--preset shakespeare-3min] [--context "ROMEO:"]
//     [--out shakespeare] [--threads 2] [--seed 1] [--epochs N]
//
// FILE is a text, such as "tiny Shakespeare", the 1,115,394 characters that char-rnn was shown with:
// https://github.com/karpathy/char-rnn/blob/master/data/tinyshakespeare/input.txt. Its last tenth is the test; the model is
// chosen by the first fortieth (what stands right before the test is of the same play, and trains). How it is trained, in
// presets/shakespeare-3min.json and presets/shakespeare.json. The model goes to the folder --out, with a chart of its loss over time.
//
// Measured (shakespeare-3min, seed 1, Node 24): 1.4858 nats a character on the test, after 5 minutes of one core; by the other
// preset (shakespeare) 1.4388, after 55 minutes of one core.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Generator, seq2seq, startThreads } from "seqgrad";
import { readCall } from "../call.mjs";
import { readPreset } from "../preset.mjs";
import { report } from "../report.mjs";

const { values, positionals } = readCall({
  allowPositionals: true,
  options: {
    preset: { type: "string", default: "shakespeare-3min" },
    context: { type: "string", default: "ROMEO:" },
    out: { type: "string", default: "shakespeare" },
    threads: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    epochs: { type: "string" },
  },
});
const [file] = positionals;
if (file === undefined || !existsSync(file)) {
  console.error("expected a file of text, such as tiny Shakespeare's input.txt, of which the last tenth is the test");
  console.error(`got ${file === undefined ? "none" : `${file}, which does not exist`}`);
  process.exit(2);
}
const text = readFileSync(file, "utf8");
const preset = readPreset(values.preset);
const [threads, seed, epochs] = [values.threads, values.seed, values.epochs ?? preset.epochs].map(Number);

const [validEnd, testStart] = [1 / 40, 9 / 10].map((part) => Math.floor(part * text.length));
await startThreads(threads);
const { onValidation, ...reports } = report();
const lines = ["training", "validation"].map((name) => ({ name, points: [] }));
const { generator } = await seq2seq.trainTextGenerator({
  ...{ ...preset, folder: values.out, overwrite: true, threads, seed, epochs, ...reports },
  train: text.slice(validEnd, testStart),
  valid: text.slice(0, validEnd),
  onValidation(validation) {
    onValidation(validation);
    const { seconds, trainLoss, loss } = validation;
    lines[0].points.push([seconds, trainLoss ?? Number.NaN]);
    lines[1].points.push([seconds, loss]);
  },
});

// Bold, as it comes, and from a few likely letters only.
for (const sampling of [{ temperature: 0.5 }, { temperature: 1 }, { topK: 5 }, { topP: 0.9 }]) {
  const [written] = generator.generate([values.context], { length: 400, generator: new Generator(seed), ...sampling });
  console.log(`--- ${Object.entries(sampling).join(" ").replace(",", " ")}\n${values.context}${written}\n`);
}
const picture = join(values.out, "loss.svg");
const title = "Loss over the time of training";
writeFileSync(picture, seq2seq.drawLines({ title, xLabel: "seconds", yLabel: "nats a character", lines }));
const testLoss = generator.loss(text.slice(testStart));
console.log(`${picture} shows the training; test: ${testLoss.toFixed(4)} nats a character`);
