import { checkTensors } from "../../tensor/checks.js";
import { normalizeDim, normalizeDims } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { named } from "./operands.js";
import { reshape } from "./shape.js";

/**
 * x without the dimensions of size 1; with `dim`, without that one (or those), where its size is 1. Shares the floats.
 * Throws `RangeError` on a dimension outside the shape.
 *
 * @example
 * squeeze(zeros([1, 3, 1])).shape; // [3]
 * squeeze(zeros([1, 3, 1]), -1).shape; // [1, 3]
 */
export function squeeze(x: Tensor, dim?: number | readonly number[]): Tensor {
  checkTensors("squeeze", x);
  const dims = normalizeDims("squeeze", dim, x.shape.length);
  const kept = x.shape.filter((size, d) => size !== 1 || !dims.includes(d));
  return named("squeeze", reshape(x, kept));
}

/**
 * x with a dimension of size 1 put in at `dim`, which may count from the end of the result. Shares the floats.
 * Throws `RangeError` on a dimension outside −rank − 1…rank.
 *
 * @example
 * unsqueeze(zeros([2, 3]), 1).shape; // [2, 1, 3]
 * unsqueeze(zeros([2, 3]), -1).shape; // [2, 3, 1]
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  checkTensors("unsqueeze", x);
  const d = normalizeDim("unsqueeze", dim, x.shape.length + 1);
  return named("unsqueeze", reshape(x, x.shape.toSpliced(d, 0, 1)));
}
