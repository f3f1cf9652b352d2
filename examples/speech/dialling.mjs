// Dual-tone dialling: noisy audio of a telephone's keys → the digits that were dialled.
//
//   npm run build && node examples/speech/dialling.mjs [--strings 6000] [--epochs 7] [--threads 2] [--seed 1] [--out pictures]
//
// Each key is two tones at once, one for its row and one for its column (ITU-T Q.23); keys are pressed for 70 to 150 ms with
// gaps of 60 to 140 ms, and white noise lies over all of it with a tenth of the sound's power (10 dB).
//
// Measured (seed 1, Node 24): 999 of 1,000 unseen strings without a mistake; a minute of one core in all.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Generator, seq2seq, startThreads } from "seqgrad";
import { readCall } from "../call.mjs";
import { report } from "../report.mjs";

const SAMPLE_RATE = 8000;
const SNR = 10;
const KEYS = ["123", "456", "789", "*0#"];
const ROWS = [697, 770, 852, 941]; // Hz
const COLUMNS = [1209, 1336, 1477];

const number = (initial) => ({ type: "string", default: String(initial) });
const numbers = {
  strings: number(6000),
  unseen: number(1000),
  epochs: number(7),
  threads: number(2),
  seed: number(1),
};
const { values } = readCall({ options: { ...numbers, out: { type: "string" } } });
const [count, unseen, epochs, threads, seed] = Object.keys(numbers).map((name) => Number(values[name]));

/** A string of 3 to 10 digits, and its sound; `repeats` is how likely a digit is the one before again, beyond chance. */
function dial(generator, repeats = 0) {
  const between = (low, high) => Math.round((low + (high - low) * generator.random()) * SAMPLE_RATE);
  const digits = Array.from({ length: 3 + generator.integer(8) }, () => String(generator.integer(10)));
  for (let i = 1; i < digits.length; i++) if (generator.random() < repeats) digits[i] = digits[i - 1];
  const presses = digits.map((digit) => ({ digit, gap: between(0.06, 0.14), length: between(0.07, 0.15) }));
  const ending = between(0.05, 0.3);
  const samples = new Float32Array(presses.reduce((sum, { gap, length }) => sum + gap + length, ending));
  let at = 0;
  for (const { digit, gap, length } of presses) {
    at += gap;
    for (const hertz of tonesOf(digit)) addTone(samples.subarray(at, at + length), hertz);
    at += length;
  }
  const sound = seq2seq.addNoise(samples, SNR, generator);
  return { sound: { sampleRate: SAMPLE_RATE, channels: [sound] }, text: digits.join("") };
}

function tonesOf(key) {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  return [ROWS[row], COLUMNS[KEYS[row].indexOf(key)]];
}

function addTone(samples, hertz) {
  for (let t = 0; t < samples.length; t++) samples[t] += 0.3 * Math.sin((2 * Math.PI * hertz * t) / SAMPLE_RATE);
}

const dialled = (strings, generator, repeats) => Array.from({ length: strings }, () => dial(generator, repeats));
const test = dialled(unseen, new Generator(seed + 1));

await startThreads(threads);
const { transcriber } = await seq2seq.trainTranscriber({
  train: dialled(count, new Generator(seed), 0.3), // what is hard is to count a key that is pressed again
  valid: dialled(200, new Generator(seed + 2)),
  ...{ sampleRate: SAMPLE_RATE, window: 32, hop: 15, bands: 40, stack: 2 },
  ...{ epochs, seed, threads, ...report() },
  model: { hiddenSize: 64, bidirectional: true, conditional: true },
  ...{ batchSize: 16, lr: 0.005, lrDecay: "linear" },
});

const written = transcriber.transcribe(test.map(({ sound }) => sound));
const wrong = [...test.keys()].filter((i) => written[i] !== test[i].text);
for (const i of wrong.slice(0, 3)) console.log(`${test[i].text} was heard as ${written[i]}`);
console.log(`${test.length - wrong.length} of ${test.length} unseen strings without a mistake`);

if (values.out) {
  mkdirSync(values.out, { recursive: true });
  const file = join(values.out, "dialling.svg");
  writeFileSync(file, seq2seq.drawSoundAlignment(transcriber.align(test[0].sound)));
  console.log(`where it looked while it wrote ${written[0]}: ${file}`);
}
