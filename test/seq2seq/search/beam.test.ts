import { describe, expect, test } from "vitest";
import { padSources } from "../../../src/seq2seq/data/batch.js";
import type { Seq2Seq } from "../../../src/seq2seq/models/seq2seq.js";
import { type BeamOptions, beamSearch, type Hypothesis } from "../../../src/seq2seq/search/beam.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { BOS, EOS } from "../../../src/seq2seq/text/vocabulary.js";
import { Generator } from "../../../src/tensor/index.js";
import { randomSentences, sharpModel } from "../../support/models.js";
import { halfTrainedModel } from "../../support/toyTranslations.js";

const sources = randomSentences(12, 12, new Generator(7));

/** ln p of a translation, with or without its EOS, from `forward` with teacher forcing. */
function logProbability(model: Seq2Seq, source: readonly number[], ids: readonly number[], withEos: boolean): number {
  const { data, shape } = model.forward(padSources([source]).ids, Int32Array.from([BOS, ...ids]));
  const said = withEos ? [...ids, EOS] : ids;
  return said.reduce((total, id, t) => total + data[t * shape[2] + id], 0);
}

/** All translations of at most `maxLength` tokens, ended or cut off there, best first. */
function exhaustive(model: Seq2Seq, source: readonly number[], maxLength: number, penalty: number): Hypothesis[] {
  const all: Hypothesis[] = [];
  const visit = (ids: readonly number[]): void => {
    const isCut = ids.length === maxLength;
    const logP = logProbability(model, source, ids, !isCut);
    all.push({ ids, logProbability: logP, score: logP / (isCut ? ids.length : ids.length + 1) ** penalty });
    if (isCut) return;
    for (let id = EOS + 1; id < model.config.outputSize; id++) visit([...ids, id]);
  };
  visit([]);
  return all.sort((a, b) => b.score - a.score);
}

describe("beamSearch", () => {
  test("of 1 is greedy search, on random models", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const model = sharpModel({ cell: seed % 2 ? "gru" : "lstm" }, seed);
      const best = beamSearch(model, sources, { beam: 1 });
      expect(best.map(([{ ids }]) => ids)).toEqual(greedySearch(model, sources));
    }
  });

  test("of 1 is greedy search, on trained models", () => {
    for (const seed of [1, 2]) {
      const { model, pairs } = halfTrainedModel(seed);
      const seen = pairs.map(({ source }) => source);
      expect(beamSearch(model, seen, { beam: 1 }).map(([{ ids }]) => ids)).toEqual(greedySearch(model, seen));
    }
  });

  // 4 tokens and EOS: 1 + 4 + 16 translations that end within 3 tokens, and 64 that are cut off there.
  test.each([0, 0.5, 1, 2])(
    "as wide as the search space is exhaustive search with a length penalty of %d",
    (penalty) => {
      for (const seed of [1, 2]) {
        const model = sharpModel({ outputSize: 8, hiddenSize: 4 }, seed);
        const options = { beam: 100, nBest: 100, maxLength: 3, lengthPenalty: penalty };
        const some = sources.slice(0, 3);
        const found = beamSearch(model, some, options);
        some.forEach((source, i) => {
          const expected = exhaustive(model, source, 3, penalty);
          expect(expected).toHaveLength(85);
          expect(found[i].map(({ ids }) => ids)).toEqual(expected.map(({ ids }) => ids));
          found[i].forEach((hypothesis, k) => {
            expect(hypothesis.logProbability).toBeCloseTo(expected[k].logProbability, 4);
            expect(hypothesis.score).toBeCloseTo(expected[k].score, 4);
          });
        });
      }
    },
  );

  test("scores what it returns as the model does, best first, every translation once", () => {
    const { model } = halfTrainedModel();
    for (const lengthPenalty of [0, 1]) {
      beamSearch(model, sources, { beam: 6, nBest: 6, lengthPenalty }).forEach((hypotheses, i) => {
        expect(hypotheses).toHaveLength(6);
        expect(new Set(hypotheses.map(({ ids }) => ids.join())).size).toBe(6);
        expect(hypotheses.toSorted((a, b) => b.score - a.score)).toEqual(hypotheses);
        for (const { ids, logProbability: found, score } of hypotheses) {
          const isCut = ids.length === 2 * sources[i].length + 10;
          expect(found).toBeCloseTo(logProbability(model, sources[i], ids, !isCut), 3);
          expect(score).toBeCloseTo(found / (isCut ? ids.length : ids.length + 1) ** lengthPenalty, 10);
        }
      });
    }
  });

  test("never extends a translation that has ended", () => {
    // EOS is by far likeliest first, and whatever followed it would be likelier still.
    const model = sharpModel();
    model.decoder.out.bias!.data[EOS] += 4;
    const all = beamSearch(model, sources, { beam: 8, nBest: 8, lengthPenalty: 3 });
    for (const hypotheses of all) {
      expect(hypotheses.some(({ ids }) => ids.length === 0)).toBe(true);
      for (const { ids } of hypotheses) expect(ids).not.toContain(EOS);
    }
  });

  test("finds no less likely translations with a wider beam, on the whole", () => {
    const { model } = halfTrainedModel(3);
    const total = (beam: number): number =>
      beamSearch(model, sources, { beam, lengthPenalty: 0 }).reduce((sum, [best]) => sum + best.logProbability, 0);
    expect(total(8)).toBeGreaterThan(total(1));
  });

  test("gives the same hypotheses and scores in any batch", () => {
    for (const model of [sharpModel({ numLayers: 2, bidirectional: true }, 3), halfTrainedModel().model]) {
      const options = { beam: 4, nBest: 4 };
      const together = beamSearch(model, sources, options);
      expect(sources.flatMap((source) => beamSearch(model, [source], options))).toEqual(together);
      expect(beamSearch(model, sources.toReversed(), options).toReversed()).toEqual(together);
    }
  });

  test("returns one hypothesis unless told otherwise, and nothing for no sentences", () => {
    expect(beamSearch(sharpModel(), sources).every((hypotheses) => hypotheses.length === 1)).toBe(true);
    expect(beamSearch(sharpModel(), [])).toEqual([]);
  });

  test.each<[BeamOptions, string]>([
    [{ beam: 0 }, "expected beam to be an integer ≥ 1, got 0"],
    [{ beam: 2.5 }, "expected beam to be an integer ≥ 1, got 2.5"],
    [{ beam: 2, nBest: 3 }, "expected nBest from 1 to the beam of 2, got 3"],
    [{ nBest: 0 }, "expected nBest to be an integer ≥ 1, got 0"],
    [{ lengthPenalty: -1 }, "expected lengthPenalty to be a finite number ≥ 0, got -1"],
    [{ lengthPenalty: Number.NaN }, "expected lengthPenalty to be a finite number ≥ 0, got NaN"],
    [{ lengthPenalty: Number.POSITIVE_INFINITY }, "expected lengthPenalty to be a finite number ≥ 0, got Infinity"],
  ])("refuses %o", (options, message) => {
    expect(() => beamSearch(sharpModel(), sources, options)).toThrow(new RangeError(`beamSearch: ${message}`));
  });
});
