import { integer, type OptionTable } from "../../options.js";
import { show } from "../../show.js";
import { groupsByLength } from "../data/bucket.js";
import { evaluating } from "../models/evaluating.js";
import type { Searchable } from "../models/stepper.js";

/** Sources searched for together. */
const SENTENCES = 64;

export interface SearchOptions {
  /** At most this many tokens a sentence, EOS not counted; at least 1. Default: 10 more than twice the source's or, where that is more, than those that it has to begin with. */
  readonly maxLength?: number;
}

export const searchOptions: OptionTable<SearchOptions> = { maxLength: integer(1) };

/** How many tokens the result for each source may have, where it may have to begin with some. */
export function lengthLimits(
  sources: readonly ArrayLike<unknown>[],
  { maxLength }: SearchOptions,
  prefixes?: readonly ArrayLike<unknown>[],
): number[] {
  return sources.map((source, i) => maxLength ?? Math.max(2 * source.length, prefixes?.[i]?.length ?? 0) + 10);
}

/** Throws `TypeError` unless these are several sources in a list: a single one would be taken for a list of its tokens. */
export function checkSources(op: string, sources: unknown): void {
  const isSource = (source: unknown): boolean => typeof (source as ArrayLike<unknown> | null)?.length === "number";
  if (!Array.isArray(sources)) throw new TypeError(`${op}: expected a list of sources, got ${show(sources)}`);
  const strange = sources.findIndex((source) => !isSource(source));
  if (strange < 0) return;
  throw new TypeError(`${op}: expected sources that are lists of tokens, got ${show(sources[strange])} at ${strange}`);
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
