// A story and a question in, the answer out: "Where is the violin? Nora ran to the attic. Nora took the violin. …" → "attic".
//
//   npm run build && node examples/questions/answers.mjs [--task two] [--stories 10000] [--epochs 12] [--out questions]
//     [--threads 2] [--seed 1]
//
// The tasks are "one" (where is somebody), "two" (where is a thing: who had it last, and where was he then) and "yesno" (is
// somebody there), in worlds that worlds.mjs makes up. The model reads the question first, and so knows what to look for.
//
// Measured: not yet.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Generator, seq2seq, startThreads } from "seqgrad";
import { countExact, differentPairs } from "../digits/strings.mjs";
import { report } from "../report.mjs";
import { drawStory, tasks } from "./worlds.mjs";

const UNSEEN = 1000;
const number = (initial) => ({ type: "string", default: String(initial) });
const { values } = parseArgs({
  options: {
    task: { type: "string", default: "two" },
    out: { type: "string", default: "questions" },
    ...{ stories: number(10_000), epochs: number(12), threads: number(2), seed: number(1) },
    ...{ hidden: number(64), layers: number(2), lr: number(0.005), batch: number(64), model: { type: "string", default: "{}" }, chain: { type: "boolean" }, ends: { type: "boolean" } },
  },
});
const { task, out } = values;
const [stories, epochs, threads, seed, hiddenSize, numLayers, lr, batchSize] = ["stories", "epochs", "threads", "seed", "hidden", "layers", "lr", "batch"].map((name) => Number(values[name]));
if (!tasks.includes(task)) {
  console.error(`answers: expected --task ${tasks.join(", ")}, got ${task}`);
  process.exit(2);
}

const generator = new Generator(seed);
const pairs = differentPairs(stories + 2 * UNSEEN, () => {
  const { question, sentences, facts, answer } = drawStory(task, generator);
  const source = [question, ...sentences, ...(values.ends ? [question] : [])].join(" ");
  return { source, target: [...(values.chain ? facts : []), answer].join(" ") };
});
const [test, valid, train] = [pairs.slice(0, UNSEEN), pairs.slice(UNSEEN, 2 * UNSEEN), pairs.slice(2 * UNSEEN)];

await startThreads(threads);
const { translator } = await seq2seq.trainTranslator({
  ...{ train, valid, epochs, seed, threads, ...report() },
  model: { hiddenSize, numLayers, bidirectional: true, ...JSON.parse(values.model) },
  ...{ lr, lrDecay: "linear", batchSize, maxLength: 200 },
});

if (process.env.TEST) {
const { exact, wrong } = countExact(translator, test);
for (const { source, target, written } of wrong) console.log(`${source} → ${written}, not ${target}`);
console.log(`${exact} of ${test.length} answers about unseen stories are right`);
}
mkdirSync(out, { recursive: true });
for (const [i, v] of valid.slice(0,3).entries()) {
writeFileSync(join(out, `attention${i}.svg`), seq2seq.drawAlignment(translator.align(v.source)));
}
