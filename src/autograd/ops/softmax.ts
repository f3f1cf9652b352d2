import { checkFlag, checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { normalizeDim, numel, type Shape } from "../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { record } from "../record.js";
import { named } from "./operands.js";
import { reshape, transpose } from "./shape.js";

/**
 * y = e^x / Σ e^x along `dim`: positive, and adding up to 1.  dx = y · (dy − Σ dy · y)
 * Stable for any finite x. Throws `RangeError` on a dimension outside the shape.
 */
export function softmax(x: Tensor, dim = -1): Tensor {
  return alongLast("softmax", x, dim, (last) => {
    const y = empty("softmax", last.shape, last.dtype);
    const [rows, n] = matrix(last.shape);
    kernels.softmax(floatsOf(y), floatsOf(last), rows, n);
    return record(
      "softmax",
      y,
      [last],
      (dy, [dx]) => {
        if (dx) kernels.softmaxBackward(dx, dy, floatsOf(y), rows, n);
      },
      { saved: [y] },
    );
  });
}

/**
 * y = x − ln Σ e^x along `dim`: the logarithm of `softmax`, without its underflow.  dx = dy − e^y · Σ dy
 * Stable for any finite x. Throws `RangeError` on a dimension outside the shape.
 */
export function logSoftmax(x: Tensor, dim = -1): Tensor {
  return alongLast("logSoftmax", x, dim, (last) => {
    const y = empty("logSoftmax", last.shape, last.dtype);
    const [rows, n] = matrix(last.shape);
    kernels.logSoftmax(floatsOf(y), floatsOf(last), rows, n);
    return record(
      "logSoftmax",
      y,
      [last],
      (dy, [dx]) => {
        if (dx) kernels.logSoftmaxBackward(dx, dy, floatsOf(y), rows, n);
      },
      { saved: [y] },
    );
  });
}

/**
 * y = ln Σ e^x along `dim`, which is gone from the shape, or 1 with `keepdim`.  dx = dy · e^(x − y)
 * Stable for any finite x; −∞ over nothing but −∞. Throws `RangeError` on a dimension outside the shape.
 *
 * @example
 * logsumexp(tensor([[0, 0], [1000, 1000]])).toArray(); // [0.693…, 1000.693…]
 */
export function logsumexp(x: Tensor, dim = -1, keepdim = false): Tensor {
  checkFlag("logsumexp", "keepdim", keepdim);
  const kept = alongLast("logsumexp", x, dim, (last) => {
    const y = empty("logsumexp", last.shape.with(-1, 1), last.dtype);
    const [rows, n] = matrix(last.shape);
    const lse = new Float64Array(rows); // for the backward: a float32 near 10,000 is off by up to 5e-4
    kernels.logSumExp(lse, floatsOf(last), rows, n);
    floatsOf(y).set(lse);
    return record(
      "logsumexp",
      y,
      [last],
      (dy, [dx]) => {
        if (dx) kernels.logSumExpBackward(dx, dy, lse, floatsOf(last), rows, n);
      },
      { saved: [last] },
    );
  });
  if (keepdim) return kept;
  return named("logsumexp", reshape(kept, x.shape.toSpliced(normalizeDim("logsumexp", dim, x.shape.length), 1)));
}

/** The shape seen as [everything before the last dimension, the last]. */
function matrix(shape: Shape): [rows: number, n: number] {
  return [numel(shape.slice(0, -1)), shape[shape.length - 1]];
}

/** The kernels work on the last dimension; any other is brought there and back. */
function alongLast(op: string, x: Tensor, dim: number, body: (last: Tensor) => Tensor): Tensor {
  checkTensors(op, x);
  const d = normalizeDim(op, dim, x.shape.length);
  if (d === x.shape.length - 1) return body(x);
  return named(op, transpose(body(transpose(x, d, -1)), d, -1));
}
