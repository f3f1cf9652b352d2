import { describe, expect, test } from "vitest";
import { padSources } from "../../../src/seq2seq/data/batch.js";
import type { Decoder } from "../../../src/seq2seq/models/decoder.js";
import type { Seq2Seq } from "../../../src/seq2seq/models/seq2seq.js";
import type { State } from "../../../src/seq2seq/models/state.js";
import { beamSearch } from "../../../src/seq2seq/search/beam.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { sampleSearch } from "../../../src/seq2seq/search/sampling.js";
import { BOS, EOS, PAD, UNK } from "../../../src/seq2seq/text/vocabulary.js";
import { Generator } from "../../../src/tensor/index.js";
import { randomSentences, sharpModel } from "../../support/models.js";
import { halfTrainedModel } from "../../support/toyTranslations.js";

const sources = randomSentences(20, 12, new Generator(7));

/** Greedy search as its definition says: one sentence, one token at a time, from `forward`'s log-probabilities. */
function naiveGreedy(model: Seq2Seq, source: readonly number[], maxLength = 2 * source.length + 10): number[] {
  let hidden: State = model.encode(padSources([source]).ids).last;
  const ids: number[] = [];
  for (let token = BOS; ids.length < maxLength; ids.push(token)) {
    const [logProbabilities, next] = (model.decoder as Decoder).forward(token, hidden);
    const row = Array.from(logProbabilities.data, (value, id) => (id < EOS ? Number.NEGATIVE_INFINITY : value));
    token = row.indexOf(Math.max(...row));
    if (token === EOS) break;
    hidden = next;
  }
  return ids;
}

/** Every search there is, with options that make it draw all kinds of tokens. */
const searches: Record<
  string,
  (model: Seq2Seq, some: readonly number[][], maxLength?: number) => readonly (readonly number[])[]
> = {
  greedySearch: (model, some, maxLength) => greedySearch(model, some, { maxLength }),
  beamSearch: (model, some, maxLength) =>
    beamSearch(model, some, { maxLength, beam: 5, nBest: 5 }).flatMap((best) => best.map(({ ids }) => ids)),
  sampleSearch: (model, some, maxLength) =>
    sampleSearch(model, some, { maxLength, temperature: 3, generator: new Generator(1) }),
};

describe("greedySearch", () => {
  test.each(["rnn", "gru", "lstm"] as const)("takes the likeliest token at every step of a %s", (cell) => {
    const results = [1, 2, 3, 4].flatMap((seed) => {
      const model = sharpModel({ cell, numLayers: 2, bidirectional: seed % 2 === 0 }, seed);
      const found = greedySearch(model, sources);
      expect(found).toEqual(sources.map((source) => naiveGreedy(model, source)));
      return found;
    });
    expect(new Set(results.map((ids) => ids.length)).size).toBeGreaterThan(3); // some end, some are cut off
  });

  test("gives the same translations in any batch, and in any order", () => {
    for (const model of [sharpModel({}, 2), halfTrainedModel().model]) {
      const together = greedySearch(model, sources);
      expect(sources.flatMap((source) => greedySearch(model, [source]))).toEqual(together);
      expect(greedySearch(model, sources.toReversed()).toReversed()).toEqual(together);
    }
  });

  test("of no sentences is nothing, and an empty sentence has a translation", () => {
    expect(greedySearch(sharpModel(), [])).toEqual([]);
    expect(greedySearch(sharpModel(), [[]])).toHaveLength(1);
  });
});

describe.each(Object.entries(searches))("%s", (_, search) => {
  test("never produces PAD, UNK, BOS or EOS, however likely they are", () => {
    const model = sharpModel();
    for (const id of [PAD, UNK, BOS]) model.decoder.out.bias!.data[id] = 50;
    const ids = new Set(search(model, sources).flat());
    for (const special of [PAD, UNK, BOS, EOS]) expect(ids).not.toContain(special);
    expect(ids.size).toBeGreaterThan(2);
  });

  test("keeps to the length limit, twice the source and 10 unless given", () => {
    const model = sharpModel();
    model.decoder.out.bias!.data[EOS] = -1000; // no sentence ends by itself
    for (const source of [[4], [4, 5, 6]]) {
      for (const ids of search(model, [source])) expect(ids).toHaveLength(2 * source.length + 10);
      for (const ids of search(model, [source], 1)) expect(ids).toHaveLength(1);
      for (const ids of search(model, [source], 4)) expect(ids).toHaveLength(4);
    }
    model.decoder.out.bias!.data[EOS] = 1000; // every sentence ends at once
    expect(search(model, [[4]])[0]).toEqual([]);
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses a maxLength of %d", (maxLength) => {
    const message = `expected maxLength to be an integer ≥ 1, got ${maxLength}`;
    expect(() => search(sharpModel(), [[4]], maxLength)).toThrow(message);
    expect(() => search(sharpModel(), [[4]], maxLength)).toThrow(RangeError);
  });

  test("leaves the model in the mode it was in, with dropout off meanwhile", () => {
    const model = sharpModel({ dropout: 0.9 });
    const expected = search(model.eval(), sources);
    expect(model.training).toBe(false);
    expect(search(model.train(), sources)).toEqual(expected);
    for (const [, module] of model.namedModules()) expect(module.training).toBe(true);
    expect(() => search(model, [[4], [999]])).toThrow(RangeError);
    for (const [, module] of model.namedModules()) expect(module.training).toBe(true);
    model.eval();
    expect(() => search(model, [[999]])).toThrow(RangeError);
    expect(model.training).toBe(false);
  });

  test("ends, whatever the model says", () => {
    const model = sharpModel();
    model.decoder.out.weight.data.fill(Number.NaN);
    expect(search(model, [[4]]).length).toBeGreaterThan(0);
  });
});
