import { describe, expect, test } from "vitest";
import { resample } from "../../../src/seq2seq/index.js";
import { tone } from "../../support/tones.js";
import { wrong } from "../../support/wrong.js";

/** The largest of samples that are far from both ends, where silence begins. */
function peak(samples: Float32Array): number {
  const fifth = Math.floor(samples.length / 5);
  return samples.subarray(fifth, -fifth).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

const RATES = [
  [16000, 8000],
  [8000, 16000],
  [44100, 16000],
  [22050, 8000],
  [48000, 44100],
  [8000, 11025],
  [15999, 8000], // more coefficients than are kept
  [44100, 44099],
] as const;

describe.each(RATES)("resample from %i to %i Hz", (from, to) => {
  const lower = Math.min(from, to);

  test.each([0.01, 0.1, 0.25, 0.4, 0.42])("keeps a tone of %f of the lower rate, its level and its phase", (part) => {
    const resampled = resample(tone(part * lower, from, 0.25), from, to);
    const expected = tone(part * lower, to, 0.25);
    expect(resampled.length).toBe(Math.ceil((Math.round(from * 0.25) * to) / from));
    const difference = resampled.map((sample, t) => sample - (expected[t] ?? 0));
    expect(peak(difference)).toBeLessThan(0.5e-3); // 60 dB below the tone, images and aliases included
  });

  test("keeps a constant", () => {
    const resampled = resample(new Float32Array(5000).fill(0.5), from, to);
    expect(peak(resampled.map((sample) => sample - 0.5))).toBeLessThan(1e-6);
  });

  test.runIf(to < from)("has no alias above −60 dB of a tone that the lower rate cannot hold", () => {
    for (const part of [0.5, 0.51, 0.55, 0.65, 0.8, 0.99]) {
      const frequency = part * lower;
      if (frequency < from / 2) expect(peak(resample(tone(frequency, from, 0.25), from, to))).toBeLessThan(0.5e-3);
    }
  });
});

describe("resample", () => {
  test("to the same rate is a copy", () => {
    const samples = Float32Array.of(1, 2, 3);
    const copy = resample(samples, 8000, 8000);
    expect([...copy]).toEqual([1, 2, 3]);
    expect(copy.buffer).not.toBe(samples.buffer);
  });

  test("of nothing is nothing, and of one sample what the filter gives", () => {
    expect(resample(new Float32Array(0), 8000, 16000).length).toBe(0);
    const [first, second] = resample(Float32Array.of(1), 8000, 16000);
    expect(first).toBeCloseTo(0.92, 3);
    expect(second).toBeCloseTo(0.92 * (Math.sin(0.46 * Math.PI) / (0.46 * Math.PI)), 2);
  });

  test("refuses what is no sound and no rate", () => {
    const x = new Float32Array(4);
    expect(() => resample(wrong([1, 2]), 8000, 16000)).toThrow(
      new TypeError("resample: expected samples in a Float32Array, got [1, 2]"),
    );
    expect(() => resample(Float32Array.of(0, Number.NaN), 8000, 16000)).toThrow(
      new RangeError("resample: expected finite samples, got NaN at 1"),
    );
    const loud = Float32Array.from({ length: 120 }, (_, i) => (i < 60 ? 3.4e38 : -3.4e38)); // its edge swings beyond
    expect(() => resample(loud, 8000, 16000)).toThrow(
      /^resample: expected a result that 32-bit floats hold, got -?Infinity for its sample \d+$/,
    );
    expect(() => resample(x, 0, 16000)).toThrow(
      new RangeError("resample: expected from to be an integer from 100 to 1000000, got 0"),
    );
    expect(() => resample(x, 8000, 16000.5)).toThrow("resample: expected to to be an integer from 100 to 1000000");
    expect(() => resample(x, 8000, 1e9)).toThrow(RangeError);
  });
});
