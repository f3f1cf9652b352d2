import { expect, test } from "vitest";
import { logMel } from "../../../../src/seq2seq/index.js";
import { augmentedFrames } from "../../../../src/seq2seq/tasks/transcription/augmentation.js";
import { Generator } from "../../../../src/tensor/index.js";
import { tone } from "../../../support/tones.js";

const none = { speedPerturbation: 0, noise: null, shift: 0, filterAugment: 0, timeMask: 0, frequencyMask: 0 };
const options = { sampleRate: 8000, hop: 10, window: 10, bands: 8, normalize: "none" } as const;
const FLOOR = Math.fround(Math.log(1e-10));

test("a shift adds silence at each end, up to so much, or cuts off up to half as much", () => {
  const samples = tone(440, 8000, 0.5); // 51 frames
  const generator = new Generator(1);
  const ends = Array.from({ length: 60 }, () => {
    const frames = augmentedFrames(samples, options, { ...none, shift: 100 }, generator).toArray() as number[][];
    const isSilent = (frame: number[]): boolean => frame.every((x) => x === FLOOR);
    const first = frames.findIndex((frame) => !isSilent(frame));
    const after = [...frames].reverse().findIndex((frame) => !isSilent(frame));
    return { first, after, heard: frames.length - first - after };
  });
  const most = (of: (end: (typeof ends)[number]) => number): number => Math.max(...ends.map(of));
  expect(most(({ first }) => first)).toBeGreaterThan(8);
  expect(most(({ first }) => first)).toBeLessThanOrEqual(10);
  expect(most(({ after }) => after)).toBeGreaterThan(8);
  expect(most(({ after }) => after)).toBeLessThanOrEqual(10);
  const shortest = Math.min(...ends.map(({ heard }) => heard));
  expect(shortest).toBeLessThan(46); // of 51, with up to 5 off at each end
  expect(shortest).toBeGreaterThanOrEqual(41);
  expect(most(({ heard }) => heard)).toBeLessThanOrEqual(52);
});

test("a shift leaves most of what is short, and all of a single sample", () => {
  const options1 = { ...options, sampleRate: 1000, window: 1, hop: 1, bands: 1 };
  const generator = new Generator(2);
  for (const length of [1, 7, 80]) {
    const samples = new Float32Array(length).fill(0.5);
    for (let i = 0; i < 50; i++) {
      const frames = augmentedFrames(samples, options1, { ...none, shift: 1000 }, generator);
      expect(frames.shape[0]).toBeGreaterThan((3 * length) / 4);
    }
  }
});

test("without any, the frames are those of the sound", () => {
  const samples = tone(440, 8000, 0.1);
  const frames = augmentedFrames(samples, options, none, new Generator(1));
  const { normalize: _, ...rest } = options;
  expect(frames.data).toEqual(logMel(samples, rest).data);
});
