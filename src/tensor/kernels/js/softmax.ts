/** The softmax family over rows of n numbers. The row's maximum is taken out first, so that e^x never overflows. */
import type { FloatArray } from "../../storage.js";

/** Every row: y = e^(x − max) / Σ e^(x − max).  y, x [rows, n] */
export function softmax(y: FloatArray, x: FloatArray, rows: number, n: number): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    const top = rowMax(x, start, n);
    let total = 0;
    for (let i = start; i < start + n; i++) {
      const e = Math.exp(x[i] - top);
      y[i] = e;
      total += e;
    }
    for (let i = start; i < start + n; i++) y[i] /= total;
  }
}

/** dx += y · (dy − Σ dy · y) */
export function softmaxBackward(dx: FloatArray, dy: FloatArray, y: FloatArray, rows: number, n: number): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    let dot = 0;
    for (let i = start; i < start + n; i++) dot += dy[i] * y[i];
    for (let i = start; i < start + n; i++) dx[i] += y[i] * (dy[i] - dot);
  }
}

/** Every row: y = x − lse, lse = max + ln Σ e^(x − max).  y, x [rows, n] */
export function logSoftmax(y: FloatArray, x: FloatArray, rows: number, n: number): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    const lse = lnSumExp(x, start, n, rowMax(x, start, n));
    for (let i = start; i < start + n; i++) y[i] = x[i] - lse;
  }
}

/** dx += dy − e^y · Σ dy */
export function logSoftmaxBackward(dx: FloatArray, dy: FloatArray, y: FloatArray, rows: number, n: number): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    let total = 0;
    for (let i = start; i < start + n; i++) total += dy[i];
    for (let i = start; i < start + n; i++) dx[i] += dy[i] - Math.exp(y[i]) * total;
  }
}

/**
 * Every row: lse = max + ln Σ e^(x − max), in double precision.  lse [rows], x [rows, n]
 * −∞ over nothing but −∞, and ∞ where there is one, as in PyTorch.
 */
export function logSumExp(lse: Float64Array, x: FloatArray, rows: number, n: number): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    const top = rowMax(x, start, n);
    lse[r] = lnSumExp(x, start, n, Number.isFinite(top) ? top : 0); // ∞ − ∞ would be NaN
  }
}

/** dx += dlse[r] · e^(x − lse) */
export function logSumExpBackward(
  dx: FloatArray,
  dlse: FloatArray,
  lse: Float64Array,
  x: FloatArray,
  rows: number,
  n: number,
): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    for (let i = start; i < start + n; i++) dx[i] += dlse[r] * Math.exp(x[i] - lse[r]);
  }
}

/**
 * log-softmax and negative log-likelihood in one pass, with label smoothing ε:
 * loss[r] = lse − (1 − ε) · x[target] − ε/n · Σ x.  A negative target leaves its row out: loss 0.
 * loss, lse [rows], x [rows, n]; lse in double precision: near 10,000 a float32 is off by up to 5e-4. Unless it is null,
 * p [rows, n] becomes the softmax, which the backward needs; nothing is written to the rows that are left out.
 */
export function crossEntropy(
  loss: FloatArray,
  lse: FloatArray,
  p: FloatArray | null,
  x: FloatArray,
  targets: Int32Array,
  rows: number,
  n: number,
  smoothing: number,
): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    if (targets[r] < 0) {
      loss[r] = 0;
      continue;
    }
    const own = lnSumExp(x, start, n, rowMax(x, start, n));
    lse[r] = own;
    if (p) for (let i = start; i < start + n; i++) p[i] = Math.exp(x[i] - own);
    let smoothed = 0;
    if (smoothing > 0) {
      for (let i = start; i < start + n; i++) smoothed += own - x[i];
      smoothed *= smoothing / n;
    }
    loss[r] = (1 - smoothing) * (own - x[start + targets[r]]) + smoothed;
  }
}

/**
 * dx += dloss[r] · (p − ε/n − (1 − ε) · [i = target]); nothing for a negative target. With `overwrite` dx holds nothing
 * yet, and becomes this; it may be p itself.
 */
export function crossEntropyBackward(
  dx: FloatArray,
  dloss: FloatArray,
  p: FloatArray,
  targets: Int32Array,
  rows: number,
  n: number,
  smoothing: number,
  overwrite: boolean,
): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    if (targets[r] < 0) {
      if (overwrite) dx.fill(0, start, start + n);
      continue;
    }
    const scale = dloss[r];
    const even = smoothing / n;
    for (let i = start; i < start + n; i++) {
      const change = scale * (p[i] - even);
      dx[i] = overwrite ? change : dx[i] + change;
    }
    dx[start + targets[r]] -= scale * (1 - smoothing);
  }
}

/** loss[r] = −logp[r, target]; 0 for a negative target.  logp [rows, n] */
export function nll(loss: FloatArray, logp: FloatArray, targets: Int32Array, rows: number, n: number): void {
  for (let r = 0; r < rows; r++) loss[r] = targets[r] < 0 ? 0 : -logp[r * n + targets[r]];
}

/** dlogp[r, target] −= dloss[r] */
export function nllBackward(dlogp: FloatArray, dloss: FloatArray, targets: Int32Array, rows: number, n: number): void {
  for (let r = 0; r < rows; r++) if (targets[r] >= 0) dlogp[r * n + targets[r]] -= dloss[r];
}

function rowMax(x: FloatArray, start: number, n: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = start; i < start + n; i++) if (x[i] > top) top = x[i];
  return top;
}

/** ln Σ e^x = shift + ln Σ e^(x − shift), for any shift. */
function lnSumExp(x: FloatArray, start: number, n: number, shift: number): number {
  let total = 0;
  for (let i = start; i < start + n; i++) total += Math.exp(x[i] - shift);
  return shift + Math.log(total);
}
