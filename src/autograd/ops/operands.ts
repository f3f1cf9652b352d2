import { checkTensors, describe } from "../../tensor/checks.js";
import { Floats } from "../../tensor/floats.js";
import { kernels } from "../../tensor/kernels/index.js";
import { broadcastStrides, contiguousStrides, formatShape, numel, type Shape, sameShape } from "../../tensor/shape.js";
import { allocate, dtypeOf, type FloatArray } from "../../tensor/storage.js";
import { floatsOf, Tensor } from "../../tensor/tensor.js";
import { isGradEnabled } from "../switches.js";

/** What arithmetic takes on either side: a number acts as a scalar tensor of the other side's dtype. */
export type Operand = Tensor | number;

/**
 * Throws `TypeError` unless all that are there are tensors and hold the same kind of float: a silent mix would lose the
 * precision of one.
 */
export function checkDtypes(op: string, ...tensors: (Tensor | null | undefined)[]): void {
  let first: Tensor | null = null;
  for (const tensor of tensors) {
    if (tensor === null || tensor === undefined) continue;
    checkTensors(op, tensor);
    first ??= tensor;
    if (tensor.dtype !== first.dtype) {
      throw new TypeError(`${op}: expected tensors of one dtype, got ${first.dtype} and ${tensor.dtype}`);
    }
  }
}

/** Throws `RangeError` unless `tensor` has exactly the shape that the op needs it to have. */
export function checkShapeIs(op: string, name: string, tensor: Tensor, expected: Shape): void {
  if (!sameShape(tensor.shape, expected)) {
    throw new RangeError(`${op}: expected ${name} of shape ${formatShape(expected)}, got ${formatShape(tensor.shape)}`);
  }
}

/** Throws `RangeError` on a tensor that wants a gradient, where the op has none to give it. */
export function checkConstant(op: string, name: string, tensor: Tensor): void {
  if (tensor.requiresGrad && isGradEnabled()) {
    throw new RangeError(`${op}: expected ${name} that requires no grad, as it gets none here, got one that does`);
  }
}

/** Names the result of an op that is made of others, for messages. */
export function named(op: string, result: Tensor): Tensor {
  result.op = op;
  return result;
}

/** Both sides as tensors; throws `TypeError` when neither is one, or the other is no number. */
export function toTensors(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  if (a instanceof Tensor) return [a, b instanceof Tensor ? b : scalar(op, b, a)];
  if (b instanceof Tensor) return [scalar(op, a, b), b];
  if (typeof a === "number" && typeof b === "number") {
    throw new TypeError(`${op}: expected at least one tensor, got two numbers`);
  }
  throw notOperand(op, typeof a === "number" ? b : a);
}

function notOperand(op: string, value: unknown): TypeError {
  return new TypeError(`${op}: expected tensors or numbers, got ${describe(value, "Tensor")}`);
}

function scalar(op: string, value: number, like: Tensor): Tensor {
  if (typeof value !== "number") throw notOperand(op, value);
  const data = allocate(1, like.dtype);
  data[0] = value;
  return new Tensor(new Floats(data), []);
}

/** The floats of `x` stretched to `shape`; its own floats when nothing stretches. */
export function expanded(x: Tensor, shape: Shape): FloatArray {
  if (sameShape(x.shape, shape)) return floatsOf(x);
  const full = allocate(numel(shape), x.dtype);
  const from = { offset: 0, strides: broadcastStrides(x.shape, shape) };
  kernels.addStrided(full, { offset: 0, strides: contiguousStrides(shape) }, floatsOf(x), from, shape);
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
