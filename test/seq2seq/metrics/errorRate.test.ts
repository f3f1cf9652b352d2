import { describe, expect, test } from "vitest";
import { characterErrorRate, wordErrorRate } from "../../../src/seq2seq/metrics/index.js";
import { Generator } from "../../../src/tensor/index.js";
import { wrong } from "../../support/wrong.js";

/** [substitutions, deletions, insertions] of the fewest edits, by trying all; of equally many, the last is what stands first. */
function plainEdits(from: readonly string[], to: readonly string[]): number[] {
  if (from.length === 0 || to.length === 0) return [0, to.length, from.length];
  const [restFrom, restTo] = [from.slice(0, -1), to.slice(0, -1)];
  const isSame = from[from.length - 1] === to[to.length - 1];
  const ways = [plainEdits(restFrom, restTo), plainEdits(from, restTo), plainEdits(restFrom, to)];
  ways.forEach((way, kind) => {
    way[kind] += kind === 0 && isSame ? 0 : 1;
  });
  const total = (way: number[]): number => way[0] + way[1] + way[2];
  return ways.reduce((best, way) => (total(way) < total(best) ? way : best));
}

describe("word error rate", () => {
  test("keeps what grows with one of two texts, not with both", () => {
    const before = process.memoryUsage().rss;
    expect(characterErrorRate(["a".repeat(10_000)], [`${"a".repeat(9_999)}b`])).toMatchObject({ substitutions: 1 });
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(200);
  });

  test("counts what is substituted, missing and too many", () => {
    expect(wordErrorRate(["the cat sat down on mat"], ["the fat cat sat on the mat"])).toEqual({
      ...{ score: (100 * 3) / 7, substitutions: 2, deletions: 1, insertions: 0, length: 7 },
    });
    expect(wordErrorRate(["one too three"], ["one two three four"])).toMatchObject({
      ...{ score: 50, substitutions: 1, deletions: 1, insertions: 0 },
    });
    expect(wordErrorRate([""], ["a b"])).toMatchObject({ score: 100, deletions: 2 });
    expect(wordErrorRate(["a b c d e"], ["x"])).toMatchObject({ score: 500, substitutions: 1, insertions: 4 });
    expect(wordErrorRate(["  Seven\tthree "], ["Seven three"]).score).toBe(0);
    expect(wordErrorRate(["seven"], ["Seven"]).score).toBe(100);
  });

  test("is of all words of a corpus, not the mean of its sentences", () => {
    expect(wordErrorRate(["a", "b c d"], ["x", "b c d"]).score).toBe(25);
    expect(wordErrorRate(["a", "b"], ["", "b"]).score).toBe(100);
  });

  test("is the fewest edits that there are", () => {
    const generator = new Generator(1);
    const draw = () => Array.from({ length: generator.integer(7) }, () => "abc"[generator.integer(3)]);
    for (let i = 0; i < 200; i++) {
      const [hypothesis, reference] = [draw(), [...draw(), "a"]];
      const { substitutions, deletions, insertions, score } = wordErrorRate(
        [hypothesis.join(" ")],
        [reference.join(" ")],
      );
      expect([substitutions, deletions, insertions]).toEqual(plainEdits(hypothesis, reference));
      expect(reference.length - deletions + insertions).toBe(hypothesis.length);
      expect(score).toBe((100 * (substitutions + deletions + insertions)) / reference.length);
    }
  });
});

test("character error rate is of code points, a space between words among them", () => {
  expect(characterErrorRate(["fife"], ["five"])).toMatchObject({ score: 25, substitutions: 1, length: 4 });
  expect(characterErrorRate([" ab  c "], ["ab c"]).score).toBe(0);
  expect(characterErrorRate(["abc"], ["ab c"])).toMatchObject({ score: 25, deletions: 1 });
  expect(characterErrorRate(["🙂"], ["🙁"])).toMatchObject({ score: 100, length: 1 });
});

test.each<[() => unknown, string]>([
  [() => wordErrorRate(["a"], []), "wordErrorRate: expected as many references as hypotheses, got 1 hypotheses and 0"],
  [() => wordErrorRate([], []), "wordErrorRate: expected at least one of each"],
  [() => wordErrorRate(["a"], [" "]), "wordErrorRate: expected a token in the references, got none"],
  [() => characterErrorRate(["a"], [""]), "characterErrorRate: expected a token in the references, got none"],
  [
    () => wordErrorRate(["a"], wrong([["a"], ["b"]])),
    "wordErrorRate: expected one list of references, got a list of lists",
  ],
  [
    () => characterErrorRate(["a"], wrong([["a"]])),
    "characterErrorRate: expected one list of references, got a list of",
  ],
  [() => characterErrorRate(wrong("a"), ["a"]), "characterErrorRate: expected a list of hypotheses"],
])("refuses what cannot be scored: %#", (call, message) => {
  expect(call).toThrow(message);
});
