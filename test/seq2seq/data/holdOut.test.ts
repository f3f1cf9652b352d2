import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateCorpus } from "../../../src/corpus/index.js";
import { SourceGroups } from "../../../src/seq2seq/data/holdOut.js";
import type { TextPair } from "../../../src/seq2seq/data/readPairs.js";
import { Generator } from "../../../src/tensor/index.js";

const isWhole = ({ source, target }: TextPair): boolean => source.trim() !== "" && target.trim() !== "";

/** Splits pairs as a corpus is split. */
function split(pairs: readonly TextPair[], limit: number, generator: Generator) {
  const groups = new SourceGroups();
  for (const pair of pairs) groups.add(pair.source, isWhole(pair));
  const isHeld = groups.choose(limit, generator);
  return { train: pairs.filter((_, i) => !isHeld(i)), valid: pairs.filter((_, i) => isHeld(i)) };
}

const pairs = Array.from({ length: 300 }, (_, i) => ({ source: `s${i % 100}`, target: `t${i}` }));

describe("SourceGroups", () => {
  test("puts no source sentence on both sides, whatever its case and spacing, and loses no pair", () => {
    const source = fc.tuple(fc.nat(30), fc.constantFrom("s", "S", " s", "s\u200b", "\u00a0S")).map(([id, s]) => s + id);
    fc.assert(
      fc.property(
        fc.array(source, { minLength: 2 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        (sources, limit, seed) => {
          const some = sources.map((text, i) => ({ source: text, target: `t${i}` }));
          const { train, valid } = split(some, limit, new Generator(seed));
          const plain = ({ source: text }: TextPair) => text.replace(/\W/g, "").toLowerCase();
          const held = new Set(valid.map(plain));
          expect(train.filter((pair) => held.has(plain(pair)))).toEqual([]);
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
      const { valid } = split(pairs, limit, new Generator(1));
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
      const { train, valid } = split([...empty, ...pairs.slice(0, 3)], 10, new Generator(seed));
      expect([valid.length, empty.every((pair) => train.includes(pair))]).toEqual([1, true]);
    }
    expect(split(empty, 10, new Generator(1)).valid).toEqual([]);
  });

  test("depends on the generator alone", () => {
    const held = (seed: number) => split(pairs, 10, new Generator(seed)).valid;
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });

  // A run that was begun when sources were compared as texts has to find its pairs again.
  test("splits as it has always split", () => {
    const some = pairs.map((_, i) => ({
      source: `${i % 3 ? "s" : " S"}${(i * 7) % 100}${i % 5 ? "" : " "}`,
      target: i % 11 ? `t${i}` : " ",
    }));
    const generator = new Generator(1);
    const { valid } = split(some, 4, generator);
    expect(valid.map((pair) => some.indexOf(pair))).toEqual([40, 57, 76, 88, 140, 157, 176, 188, 240, 257, 276, 288]);
    expect(generator.bits()).toBe(2801455995);
  });

  test("tells apart sentences that differ little", () => {
    const sources = new Set(generateCorpus({ level: 2, size: 20_000, seed: 1 }).map(({ source }) => source));
    const groups = new SourceGroups();
    const all = [...sources, ...Array.from({ length: 100_000 }, (_, i) => `no. ${i}`)];
    for (const source of all) groups.add(source, true);
    const isHeld = groups.choose(1000, new Generator(1));
    expect(all.filter((_, i) => isHeld(i))).toHaveLength(1000);
  });
});
