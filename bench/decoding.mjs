// How fast does a saved model translate? node bench/decoding.mjs MODEL SRC [BEAM]
//
// MODEL is a folder that `seqgrad train` made, SRC a file of one sentence a line. Printed: sentences a second of the whole
// file, as `translate` has it on a file, the best of three times through; and the median of each sentence alone, as on a
// terminal. BEAM is 5 unless given, and so are two threads unless SEQGRAD_THREADS says otherwise.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { loadSeqgrad } from "./peers/library.mjs";
import { load } from "./peers/machine.mjs";
import { quantile } from "./peers/merge.mjs";

const [folder, file, beamGiven = "5"] = process.argv.slice(2);
const beam = Number(beamGiven);
if (!folder || !file || !Number.isInteger(beam) || beam < 1) {
  console.error("usage: node bench/decoding.mjs MODEL SRC [BEAM]");
  process.exit(2);
}
process.env.SEQGRAD_THREADS ??= "2";
const { getNumThreads, kernelSet, seq2seq } = await loadSeqgrad();
const translator = seq2seq.Translator.load(folder);
const lines = seq2seq.readLines(readFileSync(file), file);
const translate = (texts) => translator.translate(texts, { beam });

function timed(body) {
  const started = performance.now();
  body();
  return performance.now() - started;
}

const whole = [0, 1, 2].map(() => timed(() => translate(lines)));
const alone = lines.map((line) => timed(() => translate([line]))).sort((a, b) => a - b);
const part = (p) => `${quantile(alone, p).toFixed(1)} ms`;
console.log(`Node ${process.versions.node}, kernels ${kernelSet}, ${getNumThreads()} threads, load ${load()}`);
console.log(`${lines.length} sentences, beam ${beam}`);
console.log(`together: ${((1000 * lines.length) / Math.min(...whole)).toFixed(1)} sentences/s`);
console.log(`alone: median ${part(0.5)}, quartiles ${part(0.25)} and ${part(0.75)}`);
