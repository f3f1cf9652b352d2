import { noGrad } from "../../autograd/switches.js";
import { scope } from "../../tensor/scope.js";
import type { FloatArray } from "../../tensor/storage.js";
import { padSources } from "../data/batch.js";
import type { Seq2Seq } from "../models/seq2seq.js";
import { type State, selectSequences } from "../models/state.js";
import { BOS, EOS } from "../text/vocabulary.js";

export interface SearchOptions {
  /** At most this many tokens a sentence, EOS not counted; at least 1. Default: 10 more than twice the source's. */
  readonly maxLength?: number;
}

/** How many tokens a translation of each source may have. Throws `RangeError` on a limit that is none. */
export function lengthLimits(sources: readonly ArrayLike<number>[], { maxLength }: SearchOptions): number[] {
  if (maxLength !== undefined && !(Number.isInteger(maxLength) && maxLength >= 1)) {
    throw new RangeError(`maxLength: expected an integer of at least 1, got ${maxLength}`);
  }
  return sources.map((source) => maxLength ?? 2 * source.length + 10);
}

/** Runs `body` with dropout off and no history, and puts the model back into the mode it was in. */
export function evaluating<R>(model: Seq2Seq, body: () => R): R {
  const wasTraining = model.training;
  model.eval();
  try {
    return noGrad(body);
  } finally {
    model.train(wasTraining);
  }
}

/** The decoder's first state for each source: [layers, B, H]. */
export function encodeSources(model: Seq2Seq, sources: readonly ArrayLike<number>[]): State {
  const { ids, lengths } = padSources(sources);
  return scope(() => model.encode(ids, lengths));
}

/** Picks a token from one row of logits, `logits[start]` to `logits[start + size − 1]`. */
export type Choose = (logits: FloatArray, start: number, size: number) => number;

/**
 * Writes one token after another for each source, whatever `choose` picks, until EOS or the length limit. A sentence
 * that has ended leaves the batch and is not computed any more.
 */
export function decodeStepwise(
  model: Seq2Seq,
  sources: readonly ArrayLike<number>[],
  options: SearchOptions,
  choose: Choose,
): number[][] {
  const results: number[][] = sources.map(() => []);
  const limits = lengthLimits(sources, options);
  if (sources.length === 0) return results;
  const size = model.config.outputSize;
  evaluating(model, () => {
    let running = sources.map((_, b) => b);
    let tokens = running.map(() => BOS);
    let state = encodeSources(model, sources);
    const decoder = model.decoder.prepare();
    while (running.length > 0) {
      const step = scope(() => {
        const { logits, state: next } = decoder.step(tokens, state);
        const chosen = running.map((_, b) => choose(logits, b * size, size));
        const going = chosen.flatMap((token, b) => {
          if (token === EOS) return [];
          const result = results[running[b]];
          return result.push(token) < limits[running[b]] ? [b] : [];
        });
        return { chosen, going, state: going.length < running.length ? selectSequences(next, going) : next };
      });
      state = step.state;
      running = step.going.map((b) => running[b]);
      tokens = step.going.map((b) => step.chosen[b]);
    }
  });
  return results;
}
