// Do the runtimes of ONNX make of an exported model what the library makes of it? node test/onnx/run.mjs, after
//   npm run build && npm install --prefix test/onnx --ignore-scripts --no-package-lock
//
// In onnxruntime-node and in onnxruntime-web (wasm): logits of models of every kind within 1e-4 over sources of unequal lengths
// in one batch; the same greedy tokens for 500 sentences by the translator in the package and by trained ones of each cell,
// two layers in both directions; and README's example. Exits with 1 where one fails; where the runtimes are not installed it
// says so, which counts as a failure where CI is set.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadRuntimes, open } from "./runtimes.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const TOLERANCE = 1e-4;
const SENTENCES = 500;

const runtimes = await loadRuntimes();
if (runtimes === null) {
  const how = "npm install --prefix test/onnx --ignore-scripts --no-package-lock";
  console.log(`onnx: not checked, as the runtimes are not installed (${how})`);
  process.exit(process.env.CI ? 1 : 0);
}

// Behind the question whether there is anything to run them with.
const { Generator, seq2seq } = await import("seqgrad");
const { loadPretrained } = await import("seqgrad/pretrained");
const { differences, generatorDifferences, sameTokens } = await import("./compare.mjs");
const { randomGenerators, randomTranslators, sentences, trainedTranslator } = await import("./models.mjs");

let passed = 0;
let failed = 0;

function report(isFine, name, what) {
  if (isFine) passed++;
  else failed++;
  console.log(`${isFine ? "ok    " : "FAILED"} ${name}: ${what}`);
}

function reportDifferences(name, most, tolerance = TOLERANCE) {
  const isFine = Object.values(most).every((value) => value < tolerance);
  const numbers = Object.entries(most).map(([what, value]) => `${what} ${value.toExponential(1)}`);
  report(isFine, name, `largest difference of ${numbers.join(", ")}`);
}

const generator = new Generator(3);
const randomIds = (length, size) => Array.from({ length }, () => 4 + generator.integer(size - 4));

for (const runtime of runtimes) {
  console.log(runtime.name);
  for (const { name, translator } of randomTranslators()) {
    const { inputSize, outputSize } = translator.model.config;
    const sources = [5, 1, 9, 0, 3, 9, 2].map((length) => randomIds(length, inputSize));
    const targets = [6, 12, 1, 8, 3, 12, 7].map((length) => randomIds(length, outputSize));
    const opened = await open(runtime, seq2seq.exportOnnx(translator));
    reportDifferences(name, await differences(translator, opened, sources, targets));
  }
  for (const { name, generator: own } of randomGenerators()) {
    const opened = await open(runtime, seq2seq.exportOnnx(own));
    const targets = [12, 5, 9].map((length) => randomIds(length, own.model.config.outputSize));
    reportDifferences(name, await generatorDifferences(own, opened, targets));
  }
}

// One step of 757 has to choose between two places of its sentence that are alike to it: the runtimes themselves differ there by
// 0.7e-4 from one another.
const ours = { translator: loadPretrained(), texts: sentences(3, SENTENCES), tolerance: 2 * TOLERANCE };
const trained = { "the translator in the package": ours };
for (const cell of ["gru", "lstm", "rnn"]) {
  const translator = await trainedTranslator(cell);
  trained[`trained, ${cell}, two layers, both directions`] = { translator, texts: sentences(2, SENTENCES) };
}
for (const runtime of runtimes) {
  for (const [name, { translator, texts, tolerance }] of Object.entries(trained)) {
    const opened = await open(runtime, seq2seq.exportOnnx(translator));
    const same = await sameTokens(translator, opened, texts);
    report(
      same === texts.length,
      `${name}, ${runtime.name}`,
      `the same tokens for ${same} of ${texts.length} sentences`,
    );
    const some = texts.slice(0, 100);
    const ids = (language) => (text) => Array.from(seq2seq.encodeText(language, text));
    const targets = translator.translate(some).map(ids(translator.target));
    const most = await differences(translator, opened, some.map(ids(translator.source)), targets);
    reportDifferences(`${name}, ${runtime.name}`, most, tolerance);
  }
}

/** README's program, in a folder with the model that its command exports. */
function runExample() {
  const readme = readFileSync(join(here, "..", "..", "README.md"), "utf8");
  const code = [...readme.matchAll(/```js\n([\s\S]*?)```/g)]
    .map(([, own]) => own)
    .find((own) => own.includes("onnxruntime"));
  const folder = mkdtempSync(join(here, "example-"));
  try {
    const command = join(here, "..", "..", "dist", "cli", "main.js");
    loadPretrained().save(join(folder, "my-model"));
    const args = ["export", "--model", "my-model", "--format", "onnx", "--out", "my-model-onnx"];
    execFileSync(process.execPath, [command, ...args], { cwd: folder, stdio: "pipe" });
    writeFileSync(join(folder, "example.mjs"), code);
    const said = execFileSync(process.execPath, ["example.mjs"], { cwd: folder, encoding: "utf8" }).trim();
    const [, wanted] = /console\.log.*; \/\/ (.*)/.exec(code);
    report(said === wanted, "README's example", `said ${said}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
runExample();

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
