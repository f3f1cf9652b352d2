import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bleu, sentenceBleu } from "../../../src/seq2seq/metrics/index.js";

const { version }: { version: string } = JSON.parse(readFileSync("package.json", "utf8"));

// Values that sacreBLEU's own tests and issues state for it.
describe("the published values of sacreBLEU", () => {
  const romanian = [
    "Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;",
    "producţia de zahăr brut se exprimă în zahăr alb;",
  ] as const;

  test("sentences", () => {
    expect(sentenceBleu(...romanian).score).toBeCloseTo(8.493, 3);
    expect(sentenceBleu(...romanian, { tokenize: "none" }).score).toBeCloseTo(7.347, 3);
    expect(sentenceBleu("this is a cat", "okay thanks").score).toBe(0);
    expect(sentenceBleu("test", "a test").score).toBeCloseTo(36.78794411714425, 10);
    expect(sentenceBleu("a test", "a test").score).toBeCloseTo(100, 10);
  });

  test("corpora", () => {
    expect(bleu(["Zhongjian Plaza"], ["Zhongjian Plaza"], { lowercase: true }).score).toBe(0);
    const railway = ["China Railway Heavy Industry"];
    expect(bleu(railway, railway, { lowercase: true }).score).toBeCloseTo(100, 10);
    // Matches 9, 7, 5, 3 of 10, 8, 6, 4, which its test of the formula takes.
    expect(bleu(["a b c d e", "f g h i j"], ["a b c d e", "f g h i k"]).score).toBeCloseTo(83.75922397, 7);
    // Matches 4, 2, 1, 0 of 6, 5, 4, 3.
    const { precisions } = bleu(["am I am a character sequence"], ["I am a symbol string sequence a a"]);
    const expected = [400 / 6, 40, 25, 100 / 6];
    for (const [i, precision] of precisions.entries()) expect(precision).toBeCloseTo(expected[i], 10);
  });
});

describe("bleu", () => {
  test("reports lengths, brevity penalty and signature", () => {
    const result = bleu(["the cat sat."], ["the cat sat down."]);
    expect(result).toMatchObject({ hypothesisLength: 4, referenceLength: 5, brevityPenalty: Math.exp(-0.25) });
    expect(result.signature).toBe(`nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:seqgrad-${version}`);
    const { signature } = sentenceBleu("a", "a", { tokenize: "none", lowercase: true });
    expect(signature).toBe(`nrefs:1|case:lc|eff:yes|tok:none|smooth:exp|version:seqgrad-${version}`);
  });

  test("halves what each further order without a match gets", () => {
    const { precisions } = bleu(["a x b y c"], ["a b c d e"]);
    expect(precisions).toEqual([60, 100 / (2 * 4), 100 / (4 * 3), 100 / (8 * 2)]);
  });

  test("counts a repeated word as often as the reference has it", () => {
    expect(bleu(["the the the the"], ["the cat the mat"]).precisions[0]).toBe(50);
  });

  test("takes of several references the most matches, and the closest length, the shorter of two", () => {
    expect(bleu(["the the the cat"], [["the the"], ["the cat"], ["a cat the"]]).precisions[0]).toBe(75);
    const lengthOf = (...texts: string[]) =>
      bleu(
        ["a b c d"],
        texts.map((text) => [text]),
      ).referenceLength;
    expect(lengthOf("a b c d e f", "a b c", "a")).toBe(3);
    expect(lengthOf("a b c d e", "a b c")).toBe(3);
    expect(lengthOf("a b c", "a b c d e")).toBe(3);
    expect(bleu(["a"], [["a"], ["b"]]).signature).toMatch(/^nrefs:2\|/);
    expect(sentenceBleu("a", ["a", "b", "c"]).signature).toMatch(/^nrefs:3\|/);
  });

  test("scores empty segments", () => {
    const nothing = { score: 0, precisions: [0, 0, 0, 0] };
    expect(bleu(["", " "], ["a", "b"])).toMatchObject({ ...nothing, brevityPenalty: 0, hypothesisLength: 0 });
    expect(bleu(["a"], [""])).toMatchObject({ ...nothing, brevityPenalty: 1, referenceLength: 0 });
    expect(sentenceBleu("", "")).toMatchObject({ ...nothing, brevityPenalty: 1 });
    expect(bleu(["a b c d", ""], ["a b c d", "e f g h"]).score).toBeCloseTo(100 * Math.exp(-1), 10);
  });

  test("strips the end of a segment before it looks for hyphenation", () => {
    expect(bleu(["a b-\n"], ["a b-"], { tokenize: "13a" }).precisions[0]).toBe(100);
    expect(bleu(["a b-\nc"], ["a bc"], { tokenize: "13a" }).precisions[0]).toBe(100);
  });

  test("folds case when asked", () => {
    expect(bleu(["ÉCOLE D'ÉTÉ A B"], ["École d'été a b"]).score).toBe(0);
    expect(bleu(["ÉCOLE D'ÉTÉ A B"], ["École d'été a b"], { lowercase: true }).score).toBeCloseTo(100, 10);
  });

  test("refuses what it cannot score", () => {
    const message = "bleu: expected as many references as hypotheses, got 3 hypotheses and 2 references";
    expect(() => bleu(["a", "b", "c"], ["a", "b"])).toThrow(new RangeError(message));
    const empty = "bleu: expected at least one of each, got 0 hypotheses and 0 references";
    expect(() => bleu([], [])).toThrow(new RangeError(empty));
    const second = "bleu: expected as many references as hypotheses, got 1 hypotheses and 2 references in list 1";
    expect(() => bleu(["a"], [["a"], ["a", "b"]])).toThrow(new RangeError(second));
    expect(() => sentenceBleu("a", [])).toThrow(new RangeError("sentenceBleu: expected a reference, got []"));
    const tokenize = JSON.parse('"toString"');
    const unknown = 'sentenceBleu: expected tokenize to be "13a" or "none", got "toString"';
    expect(() => sentenceBleu("a", "a", { tokenize })).toThrow(new RangeError(unknown));
  });

  test("takes well under a second for a thousand sentences, and linear time for long ones", () => {
    const line = "Un homme portant une chemise bleue joue de la guitare, assis près d'une fenêtre.";
    const lines = Array.from({ length: 1000 }, (_, i) => `${line} ${i}`);
    const start = performance.now();
    bleu(lines, lines.toReversed());
    expect(performance.now() - start).toBeLessThan(1000);
    bleu([`${" ".repeat(200_000)}a`], [".,".repeat(20_000)]);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
