import { describe, expect, test } from "vitest";
import { characterErrorRate, wordErrorRate } from "../../../src/seq2seq/metrics/index.js";
import { Generator } from "../../../src/tensor/index.js";
import { wrong } from "../../support/wrong.js";

/** The fewest edits by trying all of them. */
function plainDistance(from: readonly string[], to: readonly string[]): number {
  if (from.length === 0 || to.length === 0) return Math.max(from.length, to.length);
  const [a, ...restA] = from;
  const [b, ...restB] = to;
  const same = plainDistance(restA, restB) + (a === b ? 0 : 1);
  return Math.min(same, plainDistance(restA, to) + 1, plainDistance(from, restB) + 1);
}

describe("word error rate", () => {
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
      expect(substitutions + deletions + insertions).toBe(plainDistance(hypothesis, reference));
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
