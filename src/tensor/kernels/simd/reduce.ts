// AssemblyScript. The loops of ../js/reduce.ts, and the largest magnitude of ../js/optim.ts.
import { demote, firstLanes, get, promoteHigh, promoteLow, put, sumOfPairs } from "./vector";

/**
 * Sequential in double precision as in the reference, and so of the same bits; lanes run across `inner`. Rows are `stride`
 * floats apart: a thread may have a part of their columns.
 */
export function sum(out: usize, x: usize, outer: i32, n: i32, inner: i32, stride: i32): void {
  const wide = (<usize>stride) << 2;
  for (; outer > 0; outer--) {
    let left = inner;
    let p: usize = 0;
    // Whole cache lines first: each is read once.
    for (; left >= 16; left -= 16, p += 64) sum16(out + p, x + p, wide, n);
    for (; left > 0; left -= 4, p += 16) sum4(out + p, x + p, wide, n, left);
    out += wide;
    x += wide * <usize>n;
  }
}

function sum16(out: usize, x: usize, wide: usize, n: i32): void {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let e = f64x2.splat(0);
  let f = f64x2.splat(0);
  let g = f64x2.splat(0);
  let h = f64x2.splat(0);
  for (; n > 0; n--, x += wide) {
    let v = v128.load(x);
    a = f64x2.add(a, promoteLow(v));
    b = f64x2.add(b, promoteHigh(v));
    v = v128.load(x, 16);
    c = f64x2.add(c, promoteLow(v));
    d = f64x2.add(d, promoteHigh(v));
    v = v128.load(x, 32);
    e = f64x2.add(e, promoteLow(v));
    f = f64x2.add(f, promoteHigh(v));
    v = v128.load(x, 48);
    g = f64x2.add(g, promoteLow(v));
    h = f64x2.add(h, promoteHigh(v));
  }
  addPairs(out, a, b, 4);
  addPairs(out + 16, c, d, 4);
  addPairs(out + 32, e, f, 4);
  addPairs(out + 48, g, h, 4);
}

function sum4(out: usize, x: usize, wide: usize, n: i32, left: i32): void {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; n > 0; n--, x += wide) {
    const v = get(x);
    low = f64x2.add(low, promoteLow(v));
    high = f64x2.add(high, promoteHigh(v));
  }
  addPairs(out, low, high, left);
}

function addPairs(out: usize, low: v128, high: v128, left: i32): void {
  const held = get(out);
  put(out, demote(f64x2.add(promoteLow(held), low), f64x2.add(promoteHigh(held), high)), left);
}

/** Row by row as in the reference; a row in eight lanes, element i in lane i mod 8. */
export function sumOfSquares(x: usize, rows: i32, n: i32, total: f64): f64 {
  for (; rows > 0; rows--, x += (<usize>n) << 2) total += sumRow(x, n);
  return total;
}

function sumRow(x: usize, n: i32): f64 {
  const zero = f32x4.splat(0);
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  for (; n > 0; n -= 8, x += 32) {
    const v = firstLanes(get(x), n, zero);
    const w = firstLanes(v128.load(x, 16), n - 4, zero);
    a = addSquares(a, promoteLow(v));
    b = addSquares(b, promoteHigh(v));
    c = addSquares(c, promoteLow(w));
    d = addSquares(d, promoteHigh(w));
  }
  return sumOfPairs(f64x2.add(a, b), f64x2.add(c, d));
}

function addSquares(total: v128, v: v128): v128 {
  return f64x2.add(total, f64x2.mul(v, v));
}

/** `max` propagates NaN, as the reference does. */
export function maxAbs(x: usize, n: i32): f32 {
  const zero = f32x4.splat(0);
  let top = zero;
  for (; n > 0; n -= 4, x += 16) top = f32x4.max(top, f32x4.abs(firstLanes(get(x), n, zero)));
  const a = max(f32x4.extract_lane(top, 0), f32x4.extract_lane(top, 1));
  return max(a, max(f32x4.extract_lane(top, 2), f32x4.extract_lane(top, 3)));
}
