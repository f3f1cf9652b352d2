import { IntTensor } from "../../../tensor/intTensor.js";
import { scope } from "../../../tensor/scope.js";
import { evaluating } from "../../models/evaluating.js";
import type { LanguageModel } from "../../models/languageModel.js";
import { type DecoderState, stateParts } from "../../models/state.js";
import type { Batches } from "../../training/task.js";

/** Pieces of B texts, each going on where the one before ended. */
export interface Piece {
  /** [T, B] */
  readonly input: IntTensor;
  /** [T, B]: the token after each */
  readonly target: IntTensor;
  readonly isFirst: boolean;
}

/** Texts that are read side by side: few, as each begins without anything before it. */
const ROWS = 8;
const STEPS = 200;

/** Mean nats a token of a text, but for the first ones of the few parts that it is read in. */
export function textLoss(model: LanguageModel, ids: Int32Array): number {
  const rows = Math.max(1, Math.min(ROWS, Math.floor(ids.length / 100)));
  const all = pieces(ids, rows, STEPS);
  return evaluating(model, () => {
    let [sum, count] = [0, 0];
    let state: DecoderState | null = null;
    for (let i = 0; i < all.length; i++) {
      const { input, target } = all.at(i) as Piece;
      const before: DecoderState | null = state;
      state = scope(() => {
        const { loss, state: after } = model.loss(input, target, before);
        sum += loss.item() * target.data.length;
        return after;
      });
      disposeState(before);
      count += target.data.length;
    }
    disposeState(state);
    return sum / count;
  });
}

/** Frees a state that was kept beyond its scope. */
export function disposeState(state: DecoderState | null): void {
  for (const part of state ? stateParts(state.hidden) : []) part.dispose();
}

/** A text as `rows` parts, and these as pieces of at most `steps` tokens; the last tokens, which fill no row, are left out. */
export function pieces(ids: Int32Array, rows: number, steps: number): Batches<Piece> {
  const each = Math.floor((ids.length - 1) / rows);
  return {
    length: Math.ceil(each / steps),
    at(index) {
      const from = index * steps;
      const T = Math.min(steps, each - from);
      const window = (first: number): IntTensor =>
        new IntTensor(
          Int32Array.from({ length: T * rows }, (_, i) => ids[(i % rows) * each + first + Math.floor(i / rows)]),
          [T, rows],
        );
      return { input: window(from), target: window(from + 1), isFirst: index === 0 };
    },
  };
}
