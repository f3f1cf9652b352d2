import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chrf } from "../../../src/seq2seq/metrics/index.js";

const { version }: { version: string } = JSON.parse(readFileSync("package.json", "utf8"));

describe("the published values of sacreBLEU", () => {
  // From its own tests; precision equals recall in each, so that their beta of 3 makes no difference.
  test.each([
    [["a"], ["a"], 100],
    [[""], ["reference"], 0],
    [["a b c"], ["abc"], 100],
    [[""], ["c"], 0],
    [["a", "b"], ["a", "c"], 50],
    [["aa"], ["ab"], 25],
  ])("%j against %j", (hypotheses, references, score) => {
    expect(chrf(hypotheses, references).score).toBeCloseTo(score, 10);
  });

  // From the documentation of Hugging Face's metrics and of rageval, which call it.
  test("with beta 2", () => {
    const hypotheses = [
      "The relationship between cats and dogs is not exactly friendly.",
      "a good bookshop is just a genteel black hole that knows how to read.",
    ];
    const references = [
      "The relationship between dogs and cats is not exactly friendly.",
      "A good bookshop is just a genteel Black Hole that knows how to read.",
    ];
    expect(chrf(hypotheses, references).score).toBeCloseTo(84.64214891738334, 10);
    expect(chrf([hypotheses[0]], [references[0]]).score).toBeCloseTo(84.41131092011067, 10);
    const obama = "The relationship between Obama and Netanyahu is not exactly friendly.";
    const ties = "The ties between Obama and Netanyahu are not particularly friendly.";
    expect(chrf([obama], [ties]).score).toBeCloseTo(61.576379378113785, 10);
  });
});

describe("chrf", () => {
  test("counts recall twice as much as precision", () => {
    // Precision 1/2 and recall 1 in the one order that both have.
    expect(chrf(["ab"], ["a"]).score).toBeCloseTo((100 * 5 * 0.5) / (4 * 0.5 + 1), 10);
    // Orders 1 and 2: precision 1 and 1, recall 2/3 and 1/2.
    const recall = (2 / 3 + 1 / 2) / 2;
    expect(chrf(["ab"], ["abc"]).score).toBeCloseTo((100 * 5 * recall) / (4 + recall), 10);
  });

  test("leaves out n-grams longer than the segment's own reference, not than its hypothesis", () => {
    // "ab" and "cd" have two bigrams, but only the latter is compared with one: precisions 3/4 and 1, recalls 1 and 1.
    expect(chrf(["ab", "cd"], ["a", "cd"]).score).toBeCloseTo((100 * 5 * 0.875) / (4 * 0.875 + 1), 10);
    expect(chrf(["a", "cd"], ["ab", "cd"]).score).toBeCloseTo((100 * 5 * 0.625) / (4 + 0.625), 10);
  });

  test("counts code points and leaves out white space", () => {
    expect(chrf(["🙂"], ["🙃"]).score).toBe(0);
    expect(chrf(["a\u001c\u0085\u00a0\u3000b"], ["ab"]).score).toBeCloseTo(100, 10);
    expect(chrf(["\ufeff"], ["a"]).score).toBe(0);
  });

  test("folds case when asked", () => {
    expect(chrf(["ÉTÉ"], ["été"]).score).toBe(0);
    expect(chrf(["ÉTÉ"], ["été"], { lowercase: true }).score).toBeCloseTo(100, 10);
  });

  test("takes of several references the best for each segment, the first of two as good", () => {
    expect(
      chrf(
        ["ab", "cd"],
        [
          ["ab", "x"],
          ["y", "cd"],
        ],
      ).score,
    ).toBeCloseTo(100, 10);
    // Nothing in common with either: the n-grams of the first are what its recall misses.
    const lists = [
      ["abcdef", "x"],
      ["abcdef", "xyz"],
    ];
    expect(chrf(["abcdef", "q"], lists).score).toBe(chrf(["abcdef", "q"], lists[0]).score);
    expect(chrf(["abcdef", "q"], lists.toReversed()).score).toBe(chrf(["abcdef", "q"], lists[1]).score);
    expect(chrf(["a"], [["a"], ["b"]]).signature).toMatch(/^nrefs:2\|/);
  });

  test("signs its settings", () => {
    const rest = `eff:yes|nc:6|nw:0|space:no|version:seqgrad-${version}`;
    expect(chrf(["a"], ["a"]).signature).toBe(`nrefs:1|case:mixed|${rest}`);
    expect(chrf(["a"], ["a"], { lowercase: true }).signature).toBe(`nrefs:1|case:lc|${rest}`);
  });

  test("refuses what it cannot score", () => {
    const message = "chrf: expected as many references as hypotheses, got 1 hypotheses and 2 references";
    expect(() => chrf(["a"], ["a", "b"])).toThrow(new RangeError(message));
    const empty = "chrf: expected at least one of each, got 0 hypotheses and 0 references";
    expect(() => chrf([], [])).toThrow(new RangeError(empty));
  });
});
