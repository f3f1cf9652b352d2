import type { Utterance } from "../../src/seq2seq/index.js";
import { Generator } from "../../src/tensor/index.js";
import { tone } from "./tones.js";

const HERTZ = { a: 400, b: 1000, c: 2400 } as const;

/** Recordings of one to three tones with gaps between them, each tone a letter: a small language of beeps. */
export function beeps(count: number, seed: number, sampleRate = 8000): Utterance[] {
  const generator = new Generator(seed);
  return Array.from({ length: count }, () => {
    const letters = Array.from(
      { length: 1 + generator.integer(3) },
      () => "abc"[generator.integer(3)] as "a" | "b" | "c",
    );
    const parts = letters.flatMap((letter) => [
      new Float32Array(Math.round((0.02 + 0.02 * generator.random()) * sampleRate)),
      tone(HERTZ[letter], sampleRate, 0.06 + 0.03 * generator.random()),
    ]);
    const samples = Float32Array.from(parts.flatMap((part) => Array.from(part)));
    return { sound: { sampleRate, channels: [samples] }, text: letters.join("") };
  });
}

/** Settings with which a small model learns them in a second or two. */
export const beepSettings = {
  ...{
    sampleRate: 8000,
    bands: 16,
    hop: 20,
    window: 40,
    batchSize: 8,
    lr: 0.02,

    epochs: 12,
    seed: 1,
    threads: 1,
  },
  lrDecay: "linear",
  model: { hiddenSize: 24, bidirectional: true, conditional: true },
} as const;
