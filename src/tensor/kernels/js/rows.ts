/** Whole rows picked by index: embeddings, and packing the sequences of a batch. */
import type { FloatArray } from "../../storage.js";

/** out[i] = x[rows[i]].  x [*, width], out [rows.length, width] */
export function gatherRows(out: FloatArray, x: FloatArray, rows: Int32Array, width: number): void {
  for (let i = 0; i < rows.length; i++) {
    const to = i * width;
    const from = rows[i] * width;
    for (let j = 0; j < width; j++) out[to + j] = x[from + j];
  }
}

/** dx[rows[i]] += dy[i]: the backward of `gatherRows`; a row picked twice receives both.  dx [*, width], dy [rows.length, width] */
export function scatterAddRows(dx: FloatArray, dy: FloatArray, rows: Int32Array, width: number): void {
  for (let i = 0; i < rows.length; i++) {
    const from = i * width;
    const to = rows[i] * width;
    for (let j = 0; j < width; j++) dx[to + j] += dy[from + j];
  }
}

/** x[row] = 0 for each of `rows`.  x [*, width] */
export function zeroRows(x: FloatArray, rows: Int32Array, width: number): void {
  for (const row of rows) x.fill(0, row * width, (row + 1) * width);
}

/** x[row] = scale · x[row] + 0 for each of `rows`, which are different ones: what `affine` makes of them.  x [*, width] */
export function scaleRows(x: FloatArray, rows: Int32Array, width: number, scale: number): void {
  for (const row of rows) {
    for (let i = row * width; i < (row + 1) * width; i++) x[i] = scale * x[i] + 0;
  }
}
