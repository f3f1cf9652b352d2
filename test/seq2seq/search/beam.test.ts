import { describe, expect, test } from "vitest";
import { padSources } from "../../../src/seq2seq/data/batch.js";
import type { Seq2Seq } from "../../../src/seq2seq/models/seq2seq.js";
import { beamSearch } from "../../../src/seq2seq/search/beam.js";
import type { BeamOptions, Hypothesis } from "../../../src/seq2seq/search/beamOptions.js";
import { forcedDecoding } from "../../../src/seq2seq/search/forced.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { BOS, EOS } from "../../../src/seq2seq/text/vocabulary.js";
import { Generator } from "../../../src/tensor/index.js";
import { randomSentences, sharpModel } from "../../support/models.js";
import { exhaustive, plainBeam } from "../../support/plainBeam.js";
import { halfTrainedModel } from "../../support/toyTranslations.js";

const sources = randomSentences(12, 12, new Generator(7));

/** ln p of a translation, with or without its EOS, from `forward` with teacher forcing. */
function logProbability(model: Seq2Seq, source: readonly number[], ids: readonly number[], withEos: boolean): number {
  const { data, shape } = model.forward(padSources([source]).ids, Int32Array.from([BOS, ...ids]));
  const said = withEos ? [...ids, EOS] : ids;
  return said.reduce((total, id, t) => total + data[t * shape[2] + id], 0);
}

/** Hypotheses with their numbers rounded, as two roads to them differ in the last bits. */
function rounded(hypotheses: readonly Hypothesis[]): unknown {
  const round = (x: number): number => Number(x.toFixed(3));
  return hypotheses.map(({ ids, logProbability, score, isFinished, attention }) => ({
    ids,
    isFinished,
    numbers: [logProbability, score, ...(attention ?? []).flat()].map(round),
  }));
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
  test.each<[BeamOptions, number]>([
    [{ lengthPenalty: 0 }, 85],
    [{ lengthPenalty: 0.5 }, 85],
    [{}, 85],
    [{ lengthPenalty: 2 }, 85],
    [{ lengthPenalty: 0.6, lengthPenaltyOffset: 5 }, 85],
    [{ coveragePenalty: 0.4 }, 85],
    [{ lengthPenalty: 0.9, lengthPenaltyOffset: 5, coveragePenalty: 2 }, 85],
    [{ noRepeatNgramSize: 1 }, 1 + 4 + 12 + 24],
    [{ noRepeatNgramSize: 2 }, 1 + 4 + 16 + 60],
  ])("as wide as the search space is exhaustive search with %o", (more, count) => {
    for (const seed of [1, 2]) {
      const model = sharpModel({ outputSize: 8, hiddenSize: 4, attention: "general" }, seed);
      const options = { beam: 100, nBest: 100, maxLength: 3, ...more };
      const some = sources.slice(0, 3);
      const found = beamSearch(model, some, options);
      some.forEach((source, i) => {
        const expected = exhaustive(model, source, options);
        expect(expected).toHaveLength(count);
        expect(rounded(found[i])).toEqual(rounded(expected));
      });
    }
  });

  // Every option with a random model and a narrow beam, against a plain twin that knows neither batches nor shortcuts.
  test.each<BeamOptions>([
    {},
    { lengthPenalty: 0 },
    { lengthPenalty: 2.5 },
    { lengthPenalty: 0.6, lengthPenaltyOffset: 5, coveragePenalty: 0.2 },
    { coveragePenalty: 3 },
    { noRepeatNgramSize: 1 },
    { noRepeatNgramSize: 2, coveragePenalty: 1 },
    { allowUnknown: true },
    { allowUnknown: true, noRepeatNgramSize: 2, maxLength: 8 },
    { maxLength: 4 },
  ])("is its plain twin with %o", (options) => {
    const prefixes = [[], [5], [7, 4, 9], [6, 1, 6, 6]];
    for (const [seed, nBest] of [
      [1, 1],
      [2, 3],
      [3, 5],
    ]) {
      const { model } = halfTrainedModel(seed, { attention: "additive" });
      for (const targetPrefixes of [undefined, sources.map((_, i) => prefixes[i % 4])]) {
        const found = beamSearch(model, sources, { ...options, beam: 5, nBest, targetPrefixes });
        sources.forEach((source, i) => {
          const expected = plainBeam(model, source, targetPrefixes?.[i] ?? [], { ...options, beam: 5, nBest });
          expect(rounded(found[i])).toEqual(rounded(expected));
        });
      }
    }
  });

  test("scores what it returns as the model does, best first, every translation once", () => {
    const { model } = halfTrainedModel();
    for (const lengthPenalty of [0, 1]) {
      beamSearch(model, sources, { beam: 6, nBest: 6, lengthPenalty }).forEach((hypotheses, i) => {
        expect(hypotheses).toHaveLength(6);
        expect(new Set(hypotheses.map(({ ids }) => ids.join())).size).toBe(6);
        for (const isFinished of [true, false]) {
          const scores = hypotheses.filter((own) => own.isFinished === isFinished).map(({ score }) => score);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        }
        for (const { ids, logProbability: found, score, isFinished } of hypotheses) {
          expect(found).toBeCloseTo(logProbability(model, sources[i], ids, isFinished), 3);
          expect(score).toBeCloseTo(found / (isFinished ? ids.length + 1 : ids.length) ** lengthPenalty, 10);
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

  test("ranks what the length limit cut off behind all that ended, and says which", () => {
    const { model } = halfTrainedModel(2);
    const all = beamSearch(model, sources, { beam: 8, nBest: 8, maxLength: 3 });
    const flags = all.map((hypotheses) => hypotheses.map(({ isFinished }) => isFinished));
    expect(flags.some((own) => own.includes(true) && own.includes(false))).toBe(true);
    for (const own of flags) expect(own).toEqual(own.toSorted((a, b) => Number(b) - Number(a)));
    for (const { ids, isFinished } of all.flat()) expect(ids.length).toBeLessThan(isFinished ? 3 : 4);
    const scores = all.flat().filter(({ isFinished }) => !isFinished).length;
    expect(scores).toBeGreaterThan(0);
  });

  test("lets every hypothesis end, whatever may not come again", () => {
    // Of 2 tokens none may come twice: there are 5 translations, the longest of 2 tokens, though nobody wants to end.
    const model = sharpModel({ outputSize: 6 });
    model.decoder.out.bias!.data[EOS] -= 20;
    for (const hypotheses of beamSearch(model, sources, { beam: 9, nBest: 9, noRepeatNgramSize: 1 })) {
      expect(hypotheses.map(({ ids }) => ids.join()).sort()).toEqual(["", "4", "4,5", "5", "5,4"]);
      expect(hypotheses.every(({ isFinished }) => isFinished)).toBe(true);
    }
    const [[longest]] = beamSearch(model, [sources[0]], { beam: 1, noRepeatNgramSize: 1 });
    expect(longest.ids).toHaveLength(2);
  });

  test("begins as it is told, and goes on as the model would", () => {
    const { model } = halfTrainedModel();
    const free = beamSearch(model, sources, { beam: 3 });
    const own = beamSearch(model, sources, { beam: 3, targetPrefixes: free.map(([{ ids }]) => ids.slice(0, 2)) });
    own.forEach(([best], i) => {
      const prefix = free[i][0].ids.slice(0, 2);
      expect(best.ids.slice(0, prefix.length)).toEqual(prefix);
      expect(best.score).toBeGreaterThan(free[i][0].score - 1e-5);
    });
    const other = beamSearch(model, sources, { beam: 3, nBest: 3, targetPrefixes: sources.map(() => [9, 1, 4]) });
    for (const { ids, logProbability: found, isFinished } of other[5]) {
      expect(ids.slice(0, 3)).toEqual([9, 1, 4]);
      expect(found).toBeCloseTo(logProbability(model, sources[5], ids, isFinished), 3);
    }
    const [[cut]] = beamSearch(model, [[5]], { targetPrefixes: [[9, 4]], maxLength: 2 });
    expect(cut).toMatchObject({ ids: [9, 4], isFinished: false });
    const long = Array.from({ length: 40 }, (_, i) => 4 + (i % 5));
    expect(beamSearch(model, [[5]], { targetPrefixes: [long] })[0][0].ids.length).toBeGreaterThanOrEqual(40);
  });

  test("says where each token looked, in any batch", () => {
    const model = sharpModel({ attention: "general", bidirectional: true }, 3);
    for (const [i, [best]] of beamSearch(model, sources, { beam: 3 }).entries()) {
      const forced = forcedDecoding(model, sources[i], best.ids);
      expect(best.attention).toHaveLength(best.ids.length + Number(best.isFinished));
      best.attention!.forEach((row, t) => {
        expect(row).toHaveLength(sources[i].length + 1);
        row.forEach((weight, s) => {
          expect(weight).toBeCloseTo(forced.attention![t][s], 5);
        });
      });
    }
    expect(beamSearch(sharpModel(), [sources[0]])[0][0].attention).toBeNull();
  });

  test("finds no less likely translations with a wider beam, on the whole", () => {
    const { model } = halfTrainedModel(3);
    const total = (beam: number): number =>
      beamSearch(model, sources, { beam, lengthPenalty: 0 }).reduce((sum, [best]) => sum + best.logProbability, 0);
    expect(total(8)).toBeGreaterThan(total(1));
  });

  test("gives the same hypotheses and scores in any batch", () => {
    const attentive = halfTrainedModel(1, { attention: "general" }).model;
    for (const model of [sharpModel({ numLayers: 2, bidirectional: true }, 3), halfTrainedModel().model, attentive]) {
      const coveragePenalty = model === attentive ? 0.2 : 0;
      const options = { beam: 4, nBest: 4, coveragePenalty };
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
    [{ noRepeatNgramSize: -1 }, "expected noRepeatNgramSize to be an integer ≥ 0, got -1"],
    [{ coveragePenalty: -1 }, "expected coveragePenalty to be a number in [0, 1000], got -1"],
    [{ lengthPenaltyOffset: -1 }, "expected lengthPenaltyOffset to be a number in [0, 1000000], got -1"],
    [{ targetPrefixes: [[5]] }, "expected targetPrefixes to be 12 lists of ids, got 1"],
    [
      { targetPrefixes: sources.map((_, i) => (i === 7 ? [4, EOS] : [])) },
      "expected targetPrefixes of ids from 0 to 10, without EOS, got [4, 3] at 7",
    ],
    [
      { targetPrefixes: sources.map((_, i) => (i === 3 ? [11] : [4])) },
      "expected targetPrefixes of ids from 0 to 10, without EOS, got [11] at 3",
    ],
    [
      { targetPrefixes: sources.map((_, i) => (i === 2 ? [4, 4] : [])), maxLength: 1 },
      "expected targetPrefixes of at most the maxLength of 1 tokens, got 2 at 2",
    ],
    [{ lengthPenalty: -1 }, "expected lengthPenalty to be a number in [0, 10], got -1"],
    [{ lengthPenalty: Number.NaN }, "expected lengthPenalty to be a number in [0, 10], got NaN"],
    [{ lengthPenalty: Number.POSITIVE_INFINITY }, "expected lengthPenalty to be a number in [0, 10], got Infinity"],
  ])("refuses %o", (options, message) => {
    expect(() => beamSearch(sharpModel(), sources, options)).toThrow(new RangeError(`beamSearch: ${message}`));
  });

  test("refuses a coverage penalty without attention", () => {
    const message = "beamSearch: expected a model with attention for coveragePenalty, got one without";
    expect(() => beamSearch(sharpModel(), sources, { coveragePenalty: 0.1 })).toThrow(new TypeError(message));
  });
});
