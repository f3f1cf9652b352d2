import { checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { broadcastShapes } from "../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { type Backward, record } from "../record.js";
import { addReduced, checkDtypes, expanded, type Operand, toTensors } from "./operands.js";

/**
 * out = x where `condition` is not 0, else y; all three broadcast.  dx = dout where it is not 0, dy = dout where it is 0
 * A number acts as a scalar tensor. No gradient flows to the condition, nor from an element that was not chosen, be it NaN.
 * Throws `RangeError` on shapes that do not broadcast, `TypeError` on an x and a y of two dtypes.
 *
 * @example
 * where(tensor([1, 0, 1]), tensor([1, 2, 3]), 0).toArray(); // [1, 0, 3]
 */
export function where(condition: Tensor, x: Operand, y: Operand): Tensor {
  checkTensors("where", condition);
  const [a, b] =
    typeof x === "number" && typeof y === "number"
      ? [toTensors("where", x, condition)[0], toTensors("where", y, condition)[0]]
      : toTensors("where", x, y);
  checkDtypes("where", a, b);
  const shape = broadcastShapes("where", broadcastShapes("where", condition.shape, a.shape), b.shape);
  const chosen = expanded(condition, shape);
  const out = empty("where", shape, a.dtype);
  kernels.where(floatsOf(out), chosen, expanded(a, shape), expanded(b, shape));
  const flow: Backward = (dout, [da, db]) => {
    if (da) addReduced(da, a.shape, shape, (full) => kernels.whereBackward(full, dout, chosen));
    if (db) addReduced(db, b.shape, shape, (full) => kernels.maskedFillBackward(full, dout, chosen));
  };
  return record("where", out, [a, b], flow, { saved: [condition] });
}
