import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketedBatches, makeBatch, padSources } from "../../../src/seq2seq/data/batch.js";
import { BOS, EOS, PAD } from "../../../src/seq2seq/text/vocabulary.js";
import { Generator } from "../../../src/tensor/index.js";
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
  });

  test("padSources does not change what it is given", () => {
    const sentence = [4, 5];
    expect(padSources([sentence, []]).ids.shape).toEqual([3, 2]);
    expect(sentence).toEqual([4, 5]);
  });
});

describe("bucketedBatches", () => {
  const pairs = randomPairs(1000, 5, 30);

  test("has every pair once, in batches of the size asked for but the last of a pool", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 64 }), fc.nat(), (count, size, seed) => {
        const batches = bucketedBatches(pairs.slice(0, count), size, new Generator(seed));
        expect(batches.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(batches.filter((batch) => batch.length !== size).length).toBeLessThanOrEqual(1);
        expect(batches).toHaveLength(Math.ceil(count / size));
      }),
    );
  });

  test("depends on the generator's state alone, and differs from epoch to epoch", () => {
    const generator = new Generator(3);
    const first = bucketedBatches(pairs, 16, generator);
    const second = bucketedBatches(pairs, 16, generator);
    expect(bucketedBatches(pairs, 16, new Generator(3))).toEqual(first);
    expect(second).not.toEqual(first);
    const sorted = (batches: number[][]) => batches.map((batch) => batch.toSorted((a, b) => a - b).join()).sort();
    expect(sorted(second)).not.toEqual(sorted(first)); // other batches, not the same ones in another order
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses batches of %d, which would never end", (size) => {
    const message = `bucketedBatches: expected batchSize ≥ 1, got ${size}`;
    expect(() => bucketedBatches(pairs, size, new Generator(1))).toThrow(new RangeError(message));
  });

  test("puts like lengths together, and the batches in no order of length", () => {
    const batches = bucketedBatches(pairs, 20, new Generator(1));
    const longest = batches.map((batch) => Math.max(...batch.map((i) => pairs[i].target.length)));
    const padded = batches.reduce((sum, batch, k) => sum + batch.length * longest[k], 0);
    const real = pairs.reduce((sum, { target }) => sum + target.length, 0);
    expect(padded / real).toBeLessThan(1.05);
    const turns = longest.filter((length, k) => k > 0 && length < longest[k - 1]).length;
    expect(turns).toBeGreaterThan(batches.length / 4);
  });
});
