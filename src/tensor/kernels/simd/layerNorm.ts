// AssemblyScript. The loops of ../js/layerNorm.ts; equations and shapes stand there. `mean` and `rstd` are in double
// precision; `weight` and `bias` are 0 where there are none.
//
// A row's sums are kept in double precision, in four lanes: element i goes to lane i mod 4, wherever the row stands.
import { demote, firstLanes, get, promoteHigh, promoteLow, put, sumOfPairs } from "./vector";

export function layerNorm(
  y: usize,
  mean: usize,
  rstd: usize,
  x: usize,
  weight: usize,
  bias: usize,
  rows: i32,
  n: i32,
  eps: f64,
): void {
  const wide = (<usize>n) << 2;
  for (; rows > 0; rows--, y += wide, x += wide, mean += 8, rstd += 8) {
    const middle = sum(x, n) / <f64>n;
    f64.store(mean, middle);
    const scale = 1 / sqrt(sumOfSquares(x, middle, n) / <f64>n + eps);
    f64.store(rstd, scale);
    const first = f32x4.splat(<f32>middle);
    const second = f32x4.splat(remainder(middle));
    const r = f32x4.splat(<f32>scale);
    for (let p: usize = 0, left = n; left > 0; p += 16, left -= 4) {
      let v = f32x4.mul(apart(x + p, first, second), r);
      if (weight !== 0) v = f32x4.mul(v, get(weight + p));
      if (bias !== 0) v = f32x4.add(v, get(bias + p));
      put(y + p, v, left);
    }
  }
}

export function layerNormBackward(
  dx: usize,
  dy: usize,
  x: usize,
  mean: usize,
  rstd: usize,
  weight: usize,
  rows: i32,
  n: i32,
): void {
  const zero = f32x4.splat(0);
  const wide = (<usize>n) << 2;
  for (; rows > 0; rows--, dx += wide, dy += wide, x += wide, mean += 8, rstd += 8) {
    const middle = f64.load(mean);
    const first = f32x4.splat(<f32>middle);
    const second = f32x4.splat(remainder(middle));
    const r = f32x4.splat(<f32>f64.load(rstd));
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let dotLow = f64x2.splat(0);
    let dotHigh = f64x2.splat(0);
    for (let p: usize = 0, left = n; left > 0; p += 16, left -= 4) {
      const g = firstLanes(weighted(dy + p, weight, p), left, zero);
      const product = firstLanes(f32x4.mul(g, f32x4.mul(apart(x + p, first, second), r)), left, zero);
      low = f64x2.add(low, promoteLow(g));
      high = f64x2.add(high, promoteHigh(g));
      dotLow = f64x2.add(dotLow, promoteLow(product));
      dotHigh = f64x2.add(dotHigh, promoteHigh(product));
    }
    const even = f32x4.splat(<f32>(sumOfPairs(low, high) / <f64>n));
    const slope = f32x4.splat(<f32>(sumOfPairs(dotLow, dotHigh) / <f64>n));
    for (let p: usize = 0, left = n; left > 0; p += 16, left -= 4) {
      const normal = f32x4.mul(apart(x + p, first, second), r);
      const rest = f32x4.sub(f32x4.sub(weighted(dy + p, weight, p), even), f32x4.mul(normal, slope));
      put(dx + p, f32x4.add(get(dx + p), f32x4.mul(r, rest)), left);
    }
  }
}

/** For `n` columns of rows that are `stride` floats apart, eight at a time. */
export function layerNormBackwardWeight(
  dweight: usize,
  dy: usize,
  x: usize,
  mean: usize,
  rstd: usize,
  rows: i32,
  n: i32,
  stride: i32,
): void {
  const wide = (<usize>stride) << 2;
  for (; n > 0; n -= 8, dweight += 32, dy += 32, x += 32) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    for (let r: usize = 0, at: usize = 0; r < <usize>rows; r++, at += wide) {
      const middle = f64.load(mean + (r << 3));
      const first = f32x4.splat(<f32>middle);
      const second = f32x4.splat(remainder(middle));
      const scale = f32x4.splat(<f32>f64.load(rstd + (r << 3)));
      const v = f32x4.mul(get(dy + at), f32x4.mul(apart(x + at, first, second), scale));
      a = f64x2.add(a, promoteLow(v));
      b = f64x2.add(b, promoteHigh(v));
      if (n <= 4) continue;
      const w = f32x4.mul(get(dy + at + 16), f32x4.mul(apart(x + at + 16, first, second), scale));
      c = f64x2.add(c, promoteLow(w));
      d = f64x2.add(d, promoteHigh(w));
    }
    put(dweight, added(dweight, a, b), n);
    if (n > 4) put(dweight + 16, added(dweight + 16, c, d), n - 4);
  }
}

/** Four floats and as many sums, added in double precision. */
function added(held: usize, low: v128, high: v128): v128 {
  const v = get(held);
  return demote(f64x2.add(promoteLow(v), low), f64x2.add(promoteHigh(v), high));
}

/** x − mean, of which the float nearest to it is taken off first and then the rest: one float of a large mean is off by too much. */
function apart(x: usize, first: v128, second: v128): v128 {
  return f32x4.sub(f32x4.sub(get(x), first), second);
}

function remainder(mean: f64): f32 {
  const nearest = <f32>mean;
  return abs(nearest) < Infinity ? <f32>(mean - <f64>nearest) : 0;
}

function weighted(dy: usize, weight: usize, p: usize): v128 {
  return weight === 0 ? get(dy) : f32x4.mul(get(dy), get(weight + p));
}

function sum(x: usize, n: i32): f64 {
  const zero = f32x4.splat(0);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; n > 0; x += 16, n -= 4) {
    const v = firstLanes(get(x), n, zero);
    low = f64x2.add(low, promoteLow(v));
    high = f64x2.add(high, promoteHigh(v));
  }
  return sumOfPairs(low, high);
}

/** Σ (x − mean)² */
function sumOfSquares(x: usize, mean: f64, n: i32): f64 {
  const zero = f32x4.splat(0);
  const first = f32x4.splat(<f32>mean);
  const second = f32x4.splat(remainder(mean));
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; n > 0; x += 16, n -= 4) {
    const v = firstLanes(apart(x, first, second), n, zero);
    const a = promoteLow(v);
    const b = promoteHigh(v);
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  return sumOfPairs(low, high);
}
