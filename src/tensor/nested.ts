import { show } from "../show.js";
import { formatShape, type Shape } from "./shape.js";

/** Numbers nested as deep as the tensor has dimensions; a bare number for a scalar. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** A copy of row-major numbers as nested arrays. */
export function nestNumbers(data: ArrayLike<number>, shape: Shape): NestedNumbers {
  const nest = (dim: number, start: number, length: number): NestedNumbers => {
    if (dim === shape.length) return data[start];
    const step = shape[dim] === 0 ? 0 : length / shape[dim];
    return Array.from({ length: shape[dim] }, (_, i) => nest(dim + 1, start + i * step, step));
  };
  return nest(0, 0, data.length);
}

/** Reads nested arrays row by row, with the shape they spell; throws `RangeError` on ragged nesting. */
export function flatten(op: string, values: NestedNumbers): { values: number[]; shape: number[] } {
  const shape: number[] = [];
  for (let level = values; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const flat: number[] = [];
  const visit = (value: NestedNumbers, dim: number): void => {
    if (typeof value === "number") {
      if (dim !== shape.length)
        throw new RangeError(`${op}: expected nesting of shape ${formatShape(shape)}, got a number at depth ${dim}`);
      flat.push(value);
    } else if (Array.isArray(value)) {
      if (value.length !== shape[dim]) {
        throw new RangeError(
          `${op}: expected ${shape[dim] ?? "a number"} at depth ${dim}, got an array of ${value.length}`,
        );
      }
      for (const item of value) visit(item, dim + 1);
    } else throw new TypeError(`${op}: expected numbers or nested arrays of numbers, got ${show(value)}`);
  };
  visit(values, 0);
  return { values: flat, shape };
}
