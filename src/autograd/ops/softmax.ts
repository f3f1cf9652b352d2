import { empty } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { normalizeDim, numel } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { record } from "../record.js";
import { named } from "./operands.js";
import { transpose } from "./shape.js";

/**
 * y = e^x / Σ e^x along `dim`: positive, and adding up to 1.  dx = y · (dy − Σ dy · y)
 * Stable for any finite x. Throws `RangeError` on a dimension outside the shape.
 */
export function softmax(x: Tensor, dim = -1): Tensor {
  return alongLast("softmax", x, dim, (last) => {
    const y = empty("softmax", last.shape, last.dtype);
    const n = last.shape[last.shape.length - 1];
    const rows = numel(last.shape.slice(0, -1));
    kernels.softmax(y.data, last.data, rows, n);
    return record("softmax", y, [last], (dy, [dx]) => {
      if (dx) kernels.softmaxBackward(dx, dy, y.data, rows, n);
    });
  });
}

/**
 * y = x − ln Σ e^x along `dim`: the logarithm of `softmax`, without its underflow.  dx = dy − e^y · Σ dy
 * Stable for any finite x. Throws `RangeError` on a dimension outside the shape.
 */
export function logSoftmax(x: Tensor, dim = -1): Tensor {
  return alongLast("logSoftmax", x, dim, (last) => {
    const y = empty("logSoftmax", last.shape, last.dtype);
    const n = last.shape[last.shape.length - 1];
    const rows = numel(last.shape.slice(0, -1));
    kernels.logSoftmax(y.data, last.data, rows, n);
    return record("logSoftmax", y, [last], (dy, [dx]) => {
      if (dx) kernels.logSoftmaxBackward(dx, dy, y.data, rows, n);
    });
  });
}

/** The kernels work on the last dimension; any other is brought there and back. */
function alongLast(op: string, x: Tensor, dim: number, body: (last: Tensor) => Tensor): Tensor {
  const d = normalizeDim(op, dim, x.shape.length);
  if (d === x.shape.length - 1) return body(x);
  return named(op, transpose(body(transpose(x, d, -1)), d, -1));
}
