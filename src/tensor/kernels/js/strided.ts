/**
 * One loop for everything that only moves elements: broadcasting and its adjoint, transpose, slice, concat, stack.
 */
import type { FloatArray } from "../../storage.js";

/** Where a walk over an array starts and how far each dimension steps, in elements; a step of 0 stays in place. */
export interface Walk {
  readonly offset: number;
  readonly strides: readonly number[];
}

/**
 * out[o] += x[i] for every index of `shape`, o and i following their own strides. With stride 0 in `x` it stretches x
 * (broadcasting); with stride 0 in `out` it sums (broadcasting's adjoint); swapping the two turns a forward walk into
 * its backward.
 */
export function addStrided(out: FloatArray, outWalk: Walk, x: FloatArray, xWalk: Walk, shape: readonly number[]): void {
  const last = shape.length - 1;
  if (last < 0) {
    out[outWalk.offset] += x[xWalk.offset];
    return;
  }
  const size = shape[last];
  const outStep = outWalk.strides[last];
  const xStep = xWalk.strides[last];
  let rows = 1;
  for (let d = 0; d < last; d++) rows *= shape[d];
  if (size === 0) return;

  const index = new Array<number>(last).fill(0);
  let o = outWalk.offset;
  let i = xWalk.offset;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < size; j++) out[o + j * outStep] += x[i + j * xStep];
    // Count the outer index up by one, like an odometer.
    for (let d = last - 1; d >= 0; d--) {
      o += outWalk.strides[d];
      i += xWalk.strides[d];
      if (++index[d] < shape[d]) break;
      o -= outWalk.strides[d] * shape[d];
      i -= xWalk.strides[d] * shape[d];
      index[d] = 0;
    }
  }
}
