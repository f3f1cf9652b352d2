import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type BleuOptions, type BleuScore, bleu, chrf, sentenceBleu } from "../../../src/seq2seq/metrics/index.js";
import { tokenize13a } from "../../../src/seq2seq/metrics/tokenize13a.js";

interface Scores {
  corpus: {
    bleu: (Omit<BleuScore, "signature"> & Required<BleuOptions>)[];
    chrf: { lowercase: boolean; score: number }[];
  };
  sentences: { hypothesis: string; reference: string; tokens13a: string[]; bleu: number[]; chrf: number[] }[];
}

// Written by reference.py, which says what it is.
const expected: Scores = JSON.parse(readFileSync(new URL("reference.json", import.meta.url), "utf8"));
const hypotheses = expected.sentences.map(({ hypothesis }) => hypothesis);
const references = expected.sentences.map(({ reference }) => reference);

test("the corpus scores", () => {
  for (const { tokenize, lowercase, ...rest } of expected.corpus.bleu) {
    const actual = bleu(hypotheses, references, { tokenize, lowercase });
    expect(actual).toMatchObject({ hypothesisLength: rest.hypothesisLength, referenceLength: rest.referenceLength });
    expect(actual.score).toBeCloseTo(rest.score, 9);
    expect(actual.brevityPenalty).toBeCloseTo(rest.brevityPenalty, 9);
    for (const [i, precision] of rest.precisions.entries()) expect(actual.precisions[i]).toBeCloseTo(precision, 9);
  }
  for (const { lowercase, score } of expected.corpus.chrf) {
    expect(chrf(hypotheses, references, { lowercase }).score).toBeCloseTo(score, 9);
  }
});

test.each(expected.sentences)("$hypothesis", ({ hypothesis, reference, tokens13a, ...scores }) => {
  expect(tokenize13a(hypothesis)).toEqual(tokens13a);
  for (const [i, { tokenize, lowercase }] of expected.corpus.bleu.entries()) {
    expect(sentenceBleu(hypothesis, reference, { tokenize, lowercase }).score).toBeCloseTo(scores.bleu[i], 9);
  }
  for (const [i, { lowercase }] of expected.corpus.chrf.entries()) {
    expect(chrf([hypothesis], [reference], { lowercase }).score).toBeCloseTo(scores.chrf[i], 9);
  }
});
