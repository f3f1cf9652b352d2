import { scope } from "../../tensor/scope.js";
import type { FloatArray } from "../../tensor/storage.js";
import { type Beginning, type Searchable, searchFrom } from "../models/stepper.js";
import { EOS } from "../text/vocabulary.js";
import { lengthLimits, type SearchOptions, type SearchSource, searchInGroups } from "./searching.js";

/** Picks a token from one row of logits, `logits[start]` to `logits[start + size − 1]`. */
export type Choose = (logits: FloatArray, start: number, size: number) => number;

/**
 * Writes one token after another for each source, whatever `choose` picks, until EOS or the length limit. A sentence
 * that has ended leaves the batch and is not computed any more.
 */
export function decodeStepwise<Source extends SearchSource>(
  model: Searchable<Source>,
  sources: readonly Source[],
  options: SearchOptions,
  choose: Choose,
): number[][] {
  const limits = lengthLimits(sources, options);
  return searchInGroups(model, sources, (group, indices) =>
    searchFrom(model, group, (beginning) =>
      decodeTogether(
        beginning,
        indices.map((i) => limits[i]),
        choose,
      ),
    ),
  );
}

function decodeTogether({ stepper, ...first }: Beginning, limits: readonly number[], choose: Choose): number[][] {
  const results: number[][] = limits.map(() => []);
  const { size } = stepper;
  let running = limits.map((_, b) => b);
  let { ids: tokens, state } = first;
  while (running.length > 0) {
    const step = scope(() => {
      const { logits, state: next } = stepper.step(tokens, state);
      const chosen = running.map((_, b) => choose(logits, b * size, size));
      const going = chosen.flatMap((token, b) => {
        if (token === EOS) return [];
        const result = results[running[b]];
        return result.push(token) < limits[running[b]] ? [b] : [];
      });
      return { chosen, going, state: going.length < running.length ? stepper.select(next, going) : next };
    });
    state = step.state;
    running = step.going.map((b) => running[b]);
    tokens = step.going.map((b) => step.chosen[b]);
  }
  return results;
}
