import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BATCH_TOKENS, batchesByLength, bucketedBatches, groupsByLength } from "../../../src/seq2seq/data/bucket.js";
import { type EncodedPair, EncodedPairs } from "../../../src/seq2seq/data/pairs.js";
import { Generator } from "../../../src/tensor/index.js";
import { randomPairs } from "../../support/models.js";

const pairs = randomPairs(1000, 5, 30);
const longer = ({ source, target }: EncodedPair): number => Math.max(source.length, target.length);
const padded = (lengths: readonly number[]): number => lengths.length * (Math.max(...lengths) + 1);

describe("bucketedBatches", () => {
  test("has every pair once, in batches of the size asked for but the last of a pool", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 64 }), fc.nat(), (count, size, seed) => {
        const batches = bucketedBatches(pairs.slice(0, count), { batchSize: size }, new Generator(seed));
        expect(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, i) => i),
        );
        expect(batches.filter((batch) => batch.length !== size).length).toBeLessThanOrEqual(1);
        expect(batches).toHaveLength(Math.ceil(count / size));
      }),
    );
  });

  test("depends on the generator's state alone, and differs from epoch to epoch", () => {
    const generator = new Generator(3);
    const first = bucketedBatches(pairs, { batchSize: 16 }, generator);
    const second = bucketedBatches(pairs, { batchSize: 16 }, generator);
    expect(bucketedBatches(pairs, { batchSize: 16 }, new Generator(3))).toEqual(first);
    expect(second).not.toEqual(first);
    const sorted = (batches: Int32Array[]) => batches.map((batch) => batch.toSorted().join()).sort();
    expect(sorted(second)).not.toEqual(sorted(first)); // other batches, not the same ones in another order
  });

  test("of a number of tokens are full, of like lengths, and others in each epoch", () => {
    const generator = new Generator(3);
    const limits = { batchSize: Number.POSITIVE_INFINITY, batchTokens: 200 };
    const [first, second] = [bucketedBatches(pairs, limits, generator), bucketedBatches(pairs, limits, generator)];
    const sizes = first.map((batch) => padded([...batch].map((i) => longer(pairs[i]))));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
    expect(sizes.reduce((sum, size) => sum + size) / sizes.length).toBeGreaterThan(170);
    const composed = (batches: Int32Array[]) => new Set(batches.map((batch) => batch.toSorted().join()));
    const again = [...composed(second)].filter((batch) => composed(first).has(batch));
    expect(again.length).toBeLessThan(first.length / 10);
  });

  test("is of the lengths alone, however the pairs are kept", () => {
    const packed = new EncodedPairs();
    for (const { source, target } of pairs) packed.push(source, target);
    const limits = { batchSize: 8, batchTokens: 100 };
    expect(bucketedBatches(packed, limits, new Generator(1))).toEqual(bucketedBatches(pairs, limits, new Generator(1)));
  });

  // A run that was begun before batches were bounded by tokens has to be resumed with the batches that it had.
  test("gives the order that it has always given where no batch is too large", () => {
    const lengths = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
    const few = lengths.map((length, i) => ({
      source: new Int32Array(lengths[(i * 5) % 12]),
      target: new Int32Array(length),
    }));
    const batches = bucketedBatches(few, { batchSize: 5 }, new Generator(7));
    expect(batches.map((batch) => [...batch])).toEqual([
      [11, 5],
      [2, 10, 4, 8, 7],
      [3, 1, 6, 0, 9],
    ]);
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses batches of %d, which would never end", (size) => {
    const message = `bucketedBatches: expected batchSize ≥ 1, got ${size}`;
    expect(() => bucketedBatches(pairs, { batchSize: size }, new Generator(1))).toThrow(new RangeError(message));
  });

  test.each([0, -1, Number.NaN])("refuses batches of %d tokens", (batchTokens) => {
    const message = `bucketedBatches: expected batchTokens ≥ 1, got ${batchTokens}`;
    expect(() => bucketedBatches(pairs, { batchSize: 1, batchTokens }, new Generator(1))).toThrow(
      new RangeError(message),
    );
  });

  test("puts like lengths together, and the batches in no order of length", () => {
    const batches = bucketedBatches(pairs, { batchSize: 20 }, new Generator(1));
    const longest = batches.map((batch) => Math.max(...Array.from(batch, (i) => pairs[i].target.length)));
    const computed = batches.reduce((sum, batch, k) => sum + batch.length * longest[k], 0);
    const real = pairs.reduce((sum, { target }) => sum + target.length, 0);
    expect(computed / real).toBeLessThan(1.05);
    const turns = longest.filter((length, k) => k > 0 && length < longest[k - 1]).length;
    expect(turns).toBeGreaterThan(batches.length / 4);
  });
});

describe("the bound on tokens", () => {
  const long = (source: number, target: number): EncodedPair => ({
    source: new Int32Array(source),
    target: new Int32Array(target),
  });

  test("holds on both sides for all but single pairs, and no batch could have taken the next pair", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 200 }),
        fc.nat(),
        (lengths, batchSize, batchTokens, seed) => {
          const some = lengths.map(([source, target]) => long(source, target));
          const batches = bucketedBatches(some, { batchSize, batchTokens }, new Generator(seed));
          expect(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual([...some.keys()]);
          for (const batch of batches) {
            expect(batch.length).toBeLessThanOrEqual(batchSize);
            if (batch.length > 1) {
              expect(padded(Array.from(batch, (i) => longer(some[i])))).toBeLessThanOrEqual(batchTokens);
            }
          }
        },
      ),
    );
  });

  test.each([
    ["source", long(20_000, 3)],
    ["target", long(3, 20_000)],
  ])("leaves a pair of one long %s alone, and the others together", (_, outlier) => {
    const some = [...Array.from({ length: 255 }, () => long(3, 3)), outlier];
    const batches = bucketedBatches(some, { batchSize: 64 }, new Generator(1));
    expect(batches.find((batch) => batch.includes(255))).toHaveLength(1);
    expect(batches.length).toBeLessThanOrEqual(6);
  });

  test("does not touch ordinary batches: 64 pairs of a hundred tokens", () => {
    const some = Array.from({ length: 64 }, () => long(100, 100));
    expect(bucketedBatches(some, { batchSize: 64 }, new Generator(1))).toHaveLength(1);
    expect(BATCH_TOKENS).toBeGreaterThanOrEqual(64 * 101);
  });
});

describe("batchesByLength", () => {
  const lengths = Array.from({ length: 1000 }, (_, i) => 3 + (i % 4));
  const limits = { sentences: 16, tokens: 100 };

  test("has every sequence once, those of like length together, within both limits", () => {
    const batches = batchesByLength(lengths, limits, new Generator(1));
    expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    const own = batches.map((batch) => batch.map((i) => lengths[i]));
    expect(own.every((batch) => batch.length <= 16 && padded(batch) <= 100)).toBe(true);
    expect(own.filter((batch) => new Set(batch).size > 1).length).toBeLessThan(batches.length / 10);
    expect(batchesByLength(lengths, limits, new Generator(1))).toEqual(batches);
    expect(batchesByLength(lengths, limits, new Generator(2))).not.toEqual(batches);
    expect(
      batchesByLength(lengths, { ...limits, sentences: Number.POSITIVE_INFINITY }, new Generator(1)).flat(),
    ).toHaveLength(1000);
  });

  test("mixes sequences of one length, wherever they stand in the data", () => {
    const same = new Array<number>(640).fill(5);
    const batches = batchesByLength(same, { sentences: 64 }, new Generator(1));
    expect(batches).toHaveLength(10);
    for (const batch of batches) {
      const early = batch.filter((i) => i < 320).length;
      expect(Math.abs(early - 32)).toBeLessThan(16);
    }
  });
});

describe("groupsByLength", () => {
  test("has every index once, shortest first and equal ones in their order, within both limits", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50)),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 150 }),
        (lengths, sentences, tokens) => {
          const groups = groupsByLength(lengths, { sentences, tokens });
          const order = [...lengths.keys()].sort((a, b) => lengths[a] - lengths[b] || a - b);
          expect(groups.flat()).toEqual(order);
          for (const [k, group] of groups.entries()) {
            const own = group.map((i) => lengths[i]);
            expect(group.length === 1 || (group.length <= sentences && padded(own) <= tokens)).toBe(true);
            // Full: one more would have been too many.
            if (k + 1 === groups.length) continue;
            const more = [...own, lengths[groups[k + 1][0]]];
            expect(more.length > sentences || padded(more) > tokens).toBe(true);
          }
        },
      ),
    );
  });

  test("of nothing is nothing, and limits below 1 are refused", () => {
    expect(groupsByLength([], { sentences: 1, tokens: 1 })).toEqual([]);
    expect(() => groupsByLength([1], { sentences: 0, tokens: 1 })).toThrow(
      new RangeError("groupsByLength: expected sentences ≥ 1, got 0"),
    );
    expect(() => groupsByLength([1], { sentences: 1, tokens: 0 })).toThrow(
      new RangeError("groupsByLength: expected tokens ≥ 1, got 0"),
    );
  });
});
