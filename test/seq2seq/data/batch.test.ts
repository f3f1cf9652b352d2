import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeBatch, padSources } from "../../../src/seq2seq/data/batch.js";
import { BOS, EOS, PAD } from "../../../src/seq2seq/text/vocabulary.js";
import { randomPairs } from "../../support/models.js";

describe("makeBatch", () => {
  test("puts EOS after sources, BOS before what the decoder reads, PAD after the end", () => {
    const batch = makeBatch([
      { source: [5, 6], target: [7] },
      { source: [8], target: Int32Array.of(9, 10) },
    ]);
    expect(batch.source).toMatchObject({ shape: [3, 2], data: Int32Array.of(5, 8, 6, EOS, EOS, PAD) });
    expect(batch.sourceLengths).toEqual(Int32Array.of(3, 2));
    expect(batch.targetInput).toMatchObject({ shape: [3, 2], data: Int32Array.of(BOS, BOS, 7, 9, PAD, 10) });
    expect(batch.targetLengths).toEqual(Int32Array.of(2, 3));
    expect(batch.targets).toEqual(Int32Array.of(7, 9, EOS, 10, EOS));
    expect(batch.targetRows).toEqual(Int32Array.of(0, 1, 2, 3, 5));
  });

  test("lets every pair be read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(), (count, seed) => {
        const pairs = randomPairs(count, seed).map((pair, i) => (i % 4 ? pair : { source: [], target: [] }));
        const { source, sourceLengths, targetInput, targets, targetRows } = makeBatch(pairs);
        const column = (data: Int32Array, b: number) => Array.from(data).filter((_, at) => at % count === b);
        pairs.forEach((pair, b) => {
          const read = column(source.data, b);
          expect(read.slice(0, sourceLengths[b])).toEqual([...Array.from(pair.source), EOS]);
          expect(read.slice(sourceLengths[b]).every((id) => id === PAD)).toBe(true);
          expect(column(targetInput.data, b).slice(0, pair.target.length + 1)).toEqual([
            BOS,
            ...Array.from(pair.target),
          ]);
          const own = Array.from(targets).filter((_, n) => targetRows[n] % count === b);
          expect(own).toEqual([...Array.from(pair.target), EOS]);
        });
        expect(new Set(targetRows).size).toBe(targets.length);
      }),
    );
  });

  test("refuses no pairs", () => {
    expect(() => makeBatch([])).toThrow(new RangeError("makeBatch: expected at least one pair, got none"));
    expect(() => padSources([])).toThrow(new RangeError("padSources: expected at least one sentence, got none"));
  });

  test("padSources does not change what it is given", () => {
    const sentence = [4, 5];
    expect(padSources([sentence, []]).ids.shape).toEqual([3, 2]);
    expect(sentence).toEqual([4, 5]);
  });
});
