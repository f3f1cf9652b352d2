import { checkOptions, flag, fraction, integer, limit, type OptionTable, positive } from "../../options.js";
import { defaultGenerator, type Generator, generatorOption } from "../../tensor/random.js";
import type { FloatArray } from "../../tensor/storage.js";
import type { Searchable } from "../models/stepper.js";
import { EOS } from "../text/vocabulary.js";
import { checkSources, type SearchOptions, type SearchSource, searchOptions } from "./searching.js";
import { decodeStepwise } from "./stepwise.js";
import { topIds } from "./top.js";

export interface SamplingOptions extends SearchOptions {
  /** Divides the logits: below 1 bolder, above 1 wilder. Default 1. */
  readonly temperature?: number;
  /** Draws from the k likeliest tokens only (Fan et al., 2018). Default: all. */
  readonly topK?: number;
  /** Draws from the fewest tokens that together have this probability (Holtzman et al., 2020), 0 < p ≤ 1. Default 1. */
  readonly topP?: number;
  /** Whether EOS is not drawn, either, so that each text has its full length: for models of texts without an end. */
  readonly endless?: boolean;
  readonly generator?: Generator;
}

export const samplingOptions: OptionTable<SamplingOptions> = {
  ...searchOptions,
  temperature: limit(positive()),
  topK: integer(1),
  topP: { initial: 1, expected: "a number in (0, 1]", accepts: (value) => value !== 0 && fraction().accepts(value) },
  endless: flag(),
  generator: generatorOption,
};

/**
 * Draws each token from the model's distribution: one list of ids, without EOS, for each source. PAD, UNK and BOS are
 * never drawn. Throws `RangeError` on options out of range.
 *
 * @example
 * sampleSearch(model, [[5, 9, 3]], { temperature: 0.8, topK: 20, generator: new Generator(1) });
 */
export function sampleSearch<Source extends SearchSource>(
  model: Searchable<Source>,
  sources: readonly Source[],
  options: SamplingOptions = {},
): number[][] {
  checkSources("sampleSearch", sources);
  checkOptions("sampleSearch", samplingOptions, options);
  const { temperature = 1, topK, topP = 1, endless = false, generator = defaultGenerator } = options;
  return decodeStepwise(model, sources, options, (logits, start, size) => {
    const ids = candidates(logits, start, size, endless ? EOS + 1 : EOS, topK, topP);
    const top = ids.reduce((largest, id) => Math.max(largest, logits[start + id]), Number.NEGATIVE_INFINITY);
    const weights = ids.map((id) => Math.exp((logits[start + id] - top) / temperature));
    const kept = topP < 1 ? nucleus(weights, topP) : weights;
    return ids[draw(kept, generator)];
  });
}

/** The ids to draw from, `first` and those above; in order of likelihood where a limit needs that order. */
function candidates(
  logits: FloatArray,
  start: number,
  size: number,
  first: number,
  topK: number | undefined,
  topP: number,
): number[] {
  if (topK !== undefined) {
    const ids = topIds(logits.subarray(start, start + size), 1, size, topK + first - EOS);
    return Array.from(ids.filter((id) => id >= first).subarray(0, topK));
  }
  const ids = Array.from({ length: size - first }, (_, i) => first + i);
  return topP < 1 ? ids.sort((a, b) => logits[start + b] - logits[start + a]) : ids;
}

/** The fewest weights, taken from the largest on, that make up the part `topP` of all. */
function nucleus(sorted: readonly number[], topP: number): number[] {
  const wanted = topP * sorted.reduce((total, weight) => total + weight, 0);
  let reached = 0;
  const kept: number[] = [];
  for (const weight of sorted) {
    if (reached >= wanted && kept.length > 0) break;
    kept.push(weight);
    reached += weight;
  }
  return kept;
}

/** An index with a chance in proportion to its weight. */
function draw(weights: readonly number[], generator: Generator): number {
  let left = generator.random() * weights.reduce((total, weight) => total + weight, 0);
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return weights.length - 1; // rounding
}
