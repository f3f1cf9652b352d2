/** The gradient check's rows of the ops in which something feeds back. */
import { cellRules, conditional, inputFeeding } from "../../src/autograd/index.js";
import { Generator, type Tensor } from "../../src/tensor/index.js";
import { type Check, check, withSmallSteps } from "../support/checks.js";
import { joined } from "../support/compare.js";
import { attendedLeaves, type Cell, feedingLeaves, KINDS, tensorsOf, weightLeaves } from "../support/feedback.js";
import { leaf } from "../support/leaves.js";

const [T, B, F, H, S, E, O] = [3, 3, 2, 3, 4, 2, 2];
const memory = [3, 1, 4];

/** Checks a function of plain data, which is where gradcheck changes the numbers. */
function over<D>(label: string, data: D, fn: (data: D) => readonly Tensor[]): Check {
  return check(label, tensorsOf(data), () => joined(fn(data)));
}

/** Cell × kind of attention × lengths of both sides and initial states, or neither. */
function every(make: (cell: Cell, kind: (typeof KINDS)[number], isFull: boolean, isNormed: boolean) => Check): Check[] {
  const checks = (cell: Cell): Check[] =>
    KINDS.flatMap((kind) => [
      ...[true, false].map((isFull) => make(cell, kind, isFull, false)),
      ...withSmallSteps([make(cell, kind, kind === "dot", true)]),
    ]);
  return [...checks("gru"), ...checks("lstm"), ...checks("rnn")];
}

export const feedbackRows = {
  conditional: every((cell, kind, isFull, isNormed) => {
    const data = {
      x: leaf(T, B, F),
      h0: isFull ? leaf(B, H) : null,
      c0: isFull && cell === "lstm" ? leaf(B, H) : null,
      weights: {
        first: weightLeaves(leaf, cell, F, H, isFull, isNormed),
        second: weightLeaves(leaf, cell, E, H, isFull, isNormed),
      },
      attended: attendedLeaves(leaf, kind, { B, S, E, H }),
    };
    const lengths = isFull ? [2, 3, 1] : undefined;
    return over(
      `${cell}, ${kind}, lengths ${lengths}, normed ${isNormed}`,
      data,
      ({ x, h0, c0, weights, attended }) => {
        const seen = { ...attended, lengths: isFull ? memory : undefined };
        return conditional(cellRules[cell], x, h0, c0, weights, seen, { lengths });
      },
    );
  }),
  inputFeeding: every((cell, kind, isFull, isNormed) => {
    const data = {
      ...feedingLeaves(leaf, cell, { T, B, E, F, H, O }, isFull, isNormed),
      attended: attendedLeaves(leaf, kind, { B, S, E, H }),
    };
    const lengths = isFull ? [2, 3, 1] : undefined;
    return over(
      `${cell}, ${kind}, lengths ${lengths}, normed and residual ${isNormed}`,
      data,
      ({ x, state, weights, attended }) => {
        const seen = { ...attended, lengths: isFull ? memory : undefined };
        const dropout = isFull ? 0.4 : 0;
        const options = { lengths, dropout, residual: isNormed, generator: new Generator(3) };
        return tensorsOf(inputFeeding(cellRules[cell], x, state, weights, seen, options));
      },
    );
  }),
};
