/** Rows of n numbers brought to mean 0 and variance 1: Ba, Kiros and Hinton, "Layer normalization" (2016). */
import type { FloatArray } from "../../storage.js";

/**
 * Every row: μ = Σ x / n, r = 1 / √(Σ (x − μ)² / n + ε), y = (x − μ) r · w + b.
 * y, x [rows, n], weight, bias [n] or null; μ and r [rows] are kept for the backward, in double precision: near 10,000 the
 * mean of a float32 is off by up to 5e-4, and so would be x − μ.
 */
export function layerNorm(
  y: FloatArray,
  mean: Float64Array,
  rstd: Float64Array,
  x: FloatArray,
  weight: FloatArray | null,
  bias: FloatArray | null,
  rows: number,
  n: number,
  eps: number,
): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    let total = 0;
    for (let i = 0; i < n; i++) total += x[start + i];
    const middle = total / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (x[start + i] - middle) ** 2;
    const scale = 1 / Math.sqrt(squares / n + eps);
    mean[r] = middle;
    rstd[r] = scale;
    for (let i = 0; i < n; i++) {
      y[start + i] = (x[start + i] - middle) * scale * (weight ? weight[i] : 1) + (bias ? bias[i] : 0);
    }
  }
}

/** dx += r (g − Σ g / n − x̂ Σ (g · x̂) / n), with g = dy · w and x̂ = (x − μ) r */
export function layerNormBackward(
  dx: FloatArray,
  dy: FloatArray,
  x: FloatArray,
  mean: Float64Array,
  rstd: Float64Array,
  weight: FloatArray | null,
  rows: number,
  n: number,
): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    let total = 0;
    let dot = 0;
    for (let i = 0; i < n; i++) {
      const g = dy[start + i] * (weight ? weight[i] : 1);
      total += g;
      dot += g * (x[start + i] - mean[r]) * rstd[r];
    }
    for (let i = 0; i < n; i++) {
      const g = dy[start + i] * (weight ? weight[i] : 1);
      const normal = (x[start + i] - mean[r]) * rstd[r];
      dx[start + i] += rstd[r] * (g - total / n - (normal * dot) / n);
    }
  }
}

/** dw += Σ dy · x̂ over the rows; that of the bias is `sum`. */
export function layerNormBackwardWeight(
  dweight: FloatArray,
  dy: FloatArray,
  x: FloatArray,
  mean: Float64Array,
  rstd: Float64Array,
  rows: number,
  n: number,
): void {
  const totals = new Float64Array(n);
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    for (let i = 0; i < n; i++) totals[i] += dy[start + i] * (x[start + i] - mean[r]) * rstd[r];
  }
  for (let i = 0; i < n; i++) dweight[i] += totals[i];
}
