import { describe, expect, test } from "vitest";
import { FrameEncoder } from "../../../src/seq2seq/models/frameEncoder.js";
import { positionalEncoding } from "../../../src/seq2seq/models/positionalEncoding.js";
import { stateParts } from "../../../src/seq2seq/models/state.js";
import { Generator, randn } from "../../../src/tensor/index.js";

describe("positionalEncoding", () => {
  test("is of sines and cosines of the step, by pairs", () => {
    const all = positionalEncoding(50, 6, "float64");
    expect([all.shape, all.dtype]).toEqual([[50, 1, 6], "float64"]);
    const rows = all.toArray() as number[][][];
    for (const t of [0, 1, 7, 49]) {
      const angles = [t, t / 10_000 ** (1 / 3), t / 10_000 ** (2 / 3)];
      expect(rows[t][0]).toEqual(
        angles.flatMap((angle) => [Math.sin(angle), Math.cos(angle)]).map((x) => expect.closeTo(x, 12)),
      );
    }
    expect(positionalEncoding(2, 3, "float32").shape).toEqual([2, 1, 3]); // an odd size ends with a sine
  });

  test("is added to what attention reads, and to nothing else", () => {
    const make = (has: boolean) =>
      new FrameEncoder(3, 4, { positionalEncoding: has, bidirectional: true, generator: new Generator(1) });
    const source = randn([5, 2, 3], { generator: new Generator(2) });
    const [without, having] = [false, true].map((has) => make(has).encode(source, [5, 3]));
    const lasts = [without, having].map(({ last }) => stateParts(last).map(({ data }) => data));
    expect(lasts[1]).toEqual(lasts[0]);
    expect(having.lengths).toEqual(without.lengths);
    const places = positionalEncoding(5, 8, "float32").data;
    const expected = without.memory.data.map((value, i) => value + places[8 * Math.floor(i / 16) + (i % 8)]);
    expect(having.memory.data).toEqual(expected);
  });
});
