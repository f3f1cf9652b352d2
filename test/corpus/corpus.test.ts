import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constructions } from "../../src/corpus/grammar/index.js";
import { countReachable, generateCorpus, type Level, lexiconSize, type SentencePair } from "../../src/corpus/index.js";
import { words } from "../../src/corpus/splits.js";
import { Generator } from "../../src/tensor/random.js";

const LEVELS: readonly Level[] = [1, 2, 3];

/** Some sentences of every group of every construction, all different members of their group. */
function spread(perGroup: number): SentencePair[] {
  const generator = new Generator(5);
  return constructions().flatMap(({ groups }) =>
    groups.flatMap((group) => {
      const start = group.size > perGroup ? generator.integer(group.size) : 0;
      // A stride prime to no size in particular: taken modulo the size, it visits distinct members while it can.
      const stride = Math.max(1, Math.floor(group.size / perGroup));
      return Array.from({ length: Math.min(perGroup, group.size) }, (_, i) =>
        group.at((start + i * stride) % group.size),
      );
    }),
  );
}

const every = spread(5);

describe("generateCorpus", () => {
  it.each(LEVELS)("gives the same pairs for the same seed, at level %i", (level) => {
    const draw = (seed?: number) => generateCorpus({ level, size: 200, seed });
    expect(draw(7)).toEqual(draw(7));
    expect(draw()).toEqual(draw(0));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("starts with the same pairs however many are asked for", () => {
    fc.assert(
      fc.property(fc.constantFrom(...LEVELS), fc.integer({ min: 1, max: 60 }), fc.integer(), (level, size, seed) => {
        const short = generateCorpus({ level, size, seed });
        expect(generateCorpus({ level, size: size + 20, seed }).slice(0, size)).toEqual(short);
      }),
      { numRuns: 20 },
    );
  });

  it("reaches every sentence of level 1, once, and then no more", () => {
    const size = countReachable(1);
    const pairs = generateCorpus({ level: 1, size });
    expect(new Set(pairs.map(({ source }) => source)).size).toBe(size);
    expect(() => generateCorpus({ level: 1, size: size + 1 })).toThrow(RangeError);
    expect(() => generateCorpus({ level: 1, size: size + 1 })).toThrow(`from 1 to ${size}`);
  });

  it("refuses what it cannot do, naming the limits", () => {
    expect(() => generateCorpus({ level: 4 as Level, size: 1 })).toThrow("expected a level of 1, 2 or 3, got 4");
    expect(() => generateCorpus({ level: 1, size: 0 })).toThrow(RangeError);
    expect(() => generateCorpus({ level: 1, size: 1.5 })).toThrow(RangeError);
    expect(() => countReachable(0 as Level)).toThrow(RangeError);
  });

  // Every sentence has a number and is drawn once, so the count is exact as long as no two numbers give one sentence:
  // of 20,000 drawn, and of the spread below, no two are alike.
  it("reaches more than 200,000 distinct English sentences at level 3, each with its one French one", () => {
    expect(countReachable(3)).toBeGreaterThan(200_000);
    const sources = new Set(generateCorpus({ level: 3, size: 20_000, seed: 3 }).map(({ source }) => source));
    expect(sources.size).toBe(20_000);
  });

  it("grows with the level, in sentences and in length", () => {
    expect(countReachable(1)).toBeLessThan(countReachable(2));
    expect(countReachable(2)).toBeLessThan(countReachable(3));
    const longest = (level: Level, side: keyof SentencePair) =>
      Math.max(...generateCorpus({ level, size: 5000 }).map((pair) => pair[side].split(" ").length));
    expect(longest(1, "source")).toBeLessThanOrEqual(8);
    expect(longest(2, "source")).toBeLessThanOrEqual(12);
    expect(longest(3, "source")).toBeLessThanOrEqual(14);
  });
});

describe("the corpus", () => {
  it("has at least 400 lexical entries, and a vocabulary that a small model can hold", () => {
    expect(lexiconSize).toBeGreaterThanOrEqual(400);
    const vocabulary = (side: keyof SentencePair) => new Set(every.flatMap((pair) => words(pair[side]))).size;
    expect(vocabulary("source")).toBeLessThan(1000);
    expect(vocabulary("target")).toBeLessThan(1600);
  });

  it("has one French sentence for each English one: no two constructions share a sentence", () => {
    expect(new Set(every.map(({ source }) => source)).size).toBe(every.length);
  });

  // `\b` knows no accents: a word ends where no letter follows.
  const never = (pattern: string) => {
    const found = new RegExp(`(?<!\\p{L})(?:${pattern})`, "iu");
    expect(every.map(({ target }) => target).filter((target) => found.test(target))).toEqual([]);
  };

  it("elides wherever French elides, and only there", () => {
    const vowel = "[aàâeéèêiîoôuûœ]|h(?!aricot|amster|ibou|éros|arpe)";
    never(`(?:le|la|de|je|ne|que|me|te|se) (?!onze)(?:${vowel})`);
    never(`(?:ma|ta|sa|ce|beau|nouveau) (?:${vowel})`);
    never(`(?:un|le|ce|quel|mon|son) vieux (?:${vowel})`);
    never("(?:[ldjnmts]|qu)'(?![aàâeéèêiîoôuûœhy])");
    never("(?:l|d)'(?:onze|haricot|hamster|hibou|héros|harpe)");
  });

  it("contracts wherever French contracts", () => {
    never("(?:de|à) (?:le|les) ");
    never("si il");
  });

  it("never turns un, du, des into anything but de after pas and jamais", () => {
    never("(?:pas|jamais) (?:un|une|des) (?!États|Pays)");
  });

  it("capitalises and punctuates, with a space before ? and ! in French alone", () => {
    const wellFormed = ({ source, target }: SentencePair) =>
      /^\p{Lu}[\p{L}' ,-]*\p{L}[.?!]$/u.test(source) &&
      /^\p{Lu}[\p{L}' ,-]*\p{L}(?:\.| \?| !)$/u.test(target) &&
      target.at(-1) === source.at(-1) &&
      !/ {2}/.test(`${source} ${target}`);
    expect(every.filter((pair) => !wellFormed(pair))).toEqual([]);
  });

  it("never repeats a word", () => {
    const repeats = /(?<!\p{L})(?!nous nous)(\p{L}+) \1(?!\p{L})/iu;
    expect(every.filter(({ source, target }) => repeats.test(source) || repeats.test(target))).toEqual([]);
  });
});
