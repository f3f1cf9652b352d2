import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { reshape } from "../../../src/autograd/index.js";
import { hertzToMel, melToHertz } from "../../../src/seq2seq/audio/mel.js";
import { type LogMelOptions, logMel, normalizeFrames } from "../../../src/seq2seq/index.js";
import { Generator, randn, type Tensor, tensor, zeros } from "../../../src/tensor/index.js";
import { tone } from "../../support/tones.js";
import { wrong } from "../../support/wrong.js";

/** `test/golden/logMel.py` made it, and says what each key holds. */
interface Golden {
  readonly sounds: Readonly<Record<string, readonly number[]>>;
  readonly cases: readonly {
    readonly sound: string;
    readonly options: LogMelOptions;
    readonly frames: readonly (readonly number[])[];
    readonly normalized: readonly (readonly number[])[];
  }[];
}

const golden = JSON.parse(readFileSync(new URL("../../golden/logMel.json", import.meta.url), "utf8")) as Golden;
const soundOf = (name: string): Float32Array => Float32Array.from(golden.sounds[name], (sample) => sample / 32768);

/** The largest difference, relative to what is expected where that is above 1. */
function difference(got: Tensor, expected: readonly (readonly number[])[]): number {
  expect(got.shape).toEqual([expected.length, expected[0].length]);
  const flat = expected.flat();
  return [...got.data].reduce(
    (most, x, i) => Math.max(most, Math.abs(x - flat[i]) / Math.max(1, Math.abs(flat[i]))),
    0,
  );
}

const named = golden.cases.map((each) => [`${each.sound} ${JSON.stringify(each.options)}`, each] as const);

describe("logMel", () => {
  test.each(named)("agrees with numpy and PyTorch: %s", (_, { sound, options, frames }) => {
    expect(difference(logMel(soundOf(sound), options), frames)).toBeLessThan(1e-5);
  });

  test("shows a tone where it is, and silence at the floor", () => {
    const bands = 40;
    const corner = (i: number): number => melToHertz((hertzToMel(4000) * i) / (bands + 1));
    for (const band of [5, 20, 35]) {
      const frames = logMel(tone(corner(band + 1), 8000, 0.2), { sampleRate: 8000, bands }).toArray() as number[][];
      expect(frames[10].indexOf(Math.max(...frames[10]))).toBe(band);
    }
    const silent = logMel(new Float32Array(100), { sampleRate: 8000 });
    expect(new Set(silent.data)).toEqual(new Set([Math.fround(Math.log(1e-10))]));
  });

  test("with topDb, the same silence between words whatever a room adds there, and the rest as it was", () => {
    const spoken = tone(440, 8000, 0.2);
    const pause = (level: number): Float32Array => {
      const room = randn([1600], { generator: new Generator(1) }).data.map((x) => level * x);
      return Float32Array.from([...spoken, ...room]);
    };
    const [studio, quiet] = [0, 1e-5].map((level) => logMel(pause(level), { sampleRate: 8000, topDb: 60 }));
    expect([...studio.data.slice(-40 * 10)]).toEqual([...quiet.data.slice(-40 * 10)]);
    const all = logMel(pause(0), { sampleRate: 8000 });
    const least = Math.max(...all.data) - 6 * Math.LN10;
    expect(studio.data).toEqual(all.data.map((x) => Math.max(x, least)));
  });

  test("has as many frames as it says", () => {
    const lengthOf = (length: number, options: Partial<LogMelOptions> = {}): number =>
      logMel(new Float32Array(length), { sampleRate: 8000, ...options }).shape[0];
    expect([1, 79, 80, 8000].map((length) => lengthOf(length))).toEqual([1, 1, 2, 101]);
    expect([200, 279, 280, 8000].map((length) => lengthOf(length, { center: false }))).toEqual([1, 1, 2, 98]);
    expect(lengthOf(100, { window: 0.5, hop: 0.125, bands: 1 })).toBe(101); // four samples, and one
    expect(lengthOf(8000, { hop: 50 })).toBe(21); // further than a window is long
  });

  const x = new Float32Array(400);
  test.each<[() => unknown, string]>([
    [() => logMel(wrong([0, 1]), { sampleRate: 8000 }), "logMel: expected samples in a Float32Array, got [0, 1]"],
    [
      () => logMel(Float32Array.of(0, Number.POSITIVE_INFINITY), { sampleRate: 8000 }),
      "logMel: expected finite samples, got Infinity at 1",
    ],
    [() => logMel(new Float32Array(0), { sampleRate: 8000 }), "logMel: expected at least 1 samples, got 0"],
    [
      () => logMel(new Float32Array(199), { sampleRate: 8000, center: false }),
      "logMel: expected at least 200 samples, got 199",
    ],
    [() => logMel(x, wrong({})), "logMel: expected sampleRate to be an integer from 100 to 1000000, got undefined"],
    [
      () => logMel(x, { sampleRate: 8000, hop: 0.05 }),
      "logMel: expected a hop of at least one sample, got 0.05 ms at 8000 Hz",
    ],
    [
      () => logMel(x, { sampleRate: 8000, window: 1e9 }),
      "logMel: expected window to be a number above 0 and up to 1000",
    ],
    [
      () => logMel(x, { sampleRate: 8000, highFrequency: 4001 }),
      "logMel: expected highFrequency up to 4000, half the sampling rate, got 4001",
    ],
    [
      () => logMel(x, { sampleRate: 8000, lowFrequency: 300, highFrequency: 300 }),
      "logMel: expected lowFrequency below highFrequency, 300 Hz, got 300",
    ],
    [
      () => logMel(x, { sampleRate: 8000, bands: 128 }),
      "logMel: expected bands that each hold a frequency of the spectrum, one every 31.3 Hz; got band 0 of 128, 0.0 to 21.0 Hz: take fewer",
    ],
    [() => logMel(x, { sampleRate: 8000, topDb: 0 }), "logMel: expected topDb to be a finite number above 0, got 0"],
    [() => logMel(x, { sampleRate: 8000, preEmphasis: 1 }), "logMel: expected preEmphasis to be a number in [0, 1)"],
  ])("refuses what it cannot do: %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("normalizeFrames", () => {
  test.each(named)("agrees with PyTorch: %s", (_, { frames, normalized }) => {
    expect(difference(normalizeFrames(tensor(frames as number[][]), "band"), normalized)).toBeLessThan(1e-4);
  });

  test("leaves the frames as they are, makes 0 of what never changes, and keeps the dtype", () => {
    const frames = tensor(Float64Array.of(3, 1, 3, 2), [2, 2]);
    const normalized = normalizeFrames(frames, "band");
    expect(normalized.dtype).toBe("float64");
    const [[a, b], [c, d]] = normalized.toArray() as number[][];
    expect([a, c]).toEqual([0, 0]);
    expect(b).toBeCloseTo(-0.99998, 6);
    expect(d).toBeCloseTo(0.99998, 6);
    expect(frames.toArray()).toEqual([
      [3, 1],
      [3, 2],
    ]);
  });

  test("takes all bands together as if they were one, unless told otherwise", () => {
    const frames = randn([7, 5], { generator: new Generator(1) });
    const asOne = normalizeFrames(reshape(frames, [35, 1]), "band").data;
    expect(normalizeFrames(frames).data).toEqual(asOne);
    expect(normalizeFrames(frames, "recording").data).toEqual(asOne);
    expect(() => normalizeFrames(frames, wrong("time"))).toThrow(
      'normalizeFrames: expected part to be "recording" or "band", got "time"',
    );
  });

  test("refuses what are no frames", () => {
    expect(() => normalizeFrames(wrong([[1]]))).toThrow(
      new TypeError("normalizeFrames: expected a tensor, got [\u2026]"),
    );
    expect(() => normalizeFrames(zeros([3]))).toThrow("normalizeFrames: expected frames [frames, bands], got [3]");
    expect(() => normalizeFrames(zeros([0, 3]))).toThrow("expected frames [frames, bands], got [0, 3]");
  });
});
