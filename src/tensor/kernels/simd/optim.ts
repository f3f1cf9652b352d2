// AssemblyScript. The update rules of ../js/optim.ts, each in one pass; equations and letters stand there. An address of
// 0 stands for null.
import { get, put } from "./vector";

/** d = sign · g + λ p; without decay p is left out, so that an infinite parameter does not turn 0 · p into NaN. */
function direction(p: v128, g: v128, sign: v128, decay: v128, decays: bool): v128 {
  const d = f32x4.mul(sign, g);
  return decays ? f32x4.add(d, f32x4.mul(decay, p)) : d;
}

export function sgdStep(
  p: usize,
  g: usize,
  buffer: usize,
  n: i32,
  lr: f32,
  momentum: f32,
  undamped: f32,
  weightDecay: f32,
  nesterov: bool,
  sign: f32,
): void {
  const signs = f32x4.splat(sign);
  const decay = f32x4.splat(weightDecay);
  const rate = f32x4.splat(lr);
  const keep = f32x4.splat(momentum);
  const take = f32x4.splat(undamped);
  for (; n > 0; n -= 4, p += 16, g += 16) {
    const held = get(p);
    const d = direction(held, get(g), signs, decay, weightDecay !== 0);
    let move = d;
    if (buffer !== 0) {
      const b = f32x4.add(f32x4.mul(keep, get(buffer)), f32x4.mul(take, d));
      put(buffer, b, n);
      move = nesterov ? f32x4.add(d, f32x4.mul(keep, b)) : b;
      buffer += 16;
    }
    put(p, f32x4.sub(held, f32x4.mul(rate, move)), n);
  }
}

export function sgdStepRows(p: usize, g: usize, rows: usize, count: i32, width: i32, lr: f32, sign: f32): void {
  const wide = (<usize>width) << 2;
  for (; count > 0; count--, rows += 4) {
    const at = <usize>i32.load(rows) * wide;
    sgdStep(p + at, g + at, 0, width, lr, 0, 0, 0, false, sign);
  }
}

/** 0 in the place of what is too small for float32's normal range: such numbers cost a processor a hundredfold. */
function normal(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), f32x4.splat(1.17549435e-38)));
}

export function adamStep(
  p: usize,
  g: usize,
  expAvg: usize,
  expAvgSq: usize,
  maxExpAvgSq: usize,
  n: i32,
  stepSize: f32,
  correction: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  eps: f32,
  weightDecay: f32,
  shrink: f32,
  sign: f32,
): void {
  const signs = f32x4.splat(sign);
  const decay = f32x4.splat(weightDecay);
  const step = f32x4.splat(stepSize);
  const divisor = f32x4.splat(correction);
  const keep1 = f32x4.splat(beta1);
  const take1 = f32x4.splat(rest1);
  const keep2 = f32x4.splat(beta2);
  const take2 = f32x4.splat(rest2);
  const epsilon = f32x4.splat(eps);
  const shrunk = f32x4.splat(shrink);
  for (; n > 0; n -= 4, p += 16, g += 16, expAvg += 16, expAvgSq += 16) {
    const held = get(p);
    const d = direction(held, get(g), signs, decay, weightDecay !== 0);
    const m = normal(f32x4.add(f32x4.mul(keep1, get(expAvg)), f32x4.mul(take1, d)));
    put(expAvg, m, n);
    let v = normal(f32x4.add(f32x4.mul(keep2, get(expAvgSq)), f32x4.mul(f32x4.mul(take2, d), d)));
    put(expAvgSq, v, n);
    if (maxExpAvgSq !== 0) {
      v = f32x4.max(get(maxExpAvgSq), v);
      put(maxExpAvgSq, v, n);
      maxExpAvgSq += 16;
    }
    const root = f32x4.add(f32x4.div(f32x4.sqrt(v), divisor), epsilon);
    put(p, f32x4.sub(f32x4.mul(shrunk, held), f32x4.div(f32x4.mul(step, m), root)), n);
  }
}
