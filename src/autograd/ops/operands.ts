import { kernels } from "../../tensor/kernels/index.js";
import { broadcastStrides, contiguousStrides, formatShape, numel, type Shape, sameShape } from "../../tensor/shape.js";
import { allocate, dtypeOf, type FloatArray } from "../../tensor/storage.js";
import { Tensor } from "../../tensor/tensor.js";

/** What arithmetic takes on either side: a number acts as a scalar tensor of the other side's dtype. */
export type Operand = Tensor | number;

/** Throws `TypeError` unless all tensors hold the same kind of float: a silent mix would lose the precision of one. */
export function checkDtypes(op: string, ...tensors: (Tensor | null)[]): void {
  const dtypes = new Set(tensors.flatMap((tensor) => (tensor ? [tensor.dtype] : [])));
  if (dtypes.size > 1) throw new TypeError(`${op}: expected tensors of one dtype, got ${[...dtypes].join(" and ")}`);
}

/** Throws `RangeError` unless `tensor` has exactly the shape that the op needs it to have. */
export function checkShapeIs(op: string, name: string, tensor: Tensor, expected: Shape): void {
  if (!sameShape(tensor.shape, expected)) {
    throw new RangeError(`${op}: expected ${name} of shape ${formatShape(expected)}, got ${formatShape(tensor.shape)}`);
  }
}

/** Names the result of an op that is made of others, for messages. */
export function named(op: string, result: Tensor): Tensor {
  result.op = op;
  return result;
}

/** Both sides as tensors; throws `TypeError` when neither is one. */
export function toTensors(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  if (a instanceof Tensor) return [a, b instanceof Tensor ? b : scalar(b, a)];
  if (b instanceof Tensor) return [scalar(a, b), b];
  throw new TypeError(`${op}: expected at least one tensor, got two numbers`);
}

function scalar(value: number, like: Tensor): Tensor {
  const data = allocate(1, like.dtype);
  data[0] = value;
  return new Tensor(data, []);
}

/** The floats of `x` stretched to `shape`; its own floats when nothing stretches. */
export function expanded(x: Tensor, shape: Shape): FloatArray {
  if (sameShape(x.shape, shape)) return x.data;
  const full = allocate(numel(shape), x.dtype);
  const from = { offset: 0, strides: broadcastStrides(x.shape, shape) };
  kernels.addStrided(full, { offset: 0, strides: contiguousStrides(shape) }, x.data, from, shape);
  return full;
}

/**
 * The adjoint of `expanded`: has `write` add a gradient of shape `from`, and sums it into `dx` (of shape `to`) along
 * every stretched dimension.
 */
export function addReduced(dx: FloatArray, to: Shape, from: Shape, write: (full: FloatArray) => void): void {
  if (sameShape(to, from)) {
    write(dx);
    return;
  }
  const full = allocate(numel(from), dtypeOf(dx));
  write(full);
  const into = { offset: 0, strides: broadcastStrides(to, from) };
  kernels.addStrided(dx, into, full, { offset: 0, strides: contiguousStrides(from) }, from);
}
