import { checkOptions } from "../../../options.js";
import { checkTensors } from "../../../tensor/checks.js";
import { zeroed } from "../../../tensor/create.js";
import { kernels } from "../../../tensor/kernels/index.js";
import { formatShape } from "../../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import { record } from "../../record.js";
import { checkDtypes, checkShapeIs } from "../operands.js";
import { type AttentionOptions, attentionOptions, refuseColumns, viewOf } from "./view.js";

/**
 * Mixes another memory by the weights that an attention gave; c is the sentence of row r.
 *
 * y[t, r] = Σₛ weights[t, r, s] · values[s, c]
 * dweights[t, r, s] = dy[t, r] · values[s, c],  dvalues[s, c] = Σₜ weights[t, r, s] · dy[t, r]
 *
 * weights [T, R, S], values [S, B, E] → [T, R, E].
 * Throws `RangeError` on shapes, lengths or columns that do not fit, and on columns where a gradient is wanted.
 *
 * @example
 * const [, weights] = dotAttention(query, memory, memory); // [7, 2, 5]
 * attentionMix(weights, embedded).shape; // [7, 2, 3], embedded being [5, 2, 3]
 */
export function attentionMix(weights: Tensor, values: Tensor, options: AttentionOptions = {}): Tensor {
  const op = "attentionMix";
  checkTensors(op, weights, values);
  checkOptions(op, attentionOptions, options);
  checkDtypes(op, weights, values);
  refuseColumns(op, options.columns, [weights, values]);
  if (weights.shape.length !== 3) {
    throw new RangeError(`${op}: expected weights [T, R, S], got ${formatShape(weights.shape)}`);
  }
  const [T, R] = weights.shape;
  const [S, , E] = values.shape;
  const view = viewOf(op, [T, R, E], values, values, options);
  checkShapeIs(op, "weights", weights, [T, R, S]);
  const y = zeroed(op, [T, R, E], values.dtype);
  kernels.mixRows(floatsOf(y), floatsOf(weights), floatsOf(values), view, E);
  return record(
    op,
    y,
    [weights, values],
    (dy, [dweights, dvalues]) => {
      if (dweights) kernels.scoreRows(dweights, dy, floatsOf(values), view, E);
      if (dvalues) kernels.spreadRows(dvalues, floatsOf(weights), dy, view, E);
    },
    { saved: [weights, values] },
  );
}
