import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bleuCounts, bleuOf } from "../../../src/seq2seq/metrics/bleu.js";
import { compareSystems } from "../../../src/seq2seq/metrics/bootstrap.js";
import { chrfCounts, chrfOf } from "../../../src/seq2seq/metrics/chrf.js";
import { bleu, chrf, type PairedScores, pairedBootstrap, sentenceBleu } from "../../../src/seq2seq/metrics/index.js";
import { Generator } from "../../../src/tensor/index.js";

interface Corpus {
  nrefs: number;
  tokenize: "13a" | "none";
  lowercase: boolean;
  bleu: number;
  precisions: number[];
  brevityPenalty: number;
  hypothesisLength: number;
  referenceLength: number;
  bleuSignature: string;
  chrf: number;
  chrfSignature: string;
}

type Paired = { bleu: PairedScores; chrf: PairedScores };

interface Expected {
  system: string[];
  baseline: string[];
  references: string[][];
  corpus: Corpus[];
  sentences: { bleu: number; chrf: number }[];
  paired: { draws: number[]; samples: number; of: (Paired & { nrefs: number })[]; thousand: Paired };
}

// Written by sacrebleu.py, which says what it is.
const expected: Expected = JSON.parse(readFileSync(new URL("sacrebleu.json", import.meta.url), "utf8"));
const { system, baseline, references } = expected;

/** The settings alone: the version is another program's. */
const settingsOf = (signature: string): string => signature.replace(/\|version:.*/, "");

test.each(expected.corpus)("$nrefs references, tokenize $tokenize, lowercase $lowercase", (corpus) => {
  const { nrefs, tokenize, lowercase } = corpus;
  const lists = references.slice(0, nrefs);
  const actual = bleu(system, lists, { tokenize, lowercase });
  expect(actual.score).toBeCloseTo(corpus.bleu, 9);
  expect(actual.brevityPenalty).toBeCloseTo(corpus.brevityPenalty, 12);
  expect([actual.hypothesisLength, actual.referenceLength]).toEqual([corpus.hypothesisLength, corpus.referenceLength]);
  for (const [i, precision] of corpus.precisions.entries()) expect(actual.precisions[i]).toBeCloseTo(precision, 9);
  expect(settingsOf(actual.signature)).toBe(settingsOf(corpus.bleuSignature));
  const characters = chrf(system, lists, { lowercase });
  expect(characters.score).toBeCloseTo(corpus.chrf, 9);
  expect(settingsOf(characters.signature)).toBe(settingsOf(corpus.chrfSignature));
  // A list of references and a list of one such list are the same.
  if (nrefs === 1) expect(bleu(system, lists[0], { tokenize, lowercase })).toEqual(actual);
});

test("sentences with three references", () => {
  for (const [i, scores] of expected.sentences.entries()) {
    const of = references.map((list) => list[i]);
    expect(sentenceBleu(system[i], of).score).toBeCloseTo(scores.bleu, 9);
    const lists = of.map((text) => [text]);
    expect(chrf([system[i]], lists).score).toBeCloseTo(scores.chrf, 9);
  }
});

/** Draws what numpy drew. */
class Replay extends Generator {
  #at = 0;

  override integer(limit: number): number {
    expect(limit).toBe(system.length);
    return expected.paired.draws[this.#at++];
  }
}

describe("paired bootstrap resampling", () => {
  test.each(expected.paired.of)("of the samples that numpy drew, $nrefs references", ({ nrefs, ...scores }) => {
    const lists = references.slice(0, nrefs);
    const counts = {
      bleu: [system, baseline].map((texts) => bleuCounts(texts, lists, {})),
      chrf: [system, baseline].map((texts) => chrfCounts(texts, lists, {})),
    };
    const scoreOf = { bleu: (sums: readonly number[]) => bleuOf(sums).score, chrf: chrfOf };
    for (const metric of ["bleu", "chrf"] as const) {
      const [ours, theirs] = counts[metric];
      const actual = compareSystems(ours, theirs, scoreOf[metric], expected.paired.samples, new Replay());
      const { signature: _, ...wanted } = scores[metric];
      expect(actual.pValue).toBe(wanted.pValue);
      for (const side of ["system", "baseline"] as const) {
        expect(actual[side].score).toBeCloseTo(wanted[side].score, 9);
        // sacreBLEU computes the samples' scores in float32.
        expect(actual[side].mean).toBeCloseTo(wanted[side].mean, 4);
        expect(actual[side].ci).toBeCloseTo(wanted[side].ci, 4);
      }
    }
  });

  test("of samples of its own agrees but for sampling noise, and is the same for the same seed", () => {
    const settings = { tokenize: "none", lowercase: true } as const;
    const actual = pairedBootstrap(system, baseline, references.slice(0, 2), settings);
    for (const metric of ["bleu", "chrf"] as const) {
      const [ours, theirs] = [actual[metric], expected.paired.thousand[metric]];
      expect(settingsOf(ours.signature)).toBe(settingsOf(theirs.signature));
      for (const side of ["system", "baseline"] as const) {
        expect(ours[side].score).toBeCloseTo(theirs[side].score, 9);
        // Half of a 95 % interval is two standard deviations; a mean of 1000 varies by one in 32 of them.
        const noise = theirs[side].ci / 2 / Math.sqrt(1000);
        expect(Math.abs(ours[side].mean - theirs[side].mean)).toBeLessThan(5 * noise);
        expect(Math.abs(ours[side].ci / theirs[side].ci - 1)).toBeLessThan(0.15);
      }
      const deviation = Math.sqrt((theirs.pValue * (1 - theirs.pValue)) / 1000);
      expect(Math.abs(ours.pValue - theirs.pValue)).toBeLessThan(5 * Math.sqrt(2) * deviation);
    }
    expect(pairedBootstrap(system, baseline, references.slice(0, 2), { ...settings, seed: 12345 })).toEqual(actual);
    const other = pairedBootstrap(system, baseline, references.slice(0, 2), { ...settings, seed: 1 });
    expect(other.bleu.system.mean).not.toBe(actual.bleu.system.mean);
    expect(other.bleu.signature).toContain("|bs:1000|seed:1|");
  });

  test("of a system and itself finds the least p-value, as sacreBLEU does", () => {
    const { bleu: same } = pairedBootstrap(system, system, references, { samples: 99 });
    expect(same.pValue).toBe(0.01);
    expect(same.system).toEqual(same.baseline);
  });

  test("refuses what it cannot compare", () => {
    expect(() => pairedBootstrap(["a", "b"], ["a"], ["a", "b"])).toThrow(
      "pairedBootstrap: baseline: expected as many references as hypotheses, got 1 hypotheses and 2 references",
    );
    for (const samples of [0, 1e12]) {
      expect(() => pairedBootstrap(["a"], ["a"], ["a"], { samples })).toThrow(
        `pairedBootstrap: expected samples to be an integer from 1 to 1000000, got ${samples}`,
      );
    }
    const misspelt = JSON.parse('{"sample": 9}');
    expect(() => pairedBootstrap(["a"], ["a"], ["a"], misspelt)).toThrow(/got sample \(did you mean samples\?\)/);
  });
});
