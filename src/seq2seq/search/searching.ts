import { groupsByLength } from "../data/bucket.js";
import { evaluating } from "../models/evaluating.js";
import type { Searchable } from "../models/stepper.js";

/** Sources searched for together. */
const SENTENCES = 64;

export interface SearchOptions {
  /** At most this many tokens a sentence, EOS not counted; at least 1. Default: 10 more than twice the source's. */
  readonly maxLength?: number;
}

/** How many tokens the result for each source may have. Throws `RangeError` on a limit that is none. */
export function lengthLimits(sources: readonly ArrayLike<unknown>[], { maxLength }: SearchOptions): number[] {
  if (maxLength !== undefined && !(Number.isInteger(maxLength) && maxLength >= 1)) {
    throw new RangeError(`maxLength: expected an integer of at least 1, got ${maxLength}`);
  }
  return sources.map((source) => maxLength ?? 2 * source.length + 10);
}

/**
 * Searches for all sources, some at a time: as many as bound the memory, like lengths together, as that wastes the least.
 * Results are in the order of the sources. `search` runs with dropout off and without history.
 */
export function searchInGroups<Source extends ArrayLike<unknown>, R>(
  model: Searchable<Source>,
  sources: readonly Source[],
  search: (group: readonly Source[], indices: readonly number[]) => readonly R[],
): R[] {
  const results = new Array<R>(sources.length);
  const lengths = sources.map((source) => source.length);
  evaluating(model, () => {
    for (const indices of groupsByLength(lengths, { sentences: SENTENCES })) {
      search(
        indices.map((i) => sources[i]),
        indices,
      ).forEach((result, k) => {
        results[indices[k]] = result;
      });
    }
  });
  return results;
}
