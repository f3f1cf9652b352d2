// AssemblyScript. One row of C by the transpose of an unpacked B: for a single row packing would cost more than the
// product. Letters and rule as in products.ts: lanes run across columns of C, each sum over k in order.
import { madd, put } from "./vector";

/** C = D + A · Bᵀ, one row, for a B whose rows are `k` floats long. */
export function dots(c: usize, d: usize, a: usize, b: usize, k: i32, n: i32): void {
  const wide = (<usize>k) << 2;
  let j = 0;
  for (; j + 16 <= n; j += 16) {
    dots16(c, d, a, b, wide);
    c += 64;
    d += 64;
    b += wide << 4;
  }
  for (; j < n; j += 4) {
    dots4(c, d, a, b, wide, n - j);
    c += 16;
    d += 16;
    b += wide << 2;
  }
}

/** Sixteen columns: their four sums of four lanes keep the adders busy. */
function dots16(c: usize, d: usize, a: usize, b: usize, wide: usize): void {
  const whole = b + (wide & ~15);
  const end = b + wide;
  const two = wide << 1;
  const three = two + wide;
  let e = b + (wide << 2);
  let f = e + (wide << 2);
  let g = f + (wide << 2);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let c2 = f32x4.splat(0);
  let c3 = f32x4.splat(0);
  for (; b < whole; b += 16, e += 16, f += 16, g += 16, a += 16) {
    const s = v128.load32_splat(a);
    const t = v128.load32_splat(a, 4);
    const u = v128.load32_splat(a, 8);
    const v = v128.load32_splat(a, 12);

    let r0 = v128.load(b);
    let r1 = v128.load(b + wide);
    let r2 = v128.load(b + two);
    let r3 = v128.load(b + three);
    let low01 = lows(r0, r1);
    let low23 = lows(r2, r3);
    let high01 = highs(r0, r1);
    let high23 = highs(r2, r3);
    c0 = madd(s, firsts(low01, low23), c0);
    c0 = madd(t, lasts(low01, low23), c0);
    c0 = madd(u, firsts(high01, high23), c0);
    c0 = madd(v, lasts(high01, high23), c0);

    r0 = v128.load(e);
    r1 = v128.load(e + wide);
    r2 = v128.load(e + two);
    r3 = v128.load(e + three);
    low01 = lows(r0, r1);
    low23 = lows(r2, r3);
    high01 = highs(r0, r1);
    high23 = highs(r2, r3);
    c1 = madd(s, firsts(low01, low23), c1);
    c1 = madd(t, lasts(low01, low23), c1);
    c1 = madd(u, firsts(high01, high23), c1);
    c1 = madd(v, lasts(high01, high23), c1);

    r0 = v128.load(f);
    r1 = v128.load(f + wide);
    r2 = v128.load(f + two);
    r3 = v128.load(f + three);
    low01 = lows(r0, r1);
    low23 = lows(r2, r3);
    high01 = highs(r0, r1);
    high23 = highs(r2, r3);
    c2 = madd(s, firsts(low01, low23), c2);
    c2 = madd(t, lasts(low01, low23), c2);
    c2 = madd(u, firsts(high01, high23), c2);
    c2 = madd(v, lasts(high01, high23), c2);

    r0 = v128.load(g);
    r1 = v128.load(g + wide);
    r2 = v128.load(g + two);
    r3 = v128.load(g + three);
    low01 = lows(r0, r1);
    low23 = lows(r2, r3);
    high01 = highs(r0, r1);
    high23 = highs(r2, r3);
    c3 = madd(s, firsts(low01, low23), c3);
    c3 = madd(t, lasts(low01, low23), c3);
    c3 = madd(u, firsts(high01, high23), c3);
    c3 = madd(v, lasts(high01, high23), c3);
  }
  for (; b < end; b += 4, e += 4, f += 4, g += 4, a += 4) {
    const s = v128.load32_splat(a);
    c0 = madd(s, column(b, b + wide, b + two, b + three), c0);
    c1 = madd(s, column(e, e + wide, e + two, e + three), c1);
    c2 = madd(s, column(f, f + wide, f + two, f + three), c2);
    c3 = madd(s, column(g, g + wide, g + two, g + three), c3);
  }
  v128.store(c, f32x4.add(v128.load(d), c0));
  v128.store(c, f32x4.add(v128.load(d, 16), c1), 16);
  v128.store(c, f32x4.add(v128.load(d, 32), c2), 32);
  v128.store(c, f32x4.add(v128.load(d, 48), c3), 48);
}

/** Up to four columns; past the last one the last is repeated. */
function dots4(c: usize, d: usize, a: usize, b0: usize, wide: usize, left: i32): void {
  const last = left - 1;
  const b1 = wide * <usize>min(1, last);
  const b2 = wide * <usize>min(2, last);
  const b3 = wide * <usize>min(3, last);
  let c0 = f32x4.splat(0);
  for (const end = b0 + wide; b0 < end; b0 += 4, a += 4) {
    c0 = madd(v128.load32_splat(a), column(b0, b0 + b1, b0 + b2, b0 + b3), c0);
  }
  put(c, f32x4.add(v128.load(d), c0), left);
}

/** One float each of four rows. */
function column(b0: usize, b1: usize, b2: usize, b3: usize): v128 {
  let v = v128.load32_zero(b0);
  v = v128.load32_lane(b1, v, 1);
  v = v128.load32_lane(b2, v, 2);
  return v128.load32_lane(b3, v, 3);
}

// The four steps of transposing four rows.

/** a0 b0 a1 b1 */
function lows(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}

/** a2 b2 a3 b3 */
function highs(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7);
}

/** a0 a1 b0 b1 */
function firsts(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 1, 4, 5);
}

/** a2 a3 b2 b3 */
function lasts(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 3, 6, 7);
}
