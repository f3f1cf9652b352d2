import { show } from "../../show.js";
import { scope } from "../../tensor/scope.js";
import { evaluating } from "../models/evaluating.js";
import { type Beginning, type Searchable, searchFrom } from "../models/stepper.js";
import { EOS } from "../text/vocabulary.js";
import { logSumExp } from "./top.js";

/** How a model sees a given target. */
export interface Forced {
  /** ln p(ids, EOS | source) */
  readonly logProbability: number;
  /** One row a target token, EOS last: how much of each source position it read; null without attention. */
  readonly attention: readonly (readonly number[])[] | null;
}

/**
 * Goes through a target that is given, rather than searched for, token by token: what the model thinks of it, and where
 * it looks meanwhile.
 *
 * @example
 * forcedDecoding(model, [5, 9, 3], [7, 4]).attention; // 3 rows (two tokens and EOS) of 4 weights (three tokens and EOS)
 */
export function forcedDecoding<Source>(model: Searchable<Source>, source: Source, ids: ArrayLike<number>): Forced {
  const search = ({ stepper, ...first }: Beginning): Forced => {
    let { ids: tokens, state } = first;
    let logProbability = 0;
    const rows: number[][] = [];
    for (const token of [...Array.from(ids), EOS]) {
      const step = scope(() => {
        const { logits, attention, state: next } = stepper.step(tokens, state);
        checkId(token, stepper.size);
        const [total] = logSumExp(logits, 1, stepper.size);
        return { gain: logits[token] - total, row: attention ? Array.from(attention) : null, state: next };
      });
      logProbability += step.gain;
      if (step.row) rows.push(step.row);
      state = step.state;
      tokens = [token];
    }
    return { logProbability, attention: rows.length > 0 ? rows : null };
  };
  return evaluating(model, () => searchFrom(model, [source], search));
}

/** Throws `RangeError` on what is no token's id: it would have no probability at all. */
function checkId(id: number, size: number): void {
  if (Number.isInteger(id) && id >= 0 && id < size) return;
  throw new RangeError(`forcedDecoding: expected ids from 0 to ${size - 1}, got ${show(id)}`);
}
