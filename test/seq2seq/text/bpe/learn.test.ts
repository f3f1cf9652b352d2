import { describe, expect, test } from "vitest";
import { learnMerges } from "../../../../src/seq2seq/text/bpe/learn.js";
import { Generator } from "../../../../src/tensor/index.js";

type Counts = readonly (readonly [string, number])[];

/** The plain twin: every pair of every word counted anew for each merge. */
function learnSlowly(counts: Counts, limit: number): string[] {
  let words = counts.map(([word, count]) => ({
    symbols: [...Array.from(word).slice(0, -1), `${Array.from(word).at(-1)}</w>`],
    count,
  }));
  const merges: string[] = [];
  while (merges.length < limit) {
    const pairs = new Map<string, number>();
    for (const { symbols, count } of words) {
      for (let i = 1; i < symbols.length; i++) {
        const pair = `${symbols[i - 1]} ${symbols[i]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + count);
      }
    }
    const points = (pair: string) => pair.split(" ").map((side) => Array.from(side, (c) => c.codePointAt(0) as number));
    const isGreater = (a: number[], b: number[]): number => {
      for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i];
      return a.length - b.length;
    };
    const [best] = [...pairs].sort(([a, countA], [b, countB]) => {
      const [[leftA, rightA], [leftB, rightB]] = [points(a), points(b)];
      return countB - countA || isGreater(leftB, leftA) || isGreater(rightB, rightA);
    });
    if (!best || best[1] < 2) break;
    const [left, right] = best[0].split(" ");
    merges.push(best[0]);
    words = words.map(({ symbols, count }) => {
      const after: string[] = [];
      for (let i = 0; i < symbols.length; i++) {
        if (symbols[i] === left && symbols[i + 1] === right) after.push(left + symbols[++i]);
        else after.push(symbols[i]);
      }
      return { symbols: after, count };
    });
  }
  return merges;
}

/** Words of few different letters, so that pairs overlap, tie, and come about in several ways. */
function randomWords(seed: number, letters: string): Counts {
  const generator = new Generator(seed);
  const all = Array.from(letters);
  const words = new Map<string, number>();
  for (let i = 0; i < 60; i++) {
    const length = 1 + generator.integer(9);
    words.set(Array.from({ length }, () => all[generator.integer(all.length)]).join(""), 1 + generator.integer(5));
  }
  return [...words];
}

describe("learnMerges", () => {
  test("takes the most frequent pair, and of equal ones the last in code point order", () => {
    // 9 times each: "e s", "s t</w>" (and 8 times "w e"); then "e st</w>" alone; then 7 times each: "l o", "o w" (5 + 2).
    const counts: Counts = [
      ["low", 5],
      ["lower", 2],
      ["newest", 6],
      ["widest", 3],
    ];
    expect(learnMerges(counts, 3)).toEqual(["s t</w>", "e st</w>", "l o"]);
  });

  test("counts the last letter of a word apart from the same one within", () => {
    expect(
      learnMerges(
        [
          ["ba", 3],
          ["bax", 2],
        ],
        9,
      ),
    ).toEqual(["b a</w>", "b a", "ba x</w>"]);
  });

  test("orders characters beyond the basic plane behind all others", () => {
    expect(
      learnMerges(
        [
          ["\u{1f600}x", 2],
          ["\uffeex", 2],
        ],
        1,
      ),
    ).toEqual(["\u{1f600} x</w>"]);
  });

  test("stops where no pair is left that occurs twice", () => {
    expect(
      learnMerges(
        [
          ["ab", 1],
          ["cd", 1],
        ],
        9,
      ),
    ).toEqual([]);
    expect(learnMerges([["abc", 2]], 9)).toEqual(["b c</w>", "a bc</w>"]);
    expect(learnMerges([], 9)).toEqual([]);
  });

  test.each(["ab", "abc", "aé🙂", "abcdefg"])(
    "gives what counting everything anew gives, of words of %s",
    (letters) => {
      for (let seed = 0; seed < 20; seed++) {
        const counts = randomWords(seed, letters);
        expect(learnMerges(counts, 200)).toEqual(learnSlowly(counts, 200));
      }
    },
  );
});
