// What does the translator in the package take? node bench/pretrained.mjs [PROCESSES]
//
// Printed: French words a second of unseen sentences of the built-in corpus, greedy, all together, the best of five times
// through, on one thread unless SEQGRAD_THREADS says otherwise; and what `seqgrad translate TEXT` takes beyond an empty Node
// process (median over many processes of both kinds, by turns).
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { dist, loadSeqgrad } from "./peers/library.mjs";
import { load, quiet } from "./peers/machine.mjs";
import { median } from "./peers/merge.mjs";

const processes = Number(process.argv[2] ?? 15);
process.env.SEQGRAD_THREADS ??= "1";
const { getNumThreads, kernelSet } = await loadSeqgrad();
const entry = (name) => import(pathToFileURL(join(dist, name, "index.js")).href);
const { loadPretrained } = await entry("pretrained");
const { corpusSplits } = await entry("corpus");

function timed(body) {
  const started = performance.now();
  body();
  return performance.now() - started;
}

const busy = await quiet(60);
const { unseenSentences } = corpusSplits({ level: 3, trainSize: 50_000, testSize: 2000, seed: 2 });
const sources = unseenSentences.map(({ source }) => source);
const translator = loadPretrained();
const words = translator.translate(sources).reduce((sum, text) => sum + text.split(" ").length, 0);
const whole = Array.from({ length: 5 }, () => timed(() => translator.translate(sources)));

const text = "the black cat is sleeping";
const run = (args) => timed(() => execFileSync(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] }));
const bare = [];
const added = [];
for (let i = 0; i < processes; i++) {
  bare.push(run(["--input-type=module", "--eval", ""]));
  // Neighbours met the same machine, so that their difference is steadier than either.
  added.push(run([join(dist, "cli", "main.js"), "translate", text]) - bare.at(-1));
}
console.log(`Node ${process.versions.node}, kernels ${kernelSet}, ${getNumThreads()} threads, load ${load()}`);
console.log(`${(100 * busy).toFixed(0)} % of the machine busy before`);
console.log(
  `${((1000 * words) / Math.min(...whole)).toFixed(0)} words/s of ${sources.length} sentences (bound 10,000)`,
);
const ms = (samples) => `${median(samples).toFixed(0)} ms`;
console.log(`translate "${text}": ${ms(added)} beyond an empty process of ${ms(bare)} (bound 300 ms)`);
