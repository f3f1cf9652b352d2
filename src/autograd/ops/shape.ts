import { show } from "../../show.js";
import { checkNumber, checkTensors } from "../../tensor/checks.js";
import { empty, zeroed } from "../../tensor/create.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import { kernels } from "../../tensor/kernels/index.js";
import {
  around,
  contiguousStrides,
  formatShape,
  normalizeDim,
  normalizeDims,
  numel,
  type Shape,
  sameShape,
} from "../../tensor/shape.js";
import { floatsOf, type Tensor, viewOf } from "../../tensor/tensor.js";
import { type Backward, record } from "../record.js";
import { checkDtypes } from "./operands.js";

/**
 * The same elements in the same order under another shape; one size may be −1 and is worked out. Shares the floats.
 * Throws `RangeError` when the element counts differ.
 *
 * @example
 * reshape(tensor([1, 2, 3, 4]), [2, -1]).toArray(); // [[1, 2], [3, 4]]
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensors("reshape", x);
  if (!Array.isArray(shape)) throw new TypeError(`reshape: expected a shape, such as [2, -1], got ${show(shape)}`);
  const total = numel(x.shape);
  const known = numel(shape.filter((size) => size !== -1));
  const full = shape.map((size) => (size === -1 ? total / known : size));
  const fits = numel(full) === total && full.every((size) => Number.isInteger(size) && size >= 0);
  if (!fits || shape.filter((size) => size === -1).length > 1) {
    throw new RangeError(
      `reshape: expected a shape of ${total} elements for ${formatShape(x.shape)}, got ${formatShape(shape)}`,
    );
  }
  const y = viewOf(x, full, "reshape");
  return record(
    "reshape",
    y,
    [x],
    (dy, [dx], unset) => {
      if (dx && unset.delete(dx)) kernels.copy(dx, dy);
      else if (dx) kernels.addScaled(dx, dy, 1);
    },
    { saved: [], overwrites: true },
  );
}

/**
 * Swaps two dimensions (copies); dimensions may count from the end.
 * Throws `RangeError` on a dimension outside the shape.
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  checkTensors("transpose", x);
  const first = normalizeDim("transpose", dim0, x.shape.length);
  const second = normalizeDim("transpose", dim1, x.shape.length);
  return permuted(
    "transpose",
    x,
    x.shape.map((_, d) => (d === first ? second : d === second ? first : d)),
  );
}

/**
 * The dimensions in another order (copies): size i of the result is size `dims[i]` of x.
 * Throws `RangeError` unless `dims` names every dimension once; they may count from the end.
 *
 * @example
 * permute(zeros([2, 3, 4]), [2, 0, 1]).shape; // [4, 2, 3]
 */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  checkTensors("permute", x);
  if (!Array.isArray(dims)) throw new TypeError(`permute: expected a list of dimensions, got ${show(dims)}`);
  const order = normalizeDims("permute", dims, x.shape.length);
  if (order.length !== x.shape.length) {
    const got = `${formatShape(dims)} for ${formatShape(x.shape)}`;
    throw new RangeError(`permute: expected every dimension once, got ${got}`);
  }
  return permuted("permute", x, order);
}

function permuted(op: string, x: Tensor, order: readonly number[]): Tensor {
  const strides = contiguousStrides(x.shape);
  const shape = order.map((d) => x.shape[d]);
  const y = zeroed(op, shape, x.dtype);
  const own = { offset: 0, strides: contiguousStrides(shape) };
  const other = { offset: 0, strides: order.map((d) => strides[d]) };
  kernels.addStrided(floatsOf(y), own, floatsOf(x), other, shape);
  return record(
    op,
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.addStrided(dx, other, dy, own, shape);
    },
    { saved: [] },
  );
}

/**
 * The part from `start` up to but not including `end` along one dimension (copies). Negative positions count from the
 * end, as in `Array.prototype.slice`; both are clamped to the size.
 *
 * @example
 * slice(tensor([10, 20, 30, 40]), 0, 1, 3).toArray(); // [20, 30]
 */
export function slice(x: Tensor, dim: number, start = 0, end: number = Number.POSITIVE_INFINITY): Tensor {
  checkTensors("slice", x);
  checkNumber("slice", "the start", start);
  checkNumber("slice", "the end", end);
  const d = normalizeDim("slice", dim, x.shape.length);
  const size = x.shape[d];
  const clamp = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  const from = clamp(start);
  const length = Math.max(clamp(end) - from, 0);
  if (!Number.isInteger(from) || !Number.isInteger(length)) {
    throw new RangeError(`slice: expected integer positions, got ${start} and ${end}`);
  }
  const shape = x.shape.map((each, i) => (i === d ? length : each));
  const strides = contiguousStrides(x.shape);
  const y = zeroed("slice", shape, x.dtype);
  const own = { offset: 0, strides: contiguousStrides(shape) };
  const window = { offset: from * strides[d], strides };
  kernels.addStrided(floatsOf(y), own, floatsOf(x), window, shape);
  return record(
    "slice",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.addStrided(dx, window, dy, own, shape);
    },
    { saved: [] },
  );
}

/**
 * y[…, i, …] = x[…, index[i], …]: positions picked along one dimension, in any order and any number of times (copies).
 * dx[…, index[i], …] += dy[…, i, …]
 * index [n] (or one number): size n takes the place of that dimension's.
 * Throws `RangeError` on a dimension outside the shape, an index of more dimensions, or a position outside 0…size − 1.
 *
 * @example
 * indexSelect(tensor([[1, 2, 3], [4, 5, 6]]), 1, [2, 0, 2]).toArray(); // [[3, 1, 3], [6, 4, 6]]
 */
export function indexSelect(x: Tensor, dim: number, index: Indices): Tensor {
  checkTensors("indexSelect", x);
  const d = normalizeDim("indexSelect", dim, x.shape.length);
  const [outer, size, inner] = around(x.shape, d);
  const places = intTensor(index);
  if (places.shape.length > 1) {
    throw new RangeError(`indexSelect: expected an index [n], got ${formatShape(places.shape)}`);
  }
  places.data.forEach((place, i) => {
    if (place < 0 || place >= size) {
      throw new RangeError(`indexSelect: expected an index from 0 to ${size - 1}, got ${place} at position ${i}`);
    }
  });
  // x as a matrix [outer · size, inner]: every outer part picks the same rows of its own `size`.
  const n = places.data.length;
  const rows = new Int32Array(outer * n);
  for (let o = 0; o < outer; o++) for (let i = 0; i < n; i++) rows[o * n + i] = o * size + places.data[i];
  const y = empty("indexSelect", x.shape.with(d, n), x.dtype);
  kernels.gatherRows(floatsOf(y), floatsOf(x), rows, inner);
  return record(
    "indexSelect",
    y,
    [x],
    (dy, [dx]) => {
      if (dx) kernels.scatterAddRows(dx, dy, rows, inner);
    },
    { touchedRows: [d === 0 ? rows : null], saved: [] },
  );
}

/**
 * Tensors one after another along an existing dimension; all other sizes must agree.
 * Throws `RangeError` on an empty list or on sizes that differ.
 */
export function concat(tensors: readonly Tensor[], dim = 0): Tensor {
  return join("concat", tensors, dim);
}

/**
 * Tensors of one shape side by side along a new dimension.
 *
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])]).toArray(); // [[1, 2], [3, 4]]
 */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  checkList("stack", tensors);
  if (tensors.length === 0) throw new RangeError("stack: expected at least one tensor, got none");
  const d = normalizeDim("stack", dim, tensors[0].shape.length + 1);
  const other = tensors.find((tensor) => !sameShape(tensor.shape, tensors[0].shape));
  if (other) {
    throw new RangeError(
      `stack: expected every shape to be ${formatShape(tensors[0].shape)}, got ${formatShape(other.shape)}`,
    );
  }
  return join(
    "stack",
    tensors.map((tensor) => reshape(tensor, tensor.shape.toSpliced(d, 0, 1))),
    d,
  );
}

/** Throws `TypeError` unless these are tensors in a list. */
function checkList(op: string, tensors: readonly Tensor[]): void {
  if (!Array.isArray(tensors)) throw new TypeError(`${op}: expected a list of tensors, got ${show(tensors)}`);
  for (const each of tensors) checkTensors(op, each);
}

function join(op: string, tensors: readonly Tensor[], dim: number): Tensor {
  checkList(op, tensors);
  if (tensors.length === 0) throw new RangeError(`${op}: expected at least one tensor, got none`);
  for (const each of tensors) checkDtypes(op, tensors[0], each);
  const [first] = tensors;
  const d = normalizeDim(op, dim, first.shape.length);
  for (const { shape } of tensors) {
    if (shape.length !== first.shape.length || shape.some((size, i) => i !== d && size !== first.shape[i])) {
      throw new RangeError(
        `${op}: expected shapes that agree outside dimension ${d}, got ${formatShape(first.shape)} and ${formatShape(shape)}`,
      );
    }
  }
  const shape = first.shape.toSpliced(
    d,
    1,
    tensors.reduce((total, tensor) => total + tensor.shape[d], 0),
  );
  const y = zeroed(op, shape, first.dtype);
  const strides = contiguousStrides(shape);
  let offset = 0;
  const places = tensors.map((tensor) => {
    const window = { offset, strides };
    const own = { offset: 0, strides: contiguousStrides(tensor.shape) };
    kernels.addStrided(floatsOf(y), window, floatsOf(tensor), own, tensor.shape);
    offset += tensor.shape[d] * strides[d];
    return { window, own, shape: tensor.shape };
  });
  const flow: Backward = (dy, dxs) => {
    places.forEach(({ window, own, shape: part }, i) => {
      const dx = dxs[i];
      if (dx) kernels.addStrided(dx, own, dy, window, part);
    });
  };
  return record(op, y, tensors, flow, { saved: [] });
}
