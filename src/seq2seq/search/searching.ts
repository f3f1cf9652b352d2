import { integer, type OptionTable } from "../../options.js";
import { show } from "../../show.js";
import { groupsByLength } from "../data/bucket.js";
import { countFrames, type Frames } from "../data/frames.js";
import { evaluating } from "../models/evaluating.js";
import type { Searchable } from "../models/stepper.js";

/** Sources searched for together. */
const SENTENCES = 64;

/** What a search may be given: a list of tokens, a text, or whatever else has a length; or frames. */
export type SearchSource = ArrayLike<unknown> | Frames;

export interface SearchOptions {
  /** At most this many tokens a sentence, EOS not counted; at least 1. Default: 10 more than twice the source's or, where that is more, than those that it has to begin with. */
  readonly maxLength?: number;
}

export const searchOptions: OptionTable<SearchOptions> = { maxLength: integer(1) };

/** How many tokens the result for each source may have, where it may have to begin with some. */
export function lengthLimits(
  sources: readonly SearchSource[],
  { maxLength }: SearchOptions,
  prefixes?: readonly ArrayLike<unknown>[],
): number[] {
  return sources.map((source, i) => maxLength ?? Math.max(2 * lengthOf(source)!, prefixes?.[i]?.length ?? 0) + 10);
}

/** How many tokens, or frames, a source has; undefined where it is none. */
function lengthOf(source: unknown): number | undefined {
  const { length } = (source ?? {}) as { readonly length?: unknown };
  return typeof length === "number" ? length : countFrames(source);
}

/** Throws `TypeError` unless these are several sources in a list: a single one would be taken for a list of its tokens. */
export function checkSources(op: string, sources: unknown): void {
  if (!Array.isArray(sources)) throw new TypeError(`${op}: expected a list of sources, got ${show(sources)}`);
  const strange = sources.findIndex((source) => lengthOf(source) === undefined);
  if (strange < 0) return;
  throw new TypeError(
    `${op}: expected sources that are lists of tokens, or frames, got ${show(sources[strange])} at ${strange}`,
  );
}

/**
 * Searches for all sources, some at a time: as many as bound the memory, like lengths together, as that wastes the least.
 * Results are in the order of the sources. `search` runs with dropout off and without history.
 */
export function searchInGroups<Source extends SearchSource, R>(
  model: Searchable<Source>,
  sources: readonly Source[],
  search: (group: readonly Source[], indices: readonly number[]) => readonly R[],
): R[] {
  const results = new Array<R>(sources.length);
  const lengths = sources.map((source) => lengthOf(source)!);
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
