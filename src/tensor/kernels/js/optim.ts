/**
 * One step of each optimiser over one parameter, in place, and what clipping needs. Letters: p parameter, g its
 * gradient, η learning rate, λ weight decay; d is the direction a rule works with: d = ±g + λ p, − when maximising.
 * State arrays are as long as p; what a rule does not use is null.
 */
import type { FloatArray } from "../../storage.js";

/** d; without decay p is left out, so that an infinite parameter does not turn 0 · p into NaN. */
function direction(p: number, g: number, sign: number, weightDecay: number): number {
  return weightDecay === 0 ? sign * g : sign * g + weightDecay * p;
}

/**
 * b ← μ b + (1 − τ) d;  p ← p − η b, or p − η (d + μ b) with `nesterov`; without a buffer p ← p − η d.
 * `buffer` b, `momentum` μ, `dampening` τ.
 */
export function sgdStep(
  p: FloatArray,
  g: FloatArray,
  buffer: FloatArray | null,
  lr: number,
  momentum: number,
  dampening: number,
  weightDecay: number,
  nesterov: boolean,
  maximize: boolean,
): void {
  const sign = maximize ? -1 : 1;
  for (let i = 0; i < p.length; i++) {
    const d = direction(p[i], g[i], sign, weightDecay);
    let move = d;
    if (buffer) {
      const b = momentum * buffer[i] + (1 - dampening) * d;
      buffer[i] = b;
      move = nesterov ? d + momentum * b : b;
    }
    p[i] -= lr * move;
  }
}

/** `sgdStep` without momentum and decay, in some rows alone, which are different ones.  p, g [*, width] */
export function sgdStepRows(
  p: FloatArray,
  g: FloatArray,
  rows: Int32Array,
  width: number,
  lr: number,
  maximize: boolean,
): void {
  for (const row of rows) {
    const [start, end] = [row * width, (row + 1) * width];
    sgdStep(p.subarray(start, end), g.subarray(start, end), null, lr, 0, 0, 0, false, maximize);
  }
}

/** s ← s + d²;  p ← p − η d / (√s + ε).  `sum` s */
export function adagradStep(
  p: FloatArray,
  g: FloatArray,
  sum: FloatArray,
  lr: number,
  eps: number,
  weightDecay: number,
  maximize: boolean,
): void {
  const sign = maximize ? -1 : 1;
  for (let i = 0; i < p.length; i++) {
    const d = direction(p[i], g[i], sign, weightDecay);
    const s = sum[i] + d * d;
    sum[i] = s;
    p[i] -= (lr * d) / (Math.sqrt(s) + eps);
  }
}

/**
 * v ← α v + (1 − α) d²;  m ← α m + (1 − α) d;  b ← μ b + d / (√(v − m²) + ε);  p ← p − η b.
 * `squareAvg` v; `gradAvg` m, 0 when null; `buffer` b, without memory when null.
 */
export function rmspropStep(
  p: FloatArray,
  g: FloatArray,
  squareAvg: FloatArray,
  gradAvg: FloatArray | null,
  buffer: FloatArray | null,
  lr: number,
  alpha: number,
  eps: number,
  momentum: number,
  weightDecay: number,
  maximize: boolean,
): void {
  const sign = maximize ? -1 : 1;
  for (let i = 0; i < p.length; i++) {
    const d = direction(p[i], g[i], sign, weightDecay);
    let v = alpha * squareAvg[i] + (1 - alpha) * d * d;
    squareAvg[i] = v;
    if (gradAvg) {
      const m = alpha * gradAvg[i] + (1 - alpha) * d;
      gradAvg[i] = m;
      // A variance, but rounding takes it below zero once the gradient stays the same, and its root would be NaN.
      v = Math.max(0, v - m * m);
    }
    let move = d / (Math.sqrt(v) + eps);
    if (buffer) {
      move += momentum * buffer[i];
      buffer[i] = move;
    }
    p[i] -= lr * move;
  }
}

/**
 * v ← ρ v + (1 − ρ) d²;  Δ = d √(u + ε) / √(v + ε);  u ← ρ u + (1 − ρ) Δ²;  p ← p − η Δ.
 * `squareAvg` v, `accDelta` u.
 */
export function adadeltaStep(
  p: FloatArray,
  g: FloatArray,
  squareAvg: FloatArray,
  accDelta: FloatArray,
  lr: number,
  rho: number,
  eps: number,
  weightDecay: number,
  maximize: boolean,
): void {
  const sign = maximize ? -1 : 1;
  for (let i = 0; i < p.length; i++) {
    const d = direction(p[i], g[i], sign, weightDecay);
    const v = rho * squareAvg[i] + (1 - rho) * d * d;
    squareAvg[i] = v;
    const delta = (Math.sqrt(accDelta[i] + eps) / Math.sqrt(v + eps)) * d;
    accDelta[i] = rho * accDelta[i] + (1 - rho) * delta * delta;
    p[i] -= lr * delta;
  }
}

/**
 * m ← β₁ m + (1 − β₁) d;  v ← β₂ v + (1 − β₂) d²;  p ← shrink p − η′ m / (√v̂ / c₂ + ε), where v̂ is v, or the
 * largest v so far.  `expAvg` m, `expAvgSq` v, `maxExpAvgSq` null unless v̂ is the largest.
 * At step t: `stepSize` η′ = η / (1 − β₁ᵗ), `correction` c₂ = √(1 − β₂ᵗ). `shrink` is AdamW's 1 − η λ, else 1.
 */
export function adamStep(
  p: FloatArray,
  g: FloatArray,
  expAvg: FloatArray,
  expAvgSq: FloatArray,
  maxExpAvgSq: FloatArray | null,
  stepSize: number,
  correction: number,
  beta1: number,
  beta2: number,
  eps: number,
  weightDecay: number,
  shrink: number,
  maximize: boolean,
): void {
  const sign = maximize ? -1 : 1;
  for (let i = 0; i < p.length; i++) {
    const d = direction(p[i], g[i], sign, weightDecay);
    const m = beta1 * expAvg[i] + (1 - beta1) * d;
    expAvg[i] = m;
    let v = beta2 * expAvgSq[i] + (1 - beta2) * d * d;
    expAvgSq[i] = v;
    if (maxExpAvgSq) {
      v = Math.max(maxExpAvgSq[i], v);
      maxExpAvgSq[i] = v;
    }
    p[i] = shrink * p[i] - (stepSize * m) / (Math.sqrt(v) / correction + eps);
  }
}

/** maxᵢ |xᵢ|, 0 for no elements; NaN wins, so that a broken value is seen. */
export function maxAbs(x: FloatArray): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  return largest;
}
