import { checkOptions } from "../../options.js";
import type { FloatArray } from "../../tensor/storage.js";
import type { Searchable } from "../models/stepper.js";
import { EOS } from "../text/vocabulary.js";
import { checkSources, type SearchOptions, type SearchSource, searchOptions } from "./searching.js";
import { decodeStepwise } from "./stepwise.js";

/**
 * Takes the likeliest token at every step: one list of ids, without EOS, for each source. PAD, UNK and BOS are never
 * chosen: a reader can do nothing with them. A sentence's result does not depend on which others share its batch.
 *
 * @example
 * greedySearch(model, [[5, 9, 3]]); // [[7, 4, 8, 12]]
 */
export function greedySearch<Source extends SearchSource>(
  model: Searchable<Source>,
  sources: readonly Source[],
  options: SearchOptions = {},
): number[][] {
  checkSources("greedySearch", sources);
  checkOptions("greedySearch", searchOptions, options);
  return decodeStepwise(model, sources, options, likeliest);
}

/** The first largest of a row's logits, from EOS on: the ids before it are PAD, UNK and BOS. */
function likeliest(logits: FloatArray, start: number, size: number): number {
  let best = EOS;
  for (let id = EOS + 1; id < size; id++) if (logits[start + id] > logits[start + best]) best = id;
  return best;
}
