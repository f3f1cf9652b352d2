import { show } from "../show.js";

/** Sizes along each dimension, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** How many elements a shape holds; 1 for a scalar. */
export function numel(shape: Shape): number {
  let product = 1;
  for (const size of shape) product *= size;
  return product;
}

/** `[2, 3]`, as it stands in every message. */
export function formatShape(shape: Shape): string {
  return show(shape);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** Throws `TypeError` on what is no list of sizes, and `RangeError` unless each is a non-negative integer. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape)) throw new TypeError(`${op}: expected a shape, such as [2, 3], got ${show(shape)}`);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new RangeError(`${op}: expected sizes that are integers ≥ 0, got ${show(shape)}`);
  }
}

/** Turns a dimension that may count from the end (−1 is the last) into 0…rank−1; throws `RangeError` outside. */
export function normalizeDim(op: string, dim: number, rank: number): number {
  if (rank === 0) throw new RangeError(`${op}: expected a tensor with dimensions, got a scalar`);
  const normal = dim < 0 ? dim + rank : dim;
  if (!Number.isInteger(dim) || normal < 0 || normal >= rank) {
    throw new RangeError(`${op}: expected a dimension from ${-rank} to ${rank - 1}, got ${show(dim)}`);
  }
  return normal;
}

/** The same for a list of dimensions, none of them twice; undefined means all. */
export function normalizeDims(op: string, dim: number | readonly number[] | undefined, rank: number): number[] {
  if (dim === undefined) return Array.from({ length: rank }, (_, d) => d);
  if (typeof dim !== "number" && !Array.isArray(dim)) {
    throw new TypeError(`${op}: expected a dimension or a list of them, got ${show(dim)}`);
  }
  const dims = (typeof dim === "number" ? [dim] : dim).map((d) => normalizeDim(op, d, rank));
  if (new Set(dims).size !== dims.length)
    throw new RangeError(`${op}: expected each dimension once, got ${formatShape(dims)}`);
  return dims;
}

/** How far apart neighbours along each dimension lie, in elements, when rows are stored one after another. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d];
  }
  return strides;
}

/** The shape seen as [everything before `dim`, `dim`, everything after]. */
export function around(shape: Shape, dim: number): [outer: number, n: number, inner: number] {
  return [numel(shape.slice(0, dim)), shape[dim], numel(shape.slice(dim + 1))];
}

/**
 * The shape two operands meet in: aligned at the last dimension, a size of 1 (or a missing one) stretches to the other.
 * Throws `RangeError` when two sizes differ and neither is 1.
 *
 * @example
 * broadcastShapes("add", [5, 1, 3], [4, 3]); // [5, 4, 3]
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let back = 1; back <= rank; back++) {
    const x = a[a.length - back] ?? 1;
    const y = b[b.length - back] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      const shapes = `${formatShape(a)} and ${formatShape(b)}`;
      throw new RangeError(`${op}: expected shapes that broadcast (equal sizes, or 1, from the end), got ${shapes}`);
    }
    result[rank - back] = x === 1 ? y : x;
  }
  return result;
}

/** Strides that walk a tensor of `shape` as if it had the larger shape `to`: 0 along every stretched dimension. */
export function broadcastStrides(shape: Shape, to: Shape): number[] {
  const own = contiguousStrides(shape);
  const missing = to.length - shape.length;
  return to.map((_, d) => (d < missing || shape[d - missing] === 1 ? 0 : own[d - missing]));
}
