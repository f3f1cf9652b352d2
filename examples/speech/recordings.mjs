// What the examples of spoken digits share: the recordings of a folder, and strings of digits joined from them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { seq2seq } from "seqgrad";

const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const NAME = /^([0-9])_(.+)_([0-9]+)\.wav$/;

/** Recordings `{digit}_{speaker}_{index}.wav` of a folder: their sound, text, speaker and index. Ends the program on none. */
export function readRecordings(folder, option = "a folder") {
  const names = folder && existsSync(folder) ? readdirSync(folder).filter((name) => NAME.test(name)) : [];
  if (names.length === 0) {
    const lack = !folder ? "none" : `${folder}, ${existsSync(folder) ? "without any" : "which does not exist"}`;
    console.error(`expected ${option} with recordings {digit}_{speaker}_{index}.wav, such as 7_jackson_32.wav,`);
    console.error(
      `as the Free Spoken Digit Dataset has them (github.com/Jakobovski/free-spoken-digit-dataset);\ngot ${lack}`,
    );
    process.exit(2);
  }
  return names.map((name) => {
    const [, digit, speaker, index] = NAME.exec(name);
    const sound = seq2seq.readWav(readFileSync(join(folder, name)), name);
    return { sound, text: WORDS[digit], speaker, index: Number(index) };
  });
}

/** One of some things. */
const pick = (items, generator) => items[generator.integer(items.length)];

/**
 * A string of `fewest` to `most` digits that one speaker says: recordings joined with silence of up to 0.4 s before each and
 * after the last, all in white noise of 15 to 30 dB.
 */
export function joinDigits(recordings, [fewest, most], generator) {
  const { speaker } = pick(recordings, generator);
  const own = recordings.filter((one) => one.speaker === speaker);
  const digits = Array.from({ length: fewest + generator.integer(most - fewest + 1) }, () => pick(own, generator));
  const { sampleRate } = digits[0].sound;
  const parts = digits.flatMap(({ sound }) => [silence(sampleRate, generator), seq2seq.mono(sound.channels)]);
  parts.push(silence(sampleRate, generator));
  const samples = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  const noisy = seq2seq.addNoise(samples, 15 + 15 * generator.random(), generator);
  return { sound: { sampleRate, channels: [noisy] }, text: digits.map(({ text }) => text).join(" ") };
}

function silence(sampleRate, generator) {
  return new Float32Array(generator.integer(Math.floor(0.4 * sampleRate)));
}
