import { describe } from "../tensor/checks.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * The parts of a state as a layer was given it, one tensor or, of two parts, the pair [h, c]; none where there is no state.
 * Throws `TypeError` on a state of another kind.
 */
export function statesOf(op: string, parts: 1 | 2, state: unknown): readonly Tensor[] {
  if (state === null || state === undefined) return [];
  if (parts === 1) {
    if (state instanceof Tensor) return [state];
    throw new TypeError(`${op}: expected a state of one tensor, got ${describeState(state)}`);
  }
  if (Array.isArray(state) && state.length === 2 && state.every((part) => part instanceof Tensor)) return state;
  throw new TypeError(`${op}: expected a state [h, c], got ${describeState(state)}`);
}

function describeState(state: unknown): string {
  if (state instanceof Tensor) return "one tensor";
  if (!Array.isArray(state)) return describe(state, "Tensor");
  const strange = state.findIndex((part) => !(part instanceof Tensor));
  if (strange >= 0) return `a list with ${describe(state[strange], "Tensor")} at ${strange}`;
  return state.length === 2 ? "a pair" : `a list of ${state.length}`;
}
