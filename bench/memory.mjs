// Does memory stay flat? node --expose-gc bench/memory.mjs [STEPS]
//
// Trains STEPS (10,000) steps at batch 64 on fresh random sentences and prints, ten times, the heap after a collection
// (what is really held), external memory, array buffers and resident memory.
import { loadSeqgrad } from "./peers/library.mjs";
import { newTraining, randomPairs, trainStep } from "./peers/work.mjs";

const steps = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(steps) || steps < 10)
  throw new Error(`memory: expected at least 10 steps, got ${process.argv[2]}`);
const VOCABULARY = 4000;
const BATCH = 64;
/** What 9/10 of the run may add to what is held after the first tenth; resident memory is only lent, and wavers. */
const ALLOWED_MB = { heapUsed: 2, external: 2, arrayBuffers: 2, rss: 20 };
const PEAK_MB = 250;

const seqgrad = await loadSeqgrad();
const training = newTraining(seqgrad, VOCABULARY);
const toMB = (bytes) => Number((bytes / 1e6).toFixed(1));

function held(step) {
  // A second collection frees the buffers of what the first one finalised.
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const all = { heapUsed, external, arrayBuffers, rss };
  return { step, ...Object.fromEntries(Object.entries(all).map(([name, bytes]) => [name, toMB(bytes)])) };
}

const rows = [];
const every = Math.floor(steps / 10);
const started = performance.now();
for (let step = 1; step <= steps; step++) {
  const batch = seqgrad.seq2seq.makeBatch(randomPairs(BATCH, 10, VOCABULARY, step));
  trainStep(seqgrad, training, batch);
  if (step % every === 0) {
    const row = held(step);
    rows.push(row);
    console.error(JSON.stringify(row));
  }
}

console.table(rows);
const seconds = (performance.now() - started) / 1000;
const growth = Object.keys(ALLOWED_MB).map((name) => [name, rows.at(-1)[name] - rows[0][name]]);
const flat = growth.every(([name, added]) => added <= ALLOWED_MB[name]);
const added = growth.map(([name, amount]) => `${name} ${amount >= 0 ? "+" : ""}${amount.toFixed(1)}`).join(", ");
const peak = toMB(process.resourceUsage().maxRSS * 1024);
console.log(`kernels ${seqgrad.kernelSet}, ${steps} steps in ${seconds.toFixed(0)} s, MB throughout`);
console.log(`${flat ? "flat" : "NOT flat"} after the first tenth: ${added}`);
console.log(`peak resident ${peak} (${peak <= PEAK_MB ? "within" : "ABOVE"} ${PEAK_MB})`);
if (!globalThis.gc) console.log("without --expose-gc the heap still holds what a collection would free");
if (!flat || peak > PEAK_MB) process.exitCode = 1;
