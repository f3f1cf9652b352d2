import { describe, expect, test } from "vitest";
import { padSources } from "../../../src/seq2seq/data/batch.js";
import { beamSearch } from "../../../src/seq2seq/search/beam.js";
import { Ensemble } from "../../../src/seq2seq/search/ensemble.js";
import { forcedDecoding } from "../../../src/seq2seq/search/forced.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { BOS, EOS } from "../../../src/seq2seq/text/vocabulary.js";
import { Generator } from "../../../src/tensor/index.js";
import { randomSentences, sharpModel } from "../../support/models.js";
import { halfTrainedModel } from "../../support/toyTranslations.js";

const sources = randomSentences(12, 12, new Generator(7));

describe("Ensemble", () => {
  test("of one model, or of one several times, is that model", () => {
    const { model } = halfTrainedModel(1, { attention: "general" });
    const options = { beam: 4, nBest: 4 };
    const alone = beamSearch(model, sources, options);
    for (const ensemble of [new Ensemble([model]), new Ensemble([model, model, model])]) {
      beamSearch(ensemble, sources, options).forEach((hypotheses, i) => {
        expect(hypotheses.map(({ ids }) => ids)).toEqual(alone[i].map(({ ids }) => ids));
        hypotheses.forEach(({ score }, k) => {
          expect(score).toBeCloseTo(alone[i][k].score, 5);
        });
      });
    }
  });

  test("takes the mean of its models' probabilities, whatever they are made of", () => {
    const models = [
      sharpModel({}, 1),
      sharpModel({ attention: "additive", cell: "lstm" }, 2),
      halfTrainedModel().model,
    ];
    const ensemble = new Ensemble(models);
    const [source] = sources;
    const ids = [5, 7, 9];
    const rows = models.map((model) => {
      const { data, shape } = model.forward(padSources([source]).ids, Int32Array.from([BOS, ...ids]));
      return [...ids, EOS].map((id, t) => Math.exp(data[t * shape[2] + id]));
    });
    const expected = [0, 1, 2, 3].map((t) => Math.log(rows.reduce((sum, row) => sum + row[t], 0) / models.length));
    const total = expected.reduce((sum, value) => sum + value, 0);
    expect(forcedDecoding(ensemble, source, ids).logProbability).toBeCloseTo(total, 4);
    expect(greedySearch(ensemble, sources)).not.toEqual(greedySearch(models[0], sources));
    expect(greedySearch(ensemble, sources.toReversed()).toReversed()).toEqual(greedySearch(ensemble, sources));
  });

  test("refuses none, and models of several vocabularies", () => {
    expect(() => new Ensemble([])).toThrow(new RangeError("Ensemble: expected at least one model, got none"));
    const mixed = new Ensemble([sharpModel(), sharpModel({ outputSize: 9 })]);
    expect(() => greedySearch(mixed, sources)).toThrow(
      new RangeError("Ensemble: expected models with one number of tokens, got 11, 9"),
    );
  });

  test("puts each model back into its mode", () => {
    const models = [sharpModel({ dropout: 0.5 }), sharpModel({ dropout: 0.5 }).eval()];
    greedySearch(new Ensemble(models), sources);
    expect(models.map(({ training }) => training)).toEqual([true, false]);
  });
});

describe("forcedDecoding", () => {
  test.each(["dot", "general", "additive"] as const)(
    "has a row of %s attention a token, each adding up to 1",
    (kind) => {
      const model = sharpModel({ attention: kind }, 3);
      const { attention } = forcedDecoding(model, [5, 9, 3], [7, 4]);
      expect(attention).toHaveLength(3); // and EOS
      for (const row of attention!) {
        expect(row).toHaveLength(4); // and EOS
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    },
  );

  test("has the log-probability that search found, and no attention where there is none", () => {
    const { model } = halfTrainedModel();
    const [[best]] = beamSearch(model, [sources[0]], { beam: 4 });
    const forced = forcedDecoding(model, sources[0], best.ids);
    expect(forced.logProbability).toBeCloseTo(best.logProbability, 6);
    expect(forced.attention).toBeNull();
  });
});
