// Spoken digits written down: a recording → "seven"; in noise, strings of them → "seven three zero".
//
//   npm run build && node examples/speech/digits.mjs FOLDER [--strings] [--leave-out SPEAKER] [--test FOLDER2] [--out pictures]
//     [--epochs 40] [--digits-per-epoch 6000] [--hidden 128] [--threads 1] [--seed 1]
//
// FOLDER holds the Free Spoken Digit Dataset's recordings, {digit}_{speaker}_{index}.wav. Log-mel frames, some of them at once, go
// through a bidirectional encoder that joins every two of its outputs on the way up, and a decoder with attention spells the
// word. Each epoch hears every recording otherwise: faster or slower, earlier or later, in noise, and with stretches of time and of
// frequency masked, which is what makes so few recordings of six speakers enough.
//
// Recordings of indices 45 to 49 are the test, and of 5 to 9 for validation; all others train.
//   --strings: strings of 3 to 7 digits joined from one speaker's recordings with random gaps and noise; those that train are
//     others in each epoch, single digits in the first and of 1 to 7 from the seventh on (28 epochs unless --epochs says otherwise)
//   --leave-out SPEAKER: the test is all of that speaker's recordings, who is not trained on, each read at three speeds; "each":
//     every speaker in turn
//   --test FOLDER2: the test is that folder's recordings, and 45 to 49 of the others train, too
//
// Measured (seed 1): 298 of 300 single digits right (99.3 %), after 5 minutes of one core. 500 strings with a word error rate of
// 1.62 % (2,445 of 2,473 digits right, 12 too many; 464 strings without a mistake), after 12 minutes.
// Of speakers left out (each, 30 minutes of one core, Node 24): george 81.3 %, jackson 94.7, lucas 80.0, nicolas 78.0, theo 92.7
// and yweweler 86.2 % of 450 digits each; mean 85.5. (Read at one speed: 84.6; after --epochs 15, 82.4.)
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Generator, seq2seq, startThreads } from "seqgrad";
import { readCall } from "../call.mjs";
import { report } from "../report.mjs";
import { joinDigits, readRecordings } from "./recordings.mjs";

const text = { type: "string" };
const number = (initial) => ({ type: "string", default: String(initial) });
const sizes = {
  "digits-per-epoch": number(6000),
  "test-strings": number(500),
  hidden: number(128),
  threads: number(1),
};
const { values, positionals } = readCall({
  options: {
    ...sizes,
    seed: number(1),
    epochs: text,
    "leave-out": text,
    test: text,
    out: text,
    strings: { type: "boolean" },
  },
  allowPositionals: true,
});
const [digitsPerEpoch, testStrings, hiddenSize, threads] = Object.keys(sizes).map((name) => Number(values[name]));
const [seed, epochs] = [Number(values.seed), Number(values.epochs ?? (values.strings ? 28 : 40))];

const all = readRecordings(positionals[0]);
const given = values.test ? readRecordings(values.test, "--test: a folder") : null;
await startThreads(threads);

const leaveOut = values["leave-out"];
const speakers = leaveOut === "each" ? [...new Set(all.map(({ speaker }) => speaker))].sort() : [leaveOut];
const shares = [];
for (const speaker of speakers) shares.push(await trainAndTest(speaker));
if (shares.length > 1) {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  console.log(`mean over ${shares.length} speakers left out: ${(100 * mean).toFixed(1)} % of digits right`);
}

/** What trains, what validates and what tests, where a speaker may be left out. */
function split(leftOut) {
  const isTest = ({ speaker, index }) => (leftOut ? speaker === leftOut : !given && index >= 45);
  const others = all.filter((one) => !isTest(one));
  const [valid, train] = [true, false].map((is) => others.filter(({ index }) => (index >= 5 && index <= 9) === is));
  const test = given && !leftOut ? given : all.filter(isTest);
  const missing = Object.entries({ train, valid, test }).find(([, some]) => some.length === 0);
  if (!missing) return { train, valid, test };
  console.error(
    `expected recordings to train on, of indices 5 to 9 to validate, and to test; got none for ${missing[0]}`,
  );
  process.exit(2);
}

/** Trains, and tells which part of the digits in the test is right. */
async function trainAndTest(leftOut) {
  const { train, valid, test } = split(leftOut);
  const strings = (recordings, count, lengths, generator) =>
    Array.from({ length: count }, () => joinDigits(recordings, lengths, generator));
  let draws = 0; // one for the vocabulary, which a single word has no space for, and one for each epoch
  const longer = (generator) => {
    const longest = draws === 0 ? 7 : Math.min(draws, 7);
    draws++;
    return strings(train, Math.ceil((2 * digitsPerEpoch) / (1 + longest)), [1, longest], generator);
  };
  const data = values.strings
    ? {
        train: longer,
        valid: strings(valid, Math.ceil(testStrings / 3), [3, 7], new Generator(2)),
        test: strings(test, testStrings, [3, 7], new Generator(3)),
      }
    : { train, valid, test };

  const { transcriber } = await seq2seq.trainTranscriber({
    ...{ train: data.train, valid: data.valid, epochs, seed, threads, ...report() },
    ...(values.out ? { folder: join(values.out, leftOut ? `without-${leftOut}` : "model"), overwrite: true } : {}),
    ...{ sampleRate: 8000, topDb: 40, stack: values.strings ? 3 : 2, subsample: 1 },
    // Whom it has never heard speaks higher or lower than all that it has, through another microphone.
    ...(leftOut ? { speedPerturbation: 0.3, filterAugment: 9 } : { speedPerturbation: 0.2 }),
    ...{ shift: 60, noise: 15, timeMask: 8, frequencyMask: 8 },
    model: { hiddenSize, numLayers: 2, bidirectional: true, conditional: true, dropout: 0.3 },
    ...{ batchSize: 16, lr: 0.003, lrDecay: "linear", warmupSteps: 100, ema: 0.998, labelSmoothing: 0.1 },
  });

  const sounds = data.test.map(({ sound }) => sound);
  const written = leftOut ? ofThreeSpeeds(transcriber, sounds) : transcriber.transcribe(sounds, { beam: 4 });
  const references = data.test.map((one) => one.text);
  const wrong = [...references.keys()].filter((i) => written[i] !== references[i]);
  for (const i of wrong.slice(0, 5)) console.log(`"${references[i]}" was heard as "${written[i]}"`);
  const { score, substitutions, deletions, insertions, length } = seq2seq.wordErrorRate(written, references);
  const right = length - substitutions - deletions;
  const whose = leftOut ? `recordings of ${leftOut}` : "unseen recordings";
  console.log(`${references.length - wrong.length} of ${references.length} ${whose} without a mistake`);
  console.log(
    `${right} of ${length} digits right; word error rate ${score.toFixed(2)} % ` +
      `(${substitutions} substituted, ${deletions} missing, ${insertions} too many)`,
  );
  if (values.out) draw(transcriber, data.test[0].sound, leftOut);
  return right / length;
}

/** What is heard at other speeds, where both agree: a voice that is too high or low may be as those that it knows there. */
function ofThreeSpeeds(transcriber, sounds) {
  const [usual, slower, faster] = [1, 0.88, 1.12].map((factor) => {
    const played = sounds.map(({ sampleRate, channels }) => ({
      sampleRate,
      channels: factor === 1 ? channels : channels.map((samples) => seq2seq.perturbSpeed(samples, factor)),
    }));
    return transcriber.transcribe(played, { beam: 4 });
  });
  return usual.map((text, i) => (slower[i] === faster[i] ? slower[i] : text));
}

function draw(transcriber, sound, leftOut) {
  mkdirSync(values.out, { recursive: true });
  const file = join(values.out, leftOut ? `attention-${leftOut}.svg` : "attention.svg");
  const alignment = transcriber.align(sound);
  writeFileSync(file, seq2seq.drawSoundAlignment(alignment));
  console.log(`where it looked while it wrote "${alignment.text}": ${file}`);
}
