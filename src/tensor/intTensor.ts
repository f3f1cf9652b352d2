import { describe } from "./checks.js";
import { formatNumbers, inspect } from "./format.js";
import { flatten, type NestedNumbers, nestNumbers } from "./nested.js";
import { checkShape, formatShape, numel, type Shape } from "./shape.js";
import { BRAND } from "./tensor.js";

/** Whole numbers with a shape: token ids, class indices, lengths. No gradient ever flows through them. */
export class IntTensor {
  readonly data: Int32Array;
  readonly shape: Shape;

  /** Wraps `data` without copying; throws `RangeError` when its length is not the shape's. */
  constructor(data: Int32Array, shape: Shape) {
    checkShape("IntTensor", shape);
    if (data.length !== numel(shape)) {
      throw new RangeError(
        `IntTensor: expected ${numel(shape)} values for shape ${formatShape(shape)}, got ${data.length}`,
      );
    }
    this.data = data;
    this.shape = [...shape];
  }

  /** The only value of a one-element tensor; throws `RangeError` on any other. */
  item(): number {
    if (this.data.length !== 1) {
      throw new RangeError(`item: expected a tensor with one element, got shape ${formatShape(this.shape)}`);
    }
    return this.data[0];
  }

  /** A copy as nested arrays (a number for a scalar). */
  toArray(): NestedNumbers {
    return nestNumbers(this.data, this.shape);
  }

  /** The numbers as JSON has them, nested. */
  toJSON(): NestedNumbers {
    return this.toArray();
  }

  get [BRAND](): string {
    return "IntTensor";
  }

  /** The numbers to look at, such as `intTensor([[1, 2], [3, 4]])`; long dimensions only in part. */
  toString(): string {
    return formatNumbers("intTensor", this.data, this.shape);
  }

  [inspect](): string {
    return this.toString();
  }
}

/** What an op takes where it wants indices: an {@link IntTensor}, a flat Int32Array, or nested arrays of integers. */
export type Indices = IntTensor | Int32Array | NestedNumbers;

/**
 * Makes an {@link IntTensor} of nested arrays, or of a flat array with its shape.
 * Throws `TypeError` on a value that is not a 32-bit integer, `RangeError` on ragged nesting.
 *
 * @example
 * intTensor([[5, 2, 9], [4, 4, 1]]).shape; // [2, 3]
 */
export function intTensor(values: Indices, shape?: Shape): IntTensor {
  if (values instanceof IntTensor) return shape ? new IntTensor(values.data, shape) : values;
  if (values instanceof Int32Array) return new IntTensor(values, shape ?? [values.length]);
  if (typeof values !== "number" && !Array.isArray(values)) {
    throw new TypeError(
      `intTensor: expected numbers or nested arrays of numbers, got ${describe(values, "IntTensor")}`,
    );
  }
  const flat = flatten("intTensor", values);
  for (const value of flat.values) {
    if ((value | 0) !== value) throw new TypeError(`intTensor: expected 32-bit integers, got ${value}`);
  }
  return new IntTensor(Int32Array.from(flat.values), shape ?? flat.shape);
}
