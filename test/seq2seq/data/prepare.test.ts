import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holdOut, preparePairs } from "../../../src/seq2seq/data/prepare.js";
import { Generator } from "../../../src/tensor/index.js";

const pairs = Array.from({ length: 300 }, (_, i) => ({ source: `s${i % 100}`, target: `t${i}` }));

describe("holdOut", () => {
  test("puts no source sentence on both sides and loses no pair", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 2 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        (ids, limit, seed) => {
          const some = ids.map((id, i) => ({ source: `s${id}`, target: `t${i}` }));
          const { train, valid } = holdOut(some, limit, new Generator(seed));
          const held = new Set(valid.map(({ source }) => source));
          expect(train.filter(({ source }) => held.has(source))).toEqual([]);
          expect(held.size).toBeGreaterThan(0);
          expect(held.size).toBeLessThanOrEqual(limit);
          expect(new Set([...train, ...valid])).toEqual(new Set(some));
        },
      ),
    );
  });

  test("takes one source in twenty, or the limit if that is less, with all its translations", () => {
    for (const [limit, sources] of [
      [1000, 5],
      [3, 3],
    ]) {
      const { valid } = holdOut(pairs, limit, new Generator(1));
      expect(new Set(valid.map(({ source }) => source)).size).toBe(sources);
      expect(valid).toHaveLength(3 * sources);
    }
  });

  test("sets no empty pair aside", () => {
    const empty = ["", " "].flatMap((blank) => [
      { source: blank, target: "t" },
      { source: `s${blank}x`, target: blank },
    ]);
    for (let seed = 0; seed < 20; seed++) {
      const { train, valid } = holdOut([...empty, ...pairs.slice(0, 3)], 10, new Generator(seed));
      expect([valid.length, empty.every((pair) => train.includes(pair))]).toEqual([1, true]);
    }
    expect(holdOut(empty, 10, new Generator(1)).valid).toEqual([]);
  });

  test("depends on the generator alone", () => {
    const held = (seed: number) => holdOut(pairs, 10, new Generator(seed)).valid;
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });
});

test("preparePairs keeps texts and ids together, in their order", () => {
  const texts = ["a", "", "aaa", "aa"].map((source) => ({ source, target: "b" }));
  const encode = ({ source, target }: { source: string; target: string }) => ({
    source: Array.from(source, () => 4),
    target: Array.from(target, () => 5),
  });
  expect(preparePairs(texts, encode, 2)).toEqual({
    texts: [texts[0], texts[3]],
    encoded: [
      { source: [4], target: [5] },
      { source: [4, 4], target: [5] },
    ],
    tooLong: 1,
    empty: 1,
  });
});
