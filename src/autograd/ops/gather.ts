import { checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import { kernels } from "../../tensor/kernels/index.js";
import { contiguousStrides, formatShape, normalizeDim, type Shape } from "../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { record } from "../record.js";

/**
 * One element for each index, from the same place along every dimension but `dim`: for a matrix,
 * y[i, j] = x[index[i, j], j] (dim 0) or x[i, index[i, j]] (dim 1).  dx[index[i, j], j] += dy[i, j] alike
 * x and index are of one rank; along every dimension but `dim`, index may be the shorter one. y has the shape of index.
 * Throws `RangeError` on a dimension outside the shape, an index that does not fit, or a position outside 0…size − 1.
 *
 * @example
 * gather(tensor([[1, 2, 3], [4, 5, 6]]), 1, [[2], [0]]).toArray(); // [[3], [4]]
 */
export function gather(x: Tensor, dim: number, index: Indices): Tensor {
  checkTensors("gather", x);
  const d = normalizeDim("gather", dim, x.shape.length);
  const places = intTensor(index);
  const from = elements(x.shape, d, places.data, places.shape);
  const y = empty("gather", places.shape, x.dtype);
  kernels.gatherRows(floatsOf(y), floatsOf(x), from, 1);
  return record(
    "gather",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.scatterAddRows(dx, dy, from, 1);
    },
    { saved: [] },
  );
}

/** Where in x each element of the result stands. */
function elements(shape: Shape, dim: number, places: Int32Array, indexShape: Shape): Int32Array {
  const from = new Int32Array(places.length);
  if (from.length === 0) return from; // an empty index may be of any rank, as in PyTorch
  if (indexShape.length !== shape.length || indexShape.some((size, d) => d !== dim && size > shape[d])) {
    const expected = `an index of ${shape.length} dimensions, none but dimension ${dim} longer than that of ${formatShape(shape)}`;
    throw new RangeError(`gather: expected ${expected}, got ${formatShape(indexShape)}`);
  }
  const strides = contiguousStrides(shape);
  const own = contiguousStrides(indexShape);
  const n = shape[dim];
  for (let i = 0; i < from.length; i++) {
    const place = places[i];
    if (place < 0 || place >= n) {
      throw new RangeError(`gather: expected an index from 0 to ${n - 1}, got ${place} at position ${i}`);
    }
    let at = place * strides[dim];
    for (let d = 0, rest = i; d < own.length; rest %= own[d], d++) {
      if (d !== dim) at += Math.floor(rest / own[d]) * strides[d];
    }
    from[i] = at;
  }
  return from;
}
