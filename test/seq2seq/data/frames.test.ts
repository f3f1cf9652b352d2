import { describe, expect, test } from "vitest";
import { makeBatch } from "../../../src/seq2seq/data/batch.js";
import { type Frames, makeFrameBatch, padFrames } from "../../../src/seq2seq/data/frames.js";
import { tensor, zeros } from "../../../src/tensor/index.js";
import { wrong } from "../../support/wrong.js";

describe("padFrames", () => {
  test("lays sequences side by side, with zeros past their ends, however they are given", () => {
    const [one, two] = [tensor([[1, 2], [3, 4], [5, 6]]), tensor([[7, 8]])]; // biome-ignore format: frames
    const { source, lengths } = padFrames([one, two]);
    expect(source.toArray()).toEqual([[[1, 2], [7, 8]], [[3, 4], [0, 0]], [[5, 6], [0, 0]]]); // biome-ignore format: [T, B, F]
    expect([...lengths]).toEqual([3, 1]);
    const plain = padFrames([
      { data: Float32Array.of(1, 2, 3, 4, 5, 6), frames: 3 },
      { data: [7, 8], frames: 1 },
    ]);
    expect(plain).toEqual({ source, lengths });
  });

  test.each<[readonly Frames[], string]>([
    [[], "padFrames: expected at least one sequence of frames, got none"],
    [wrong(zeros([2, 3])), "padFrames: expected a list of frames, got Tensor"],
    [[zeros([2, 3]), zeros([2, 4])], "padFrames: expected frames of 3 numbers, as the first, got 4 at 1"],
    [[zeros([4])], "padFrames: expected a tensor [T, F] or { data, frames }, got [4] at 0"],
    [wrong([[1, 2]]), "padFrames: expected a tensor [T, F] or { data, frames }, got [1, 2] at 0"],
    [wrong([null]), "padFrames: expected a tensor [T, F] or { data, frames }, got null at 0"],
    [[zeros([0, 3])], "padFrames: expected one frame or more, all of one width, got 0 numbers in 0 at 0"],
    [[zeros([2, 0])], "padFrames: expected one frame or more, all of one width, got 0 numbers in 2 at 0"],
    [
      [{ data: [1, 2, 3], frames: 2 }],
      "padFrames: expected one frame or more, all of one width, got 3 numbers in 2 at 0",
    ],
    [
      [{ data: [1, 2, 3], frames: 1.5 }],
      "padFrames: expected one frame or more, all of one width, got 3 numbers in 1.5 at 0",
    ],
    [
      [zeros([1, 2]), tensor([[1, 2], [3, Number.NaN]])], // biome-ignore format: frames
      "padFrames: expected finite numbers, got NaN in frame 1 at 1",
    ],
  ])("refuses %#", (sequences, message) => {
    expect(() => padFrames(sequences)).toThrow(message);
  });
});

describe("makeFrameBatch", () => {
  test("has the targets of a batch of tokens", () => {
    const targets = [[5, 6], [], [7, 4, 5]];
    const { source, sourceLengths, ...rest } = makeFrameBatch(
      targets.map((target, i) => ({ source: zeros([i + 1, 2]), target })),
    );
    expect(source.shape).toEqual([3, 3, 2]);
    expect([...sourceLengths]).toEqual([1, 2, 3]);
    const { source: _, sourceLengths: __, ...tokens } = makeBatch(targets.map((target) => ({ source: [4], target })));
    expect(rest).toEqual(tokens);
  });

  test.each([
    [wrong("a"), 'makeFrameBatch: expected a list of pairs, got "a"'],
    [wrong([{ source: zeros([1, 2]) }]), "makeFrameBatch: expected pairs { source, target } of frames and token ids"],
    [
      wrong([{ source: [1], target: [1] }]),
      "makeFrameBatch: expected pairs { source, target } of frames and token ids",
    ],
    [[], "padFrames: expected at least one sequence of frames, got none"],
  ])("refuses %#", (pairs, message) => {
    expect(() => makeFrameBatch(pairs)).toThrow(message);
  });
});
