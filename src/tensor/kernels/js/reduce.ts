/** Reductions along the middle one of three dimensions, [outer, n, inner]; sums are kept in double precision. */
import type { FloatArray } from "../../storage.js";

/** out[o, i] += Σₖ x[o, k, i].  x [outer, n, inner], out [outer, inner] */
export function sum(out: FloatArray, x: FloatArray, outer: number, n: number, inner: number): void {
  const totals = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    totals.fill(0);
    for (let k = 0; k < n; k++) {
      const row = (o * n + k) * inner;
      for (let i = 0; i < inner; i++) totals[i] += x[row + i];
    }
    for (let i = 0; i < inner; i++) out[o * inner + i] += totals[i];
  }
}

/**
 * out[o, i] = maxₖ x[o, k, i], and `argmax` the k of the first such; NaN wins, so that a broken value is seen.
 * x [outer, n, inner], out and argmax [outer, inner]
 */
export function max(out: FloatArray, argmax: Int32Array, x: FloatArray, outer: number, n: number, inner: number): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let best = 0;
      for (let k = 1; k < n; k++) {
        const value = x[(o * n + k) * inner + i];
        const held = x[(o * n + best) * inner + i];
        if (value > held || (Number.isNaN(value) && !Number.isNaN(held))) best = k;
      }
      out[o * inner + i] = x[(o * n + best) * inner + i];
      argmax[o * inner + i] = best;
    }
  }
}

/**
 * out[o, i] = minₖ x[o, k, i], and `argmin` the k of the first such; NaN wins, so that a broken value is seen.
 * x [outer, n, inner], out and argmin [outer, inner]
 */
export function min(out: FloatArray, argmin: Int32Array, x: FloatArray, outer: number, n: number, inner: number): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let best = 0;
      for (let k = 1; k < n; k++) {
        const value = x[(o * n + k) * inner + i];
        const held = x[(o * n + best) * inner + i];
        if (value < held || (Number.isNaN(value) && !Number.isNaN(held))) best = k;
      }
      out[o * inner + i] = x[(o * n + best) * inner + i];
      argmin[o * inner + i] = best;
    }
  }
}

/** dx[o, argmax[o, i], i] += dy[o, i]; the backward of `min`, too. */
export function maxBackward(
  dx: FloatArray,
  dy: FloatArray,
  argmax: Int32Array,
  outer: number,
  n: number,
  inner: number,
): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) dx[(o * n + argmax[o * inner + i]) * inner + i] += dy[o * inner + i];
  }
}

/**
 * total + Σ x², in double precision: each row of `width` is summed for itself and then added. So rows of zeros can be left
 * out, and others added in a later call, without a bit changing. Of some `rows` alone, in their order, if given.
 */
export function sumOfSquares(x: FloatArray, width = x.length, total = 0, rows: Int32Array | null = null): number {
  const count = rows ? rows.length : width === 0 ? 0 : x.length / width;
  for (let r = 0; r < count; r++) {
    const start = (rows ? rows[r] : r) * width;
    let row = 0;
    for (let i = start; i < start + width; i++) row += x[i] * x[i];
    total += row;
  }
  return total;
}
