/** Losses of one number each, and what class weights add to label smoothing. Forward kernels write, backward ones add. */
import type { FloatArray } from "../../storage.js";

/** loss = (x − target)² */
export function squaredError(loss: FloatArray, x: FloatArray, target: FloatArray): void {
  for (let i = 0; i < loss.length; i++) loss[i] = (x[i] - target[i]) ** 2;
}

/** dx += dloss · 2 (x − target); the backward towards the target is the same with the two swapped. */
export function squaredErrorBackward(dx: FloatArray, dloss: FloatArray, x: FloatArray, target: FloatArray): void {
  for (let i = 0; i < dx.length; i++) dx[i] += dloss[i] * 2 * (x[i] - target[i]);
}

/**
 * loss = −w (p t ln σ(x) + (1 − t) ln σ(−x)), t the target, w the weight and p the weight of t (1 where they are null).
 * As w ((1 − t) x + (1 + (p − 1) t) ln(1 + e⁻ˣ)), no large x overflows.
 */
export function binaryCrossEntropy(
  loss: FloatArray,
  x: FloatArray,
  target: FloatArray,
  weight: FloatArray | null,
  posWeight: FloatArray | null,
): void {
  for (let i = 0; i < loss.length; i++) {
    const t = target[i];
    const p = posWeight ? posWeight[i] : 1;
    loss[i] = (weight ? weight[i] : 1) * ((1 - t) * x[i] + (1 + (p - 1) * t) * softplus(-x[i]));
  }
}

/** dx += dloss · w ((1 − t) − (1 + (p − 1) t) σ(−x)) */
export function binaryCrossEntropyBackward(
  dx: FloatArray,
  dloss: FloatArray,
  x: FloatArray,
  target: FloatArray,
  weight: FloatArray | null,
  posWeight: FloatArray | null,
): void {
  for (let i = 0; i < dx.length; i++) {
    const t = target[i];
    const p = posWeight ? posWeight[i] : 1;
    const slope = 1 - t - (1 + (p - 1) * t) / (1 + Math.exp(x[i]));
    dx[i] += dloss[i] * (weight ? weight[i] : 1) * slope;
  }
}

/** dtarget += dloss · w (p ln(1 + e⁻ˣ) − ln(1 + eˣ)) */
export function binaryCrossEntropyBackwardTarget(
  dtarget: FloatArray,
  dloss: FloatArray,
  x: FloatArray,
  weight: FloatArray | null,
  posWeight: FloatArray | null,
): void {
  for (let i = 0; i < dtarget.length; i++) {
    const slope = (posWeight ? posWeight[i] : 1) * softplus(-x[i]) - softplus(x[i]);
    dtarget[i] += dloss[i] * (weight ? weight[i] : 1) * slope;
  }
}

/**
 * What smoothing over weighted classes adds to a cross-entropy: loss[r] += ε/n Σ w (lse − x), nothing for a negative target.
 * loss, lse [rows], x [rows, n], weight [n]
 */
export function weightedSmoothing(
  loss: FloatArray,
  lse: FloatArray,
  x: FloatArray,
  targets: Int32Array,
  weight: FloatArray,
  rows: number,
  n: number,
  smoothing: number,
): void {
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    if (targets[r] < 0) continue;
    let total = 0;
    for (let i = 0; i < n; i++) total += weight[i] * (lse[r] - x[start + i]);
    loss[r] += (smoothing / n) * total;
  }
}

/**
 * Its backward, less the dloss[r] · ε/n Σ w · (softmax(x) − [target]) that the backward of a cross-entropy has a factor for:
 * dx[r, i] −= dloss[r] · ε/n w[i], and dx[r, target] += dloss[r] · ε/n Σ w
 */
export function weightedSmoothingBackward(
  dx: FloatArray,
  dloss: FloatArray,
  targets: Int32Array,
  weight: FloatArray,
  rows: number,
  n: number,
  smoothing: number,
): void {
  let total = 0;
  for (let i = 0; i < n; i++) total += weight[i];
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    if (targets[r] < 0) continue;
    const scale = (dloss[r] * smoothing) / n;
    for (let i = 0; i < n; i++) dx[start + i] -= scale * weight[i];
    dx[start + targets[r]] += scale * total;
  }
}

/** ln(1 + eˣ), without overflow. */
function softplus(x: number): number {
  return Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
}
