import fc from "fast-check";
import { expect, test } from "vitest";
import { repeatingTokens } from "../../../src/seq2seq/search/ngrams.js";

test.each<[string, number, string]>([
  ["", 1, ""],
  ["aba", 1, "ab"],
  ["abca", 2, "b"],
  ["abab", 2, "a"],
  ["abcab", 3, "c"],
  ["aaa", 3, "a"],
  ["aa", 3, ""],
  ["abcdabc", 5, ""],
])("of %s no token may follow that makes %d in a row come again: %s", (text, n, expected) => {
  const codes = (letters: string): number[] => Array.from(letters, (letter) => letter.charCodeAt(0));
  expect([...repeatingTokens(codes(text), n)].sort()).toEqual(codes(expected));
});

test("what is left makes no n-gram twice, and what is blocked would", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2), { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (ids, n) => {
      const repeating = repeatingTokens(ids, n);
      const grams = new Set(ids.slice(n - 1).map((_, i) => ids.slice(i, i + n).join()));
      for (const token of [0, 1, 2]) {
        const last = [...ids, token].slice(-n);
        expect(repeating.has(token)).toBe(last.length === n && grams.has(last.join()));
      }
    }),
  );
});
