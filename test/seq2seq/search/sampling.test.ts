import { describe, expect, test } from "vitest";
import { padSources } from "../../../src/seq2seq/data/batch.js";
import type { Seq2Seq } from "../../../src/seq2seq/models/seq2seq.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { type SamplingOptions, sampleSearch } from "../../../src/seq2seq/search/sampling.js";
import { BOS, EOS } from "../../../src/seq2seq/text/vocabulary.js";
import { Generator } from "../../../src/tensor/index.js";
import { randomSentences, sharpModel } from "../../support/models.js";

const sources = randomSentences(12, 12, new Generator(7));
const source = [5, 9, 7];

/** The model's probabilities of the first token at a temperature, of those that may be drawn; by id. */
function firstTokens(model: Seq2Seq, temperature = 1): Map<number, number> {
  const { data } = model.forward(padSources([source]).ids, Int32Array.from([BOS]));
  const weights = Array.from(data, (logP, id) => [id, Math.exp(logP / temperature)] as const).filter(
    ([id]) => id >= EOS,
  );
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(weights.map(([id, weight]) => [id, weight / total]));
}

/** How often each first token was drawn (EOS where there is none). */
function drawn(model: Seq2Seq, count: number, options: SamplingOptions): Map<number, number> {
  const copies = Array.from({ length: count }, () => source);
  const counts = new Map<number, number>();
  for (const [first = EOS] of sampleSearch(model, copies, { generator: new Generator(3), maxLength: 1, ...options })) {
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return counts;
}

describe("sampleSearch", () => {
  test("with topK 1, or as the temperature nears 0, is greedy search", () => {
    for (const seed of [1, 2, 3]) {
      const model = sharpModel({}, seed);
      const greedy = greedySearch(model, sources);
      expect(sampleSearch(model, sources, { topK: 1, temperature: 5 })).toEqual(greedy);
      for (const temperature of [1e-6, Number.MIN_VALUE]) {
        expect(sampleSearch(model, sources, { temperature })).toEqual(greedy);
      }
      expect(sampleSearch(model, sources, { topP: 1e-9, temperature: 5 })).toEqual(greedy);
    }
  });

  test.each([0.7, 1, 2])("draws from the model's distribution at temperature %d", (temperature) => {
    const model = sharpModel({}, 2, 1.5);
    const probabilities = firstTokens(model, temperature);
    const count = 4000;
    const counts = drawn(model, count, { temperature });
    let chiSquare = 0;
    for (const [id, p] of probabilities) chiSquare += ((counts.get(id) ?? 0) - count * p) ** 2 / (count * p);
    expect(probabilities.size).toBe(8);
    expect(chiSquare).toBeLessThan(24.3); // 7 degrees of freedom, exceeded once in a thousand seeds
  });

  test("draws from the k likeliest only", () => {
    const model = sharpModel({}, 2);
    const likeliest = [...firstTokens(model)].sort((a, b) => b[1] - a[1]).map(([id]) => id);
    expect(new Set(drawn(model, 500, { topK: 3, temperature: 10 }).keys())).toEqual(new Set(likeliest.slice(0, 3)));
  });

  test("draws from the fewest tokens that make up topP", () => {
    const model = sharpModel({}, 2, 1.5);
    const sorted = [...firstTokens(model)].sort((a, b) => b[1] - a[1]);
    const total = (size: number): number => sorted.slice(0, size).reduce((sum, [, p]) => sum + p, 0);
    for (const size of [1, 2, 4]) {
      const topP = (total(size - 1) + total(size)) / 2;
      const nucleus = sorted.slice(0, size).map(([id]) => id);
      expect(new Set(drawn(model, 800, { topP }).keys())).toEqual(new Set(nucleus));
    }
    const [[first, p], [, q]] = sorted;
    const share = drawn(model, 2000, { topP: (p + total(2)) / 2 }).get(first)! / 2000;
    expect(Math.abs(share - p / (p + q))).toBeLessThan(0.05);
  });

  test("depends on the generator's state alone", () => {
    const model = sharpModel();
    const sample = (seed: number) => sampleSearch(model, sources, { temperature: 2, generator: new Generator(seed) });
    expect(sample(1)).toEqual(sample(1));
    expect(sample(1)).not.toEqual(sample(2));
    const generator = new Generator(1);
    const options = { temperature: 2, generator };
    expect(sampleSearch(model, sources, options)).not.toEqual(sampleSearch(model, sources, options));
  });

  test.each<[SamplingOptions, string]>([
    [{ temperature: 0 }, "expected temperature to be a finite number above 0, or Infinity, got 0"],
    [{ temperature: Number.NaN }, "expected temperature to be a finite number above 0, or Infinity, got NaN"],
    [{ topK: 0 }, "expected topK to be an integer ≥ 1, got 0"],
    [{ topK: 1.5 }, "expected topK to be an integer ≥ 1, got 1.5"],
    [{ topP: 0 }, "expected topP to be a number in (0, 1], got 0"],
    [{ topP: 1.1 }, "expected topP to be a number in (0, 1], got 1.1"],
  ])("refuses %o", (options, message) => {
    expect(() => sampleSearch(sharpModel(), sources, options)).toThrow(new RangeError(`sampleSearch: ${message}`));
  });
});
