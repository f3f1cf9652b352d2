import { checkFlag, checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { IntTensor } from "../../tensor/intTensor.js";
import { kernels } from "../../tensor/kernels/index.js";
import {
  around,
  broadcastStrides,
  contiguousStrides,
  formatShape,
  normalizeDim,
  normalizeDims,
  numel,
  type Shape,
} from "../../tensor/shape.js";
import { allocate } from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { record } from "../record.js";
import { div } from "./arithmetic.js";
import { named } from "./operands.js";

/**
 * y = Σ x along the given dimension or dimensions, or over everything.  dx = dy, stretched back
 * `keepdim` leaves a size of 1 in the place of each summed dimension. Throws `RangeError` on a dimension outside the shape.
 *
 * @example
 * sum(tensor([[1, 2], [3, 4]]), 0).toArray(); // [4, 6]
 */
export function sum(x: Tensor, dim?: number | readonly number[], keepdim = false): Tensor {
  checkTensors("sum", x);
  checkFlag("sum", "keepdim", keepdim);
  const dims = normalizeDims("sum", dim, x.shape.length);
  let data = floatsOf(x);
  let shape: Shape = x.shape;
  // From the last dimension to the first; with none left to do, a scalar or an empty list of dims is a plain copy.
  for (const d of dims.length > 0 ? dims.toSorted((a, b) => b - a) : [null]) {
    const [outer, n, inner] = d === null ? [1, 1, numel(shape)] : around(shape, d);
    const out = allocate(outer * inner, x.dtype);
    kernels.sum(out, data, outer, n, inner);
    data = out;
    shape = d === null ? shape : shape.with(d, 1);
  }
  const kept = shape;
  const y = empty("sum", keepdim ? kept : x.shape.filter((_, d) => !dims.includes(d)), x.dtype);
  floatsOf(y).set(data);
  return record(
    "sum",
    y,
    [x],
    (dy, [dx]) => {
      const stretched = { offset: 0, strides: broadcastStrides(kept, x.shape) };
      if (dx) kernels.addStrided(dx, { offset: 0, strides: contiguousStrides(x.shape) }, dy, stretched, x.shape);
    },
    { saved: [] },
  );
}

/** y = the mean of x along the given dimensions, or of everything; NaN over nothing, as in PyTorch.  dx = dy / count */
export function mean(x: Tensor, dim?: number | readonly number[], keepdim = false): Tensor {
  checkTensors("mean", x);
  checkFlag("mean", "keepdim", keepdim);
  const count = numel(normalizeDims("mean", dim, x.shape.length).map((d) => x.shape[d]));
  return named("mean", div(sum(x, dim, keepdim), count));
}

/**
 * y = the largest element along one dimension.  dx = dy at the first place of the maximum, 0 elsewhere
 * Throws `RangeError` on a dimension outside the shape or of size 0.
 */
export function max(x: Tensor, dim: number, keepdim = false): Tensor {
  return extreme("max", x, dim, keepdim);
}

/**
 * y = the smallest element along one dimension; NaN, if there is one.  dx = dy at the first place of the minimum, 0 elsewhere
 * Throws `RangeError` on a dimension outside the shape or of size 0.
 *
 * @example
 * min(tensor([[3, 1, 2], [5, 4, 6]]), 1).toArray(); // [1, 4]
 */
export function min(x: Tensor, dim: number, keepdim = false): Tensor {
  return extreme("min", x, dim, keepdim);
}

function extreme(op: "max" | "min", x: Tensor, dim: number, keepdim: boolean): Tensor {
  checkFlag(op, "keepdim", keepdim);
  const { d, outer, n, inner, values, places } = findExtreme(op, x, dim, kernels[op]);
  const y = empty(op, keepdim ? x.shape.with(d, 1) : x.shape.toSpliced(d, 1), x.dtype);
  floatsOf(y).set(values);
  return record(
    op,
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.maxBackward(dx, dy, places, outer, n, inner);
    },
    { saved: [] },
  );
}

/** Where the largest element along one dimension stands (the first, if several). Has no gradient. */
export function argmax(x: Tensor, dim: number): IntTensor {
  const { d, places } = findExtreme("argmax", x, dim, kernels.max);
  return new IntTensor(places, x.shape.toSpliced(d, 1));
}

function findExtreme(op: string, x: Tensor, dim: number, find: typeof kernels.max) {
  checkTensors(op, x);
  const d = normalizeDim(op, dim, x.shape.length);
  const [outer, n, inner] = around(x.shape, d);
  if (n === 0)
    throw new RangeError(`${op}: expected a dimension with elements, got dimension ${d} of ${formatShape(x.shape)}`);
  const values = allocate(outer * inner, x.dtype);
  const places = new Int32Array(outer * inner);
  find(values, places, floatsOf(x), outer, n, inner);
  return { d, outer, n, inner, values, places };
}
