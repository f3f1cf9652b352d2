import { describe, expect, test } from "vitest";
import { addNoise, filterAugment, logMel, maskFrames, perturbSpeed } from "../../../src/seq2seq/index.js";
import { Generator, randn, zeros } from "../../../src/tensor/index.js";
import { tone } from "../../support/tones.js";
import { wrong } from "../../support/wrong.js";

const power = (samples: ArrayLike<number>): number =>
  Array.from(samples).reduce((sum, x) => sum + x * x, 0) / samples.length;

describe("perturbSpeed", () => {
  test("makes a sound shorter and higher, or longer and lower", () => {
    const sound = tone(400, 8000, 1);
    for (const [factor, length, hertz] of [
      [1.25, 6400, 500],
      [0.8, 10_000, 320],
    ]) {
      const other = perturbSpeed(sound, factor);
      expect(other.length).toBe(length);
      const [got, expected] = [other, tone(hertz, 8000, length / 8000)].map((samples) =>
        logMel(samples, { sampleRate: 8000 }).data.slice(40 * 20, 40 * 21),
      );
      expect(got.indexOf(Math.max(...got))).toBe(expected.indexOf(Math.max(...expected)));
      expect(power(other)).toBeCloseTo(power(sound), 2);
    }
    expect(perturbSpeed(sound, 1.001)).toEqual(sound); // whole per cents
  });

  test.each([0, 0.09, 11, Number.NaN, wrong("2")])("refuses a factor of %s", (factor) => {
    expect(() => perturbSpeed(new Float32Array(9), factor)).toThrow(
      /perturbSpeed: expected factor to be a number from 0.1 to 10/,
    );
  });
});

describe("addNoise", () => {
  test("adds noise of the ratio that is asked for, the same for a seed", () => {
    const sound = tone(440, 8000, 2);
    for (const snr of [-10, 0, 10]) {
      const noisy = addNoise(sound, snr, new Generator(3));
      const noise = noisy.map((x, i) => x - sound[i]);
      expect(10 * Math.log10(power(sound) / power(noise))).toBeCloseTo(snr, 0);
      expect(Math.abs(noise.reduce((sum, x) => sum + x, 0) / noise.length)).toBeLessThan(0.05);
      expect(noisy).toEqual(addNoise(sound, snr, new Generator(3)));
      expect(noisy).not.toEqual(addNoise(sound, snr, new Generator(4)));
    }
    expect(addNoise(new Float32Array(4), 10, new Generator(1))).toEqual(new Float32Array(4));
  });

  test.each<[() => unknown, string]>([
    [() => addNoise(wrong([1]), 10, new Generator()), "addNoise: expected samples in a Float32Array"],
    [
      () => addNoise(Float32Array.of(Number.NaN), 10, new Generator()),
      "addNoise: expected finite samples, got NaN at 0",
    ],
    [
      () => addNoise(new Float32Array(3).fill(3e38), -200, new Generator(1)),
      "addNoise: expected a result that 32-bit floats hold, got ",
    ],
    [
      () => addNoise(new Float32Array(1), Number.POSITIVE_INFINITY, new Generator()),
      "addNoise: expected snr to be a number in [-200, 200], got Infinity",
    ],
  ])("refuses what it cannot do: %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("maskFrames", () => {
  const frames = randn([50, 12], { generator: new Generator(1) });
  const mean = Math.fround([...frames.data].reduce((sum, x) => sum + x, 0) / 600);
  /** Which frames and which bands are masked altogether. */
  function maskedIn(options: { timeMask?: number; frequencyMask?: number; masks?: number }, seed: number) {
    const rows = maskFrames(frames, { ...options, generator: new Generator(seed) }).toArray() as number[][];
    const before = frames.toArray() as number[][];
    const isMasked = rows.map((row, t) =>
      row.map((value, b) => value !== before[t][b] && Math.abs(value - mean) < 1e-6),
    );
    const changed = rows.flatMap((row, t) => row.filter((value, b) => value !== before[t][b])).length;
    const times = isMasked.flatMap((row, t) => (row.every(Boolean) ? [t] : []));
    const bands = before[0].flatMap((_, b) => (isMasked.every((row) => row[b]) ? [b] : []));
    return { times, bands, changed };
  }

  test("masks runs of frames and runs of bands by the mean, and nothing else", () => {
    const lengths = new Set<number>();
    const begins = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const { times, bands, changed } = maskedIn({ timeMask: 7, frequencyMask: 4 }, seed);
      expect(changed).toBe(times.length * 12 + bands.length * 50 - times.length * bands.length);
      expect(times.length).toBeLessThanOrEqual(14);
      expect(bands.length).toBeLessThanOrEqual(8);
      const one = maskedIn({ timeMask: 7, masks: 1 }, seed).times;
      expect(one).toEqual(one.map((_, i) => one[0] + i)); // a run
      lengths.add(one.length);
      const { bands: own } = maskedIn({ frequencyMask: 4, masks: 1 }, seed);
      expect(own).toEqual(own.map((_, i) => own[0] + i));
      if (own.length === 4) begins.add(own[0]);
    }
    expect([...lengths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(begins.size).toBeGreaterThan(2);
  });

  test("masks no more than a fifth of the frames in a run, and may mask none", () => {
    const lengths = Array.from({ length: 60 }, (_, seed) => maskedIn({ timeMask: 99, masks: 1 }, seed).times.length);
    expect(Math.max(...lengths)).toBe(10);
    expect(maskedIn({}, 1).changed).toBe(0);
    expect(maskFrames(zeros([3, 2]), { timeMask: 9, frequencyMask: 9, generator: new Generator(1) }).shape).toEqual([
      3, 2,
    ]);
  });

  test.each<[() => unknown, string]>([
    [() => maskFrames(wrong([[1]]), { generator: new Generator() }), "maskFrames: expected a tensor"],
    [
      () => maskFrames(zeros([3]), { generator: new Generator() }),
      "maskFrames: expected frames [frames, bands], got [3]",
    ],
    [
      () => maskFrames(frames, { timeMask: -1, generator: new Generator() }),
      "maskFrames: expected timeMask to be an integer ≥ 0, got -1",
    ],
    [() => maskFrames(frames, wrong({ time_mask: 3 })), "did you mean timeMask?"],
    [
      () => maskFrames(frames, wrong({ timeMask: 3 })),
      "maskFrames: expected generator to be a Generator, got undefined",
    ],
    [() => maskFrames(frames, wrong({ generator: 5 })), "maskFrames: expected generator to be a Generator, got 5"],
  ])("refuses what it cannot do: %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("filterAugment", () => {
  test("adds to each band its own part of so many dB, on straight lines between few of them, the same for a seed", () => {
    const frames = randn([5, 40], { generator: new Generator(1) });
    const most = (6 * Math.LN10) / 10;
    let largest = 0;
    for (let seed = 0; seed < 20; seed++) {
      const changed = filterAugment(frames, 6, new Generator(seed));
      expect(changed.data).toEqual(filterAugment(frames, 6, new Generator(seed)).data);
      const gains = Array.from({ length: 5 }, (_, t) =>
        Array.from({ length: 40 }, (_, band) => changed.data[t * 40 + band] - frames.data[t * 40 + band]),
      );
      for (const own of gains) own.forEach((gain, band) => void expect(gain).toBeCloseTo(gains[0][band], 5));
      const bends = gains[0].slice(2).filter((gain, i) => Math.abs(gain - 2 * gains[0][i + 1] + gains[0][i]) > 1e-5);
      expect(bends.length).toBeLessThanOrEqual(4);
      largest = Math.max(largest, ...gains[0].map(Math.abs));
    }
    expect(largest).toBeLessThanOrEqual(most + 1e-6);
    expect(largest).toBeGreaterThan(0.8 * most);
    expect(filterAugment(frames, 0, new Generator(1)).data).toEqual(frames.data);
    expect(filterAugment(zeros([4, 0]), 3, new Generator(1)).shape).toEqual([4, 0]);
    expect(filterAugment(zeros([2, 1], { dtype: "float64" }), 3, new Generator(1)).shape).toEqual([2, 1]);
  });

  test.each<[() => unknown, string]>([
    [() => filterAugment(zeros([3]), 6, new Generator(1)), "filterAugment: expected frames [frames, bands], got [3]"],
    [
      () => filterAugment(zeros([3, 2]), -1, new Generator(1)),
      "filterAugment: expected decibels to be a number in [0, 200], got -1",
    ],
    [() => filterAugment(zeros([3, 2]), 6, wrong(undefined)), "filterAugment: expected generator to be a Generator"],
  ])("refuses what it cannot do: %#", (call, message) => {
    expect(call).toThrow(message);
  });
});
