import { describe, expect, it } from "vitest";
import { corpusSplits, countReachable, type Level, type SentencePair } from "../../src/corpus/index.js";
import { isReserved, splitSentences, words } from "../../src/corpus/splits.js";

const LEVELS: readonly Level[] = [1, 2, 3];
const sources = (pairs: readonly SentencePair[]) => new Set(pairs.map(({ source }) => source));

describe.each(LEVELS)("corpusSplits at level %i", (level) => {
  const options = { level, trainSize: 6000, testSize: 400, seed: 2 };
  const splits = corpusSplits(options);
  const told = splitSentences(options);

  it("gives sets of the sizes asked for, the same for the same seed", () => {
    expect(splits.train).toHaveLength(6000);
    expect(splits.unseenSentences).toHaveLength(400);
    expect(splits.unseenCombinations).toHaveLength(400);
    expect(corpusSplits(options)).toEqual(splits);
    expect(Object.keys(splits.train[0])).toEqual(["source", "target"]);
  });

  it("keeps the sets apart", () => {
    const train = sources(splits.train);
    for (const { source } of [...splits.unseenSentences, ...splits.unseenCombinations]) {
      expect(train.has(source)).toBe(false);
    }
    const all = [...splits.train, ...splits.unseenSentences, ...splits.unseenCombinations];
    expect(sources(all).size).toBe(all.length);
  });

  it("holds in each unseen combination one that no training sentence holds", () => {
    const seen = new Set(told.train.flatMap(({ combinations }) => combinations));
    for (const { combinations } of told.unseenCombinations) {
      expect(combinations.some((pair) => isReserved(pair) && !seen.has(pair))).toBe(true);
    }
    for (const { combinations } of told.unseenSentences) expect(combinations.some(isReserved)).toBe(false);
    expect(told.unseenCombinations.map(({ source }) => source)).toEqual([...sources(splits.unseenCombinations)]);
  });

  it("trains on every word of the unseen combinations", () => {
    const wordsOf = ({ source, target }: SentencePair) => [...words(source), ...words(target)];
    const known = new Set(splits.train.flatMap(wordsOf));
    for (const pair of splits.unseenCombinations) expect(wordsOf(pair).filter((word) => !known.has(word))).toEqual([]);
  });
});

describe("corpusSplits", () => {
  it("brings together in each unseen combination of level 1 two words that training never does", () => {
    const { train, unseenCombinations } = corpusSplits({ level: 1, trainSize: 12_000, testSize: 1000 });
    const pairsOf = (source: string) => {
      const found = [...new Set(words(source))];
      return found.flatMap((first) => found.filter((second) => first < second).map((second) => `${first} ${second}`));
    };
    const together = new Set(train.flatMap(({ source }) => pairsOf(source)));
    for (const { source } of unseenCombinations) {
      expect(pairsOf(source).some((pair) => !together.has(pair))).toBe(true);
    }
  });

  describe("with a large training set", () => {
    const { train, unseenSentences, unseenCombinations } = splitSentences({
      level: 2,
      trainSize: 40_000,
      testSize: 1000,
    });
    const tested = [...unseenSentences, ...unseenCombinations];

    it("leaves no word of the corpus out of it", () => {
      const known = new Set(train.flatMap(({ source }) => words(source)));
      for (const { source } of tested) expect(words(source).filter((word) => !known.has(word))).toEqual([]);
    });

    // "His uncle" and "her uncle", "one letter" and "a letter" are the same in French.
    it("tests no French sentence that is in it, whatever its English", () => {
      const taught = new Set(train.map(({ target }) => target));
      expect(tested.filter(({ target }) => taught.has(target))).toEqual([]);
    });
  });

  it("refuses sizes that the level cannot fill, naming the limits", () => {
    const limit = countReachable(1);
    expect(() => corpusSplits({ level: 1, trainSize: limit + 1, testSize: 1 })).toThrow(`from 1 to ${limit}`);
    expect(() => corpusSplits({ level: 1, trainSize: 100, testSize: 0 })).toThrow(RangeError);
    expect(() => corpusSplits({ level: 1, trainSize: limit, testSize: 10 })).toThrow(/at most \d+ unseen sentences/);
    expect(() => corpusSplits({ level: 5 as Level, trainSize: 1, testSize: 1 })).toThrow("level of 1, 2 or 3");
  });
});
