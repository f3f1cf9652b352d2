// AssemblyScript. The products of ../js/attention.ts; equations and shapes stand there. `rows` of R rows, whose
// neighbours in one step are `width` (or `places`) floats apart; the same row of the next step is `allRows` times that
// away, and a sentence's next place `sentences` times `width` floats.
import { firstLanes, madd, put } from "./vector";

export function scoreRows(
  scores: usize,
  query: usize,
  memory: usize,
  columns: usize,
  lengths: usize,
  rows: i32,
  steps: i32,
  places: i32,
  allRows: i32,
  sentences: i32,
  width: i32,
): void {
  const wide = (<usize>width) << 2;
  const across = (<usize>places) << 2;
  for (; rows > 0; rows--, columns += 4, lengths += 4, scores += across, query += wide) {
    const own = memory + <usize>i32.load(columns) * wide;
    const n = i32.load(lengths);
    dotRows(scores, across * allRows, query, wide * allRows, own, wide * sentences, steps, width, n);
  }
}

export function mixRows(
  out: usize,
  weights: usize,
  memory: usize,
  columns: usize,
  lengths: usize,
  rows: i32,
  steps: i32,
  places: i32,
  allRows: i32,
  sentences: i32,
  width: i32,
): void {
  const wide = (<usize>width) << 2;
  const across = (<usize>places) << 2;
  for (; rows > 0; rows--, columns += 4, lengths += 4, weights += across, out += wide) {
    const own = memory + <usize>i32.load(columns) * wide;
    const n = i32.load(lengths);
    addMixed(out, wide * allRows, weights, across * allRows, 4, own, wide * sentences, steps, n, width);
  }
}

export function spreadRows(
  memory: usize,
  weights: usize,
  x: usize,
  columns: usize,
  lengths: usize,
  rows: i32,
  steps: i32,
  places: i32,
  allRows: i32,
  sentences: i32,
  width: i32,
): void {
  const wide = (<usize>width) << 2;
  const across = (<usize>places) << 2;
  for (; rows > 0; rows--, columns += 4, lengths += 4, weights += across, x += wide) {
    const own = memory + <usize>i32.load(columns) * wide;
    const n = i32.load(lengths);
    addMixed(own, wide * sentences, weights, 4, across * allRows, x, wide * allRows, n, steps, width);
  }
}

/**
 * C += A · Bᵀ, C [m, n] with rows `ldc` bytes apart, A and B with rows of k floats `lda` and `ldb` bytes apart. Lanes run
 * along k: term p goes to lane p mod 4, and the four lanes are summed at the end, for every element alike.
 */
function dotRows(c: usize, ldc: usize, a: usize, lda: usize, b: usize, ldb: usize, m: i32, k: i32, n: i32): void {
  for (; m >= 2; m -= 2, a += lda << 1, c += ldc << 1) {
    let from = b;
    for (let j = 0; j < n; j += 4, from += ldb << 2) dots2(c + ((<usize>j) << 2), ldc, a, a + lda, from, ldb, k, n - j);
  }
  if (m === 0) return;
  for (let j = 0; j < n; j += 4, b += ldb << 2) dots1(c + ((<usize>j) << 2), a, b, ldb, k, n - j);
}

/** Two rows by up to four columns; past the last one the last is repeated. */
function dots2(c: usize, ldc: usize, a0: usize, a1: usize, b0: usize, ldb: usize, k: i32, left: i32): void {
  const last = left - 1;
  const b1 = ldb * <usize>min(1, last);
  const b2 = ldb * <usize>min(2, last);
  const b3 = ldb * <usize>min(3, last);
  const zero = f32x4.splat(0);
  let c00 = zero;
  let c01 = zero;
  let c02 = zero;
  let c03 = zero;
  let c10 = zero;
  let c11 = zero;
  let c12 = zero;
  let c13 = zero;
  for (; k >= 4; k -= 4, a0 += 16, a1 += 16, b0 += 16) {
    const s = v128.load(a0);
    const t = v128.load(a1);
    let v = v128.load(b0);
    c00 = madd(s, v, c00);
    c10 = madd(t, v, c10);
    v = v128.load(b0 + b1);
    c01 = madd(s, v, c01);
    c11 = madd(t, v, c11);
    v = v128.load(b0 + b2);
    c02 = madd(s, v, c02);
    c12 = madd(t, v, c12);
    v = v128.load(b0 + b3);
    c03 = madd(s, v, c03);
    c13 = madd(t, v, c13);
  }
  if (k > 0) {
    const s = firstLanes(v128.load(a0), k, zero);
    const t = firstLanes(v128.load(a1), k, zero);
    let v = firstLanes(v128.load(b0), k, zero);
    c00 = madd(s, v, c00);
    c10 = madd(t, v, c10);
    v = firstLanes(v128.load(b0 + b1), k, zero);
    c01 = madd(s, v, c01);
    c11 = madd(t, v, c11);
    v = firstLanes(v128.load(b0 + b2), k, zero);
    c02 = madd(s, v, c02);
    c12 = madd(t, v, c12);
    v = firstLanes(v128.load(b0 + b3), k, zero);
    c03 = madd(s, v, c03);
    c13 = madd(t, v, c13);
  }
  put(c, f32x4.add(v128.load(c), sumsOf(c00, c01, c02, c03)), left);
  put(c + ldc, f32x4.add(v128.load(c + ldc), sumsOf(c10, c11, c12, c13)), left);
}

/** One row by up to four columns, as above. */
function dots1(c: usize, a: usize, b0: usize, ldb: usize, k: i32, left: i32): void {
  const last = left - 1;
  const b1 = ldb * <usize>min(1, last);
  const b2 = ldb * <usize>min(2, last);
  const b3 = ldb * <usize>min(3, last);
  const zero = f32x4.splat(0);
  let c0 = zero;
  let c1 = zero;
  let c2 = zero;
  let c3 = zero;
  for (; k >= 4; k -= 4, a += 16, b0 += 16) {
    const s = v128.load(a);
    c0 = madd(s, v128.load(b0), c0);
    c1 = madd(s, v128.load(b0 + b1), c1);
    c2 = madd(s, v128.load(b0 + b2), c2);
    c3 = madd(s, v128.load(b0 + b3), c3);
  }
  if (k > 0) {
    const s = firstLanes(v128.load(a), k, zero);
    c0 = madd(s, firstLanes(v128.load(b0), k, zero), c0);
    c1 = madd(s, firstLanes(v128.load(b0 + b1), k, zero), c1);
    c2 = madd(s, firstLanes(v128.load(b0 + b2), k, zero), c2);
    c3 = madd(s, firstLanes(v128.load(b0 + b3), k, zero), c3);
  }
  put(c, f32x4.add(v128.load(c), sumsOf(c0, c1, c2, c3)), left);
}

/** The sum of each vector's lanes, (0 + 2) + (1 + 3), as four lanes. */
function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/**
 * C += A · B as it stands, C [m, n]: rows of C, A and B are `ldc`, `lda` and `ldb` bytes apart, the terms of a row of A
 * `aStep`. Lanes run across columns; each sum starts at 0, runs over k in order, and is added to C once.
 */
function addMixed(
  c: usize,
  ldc: usize,
  a: usize,
  lda: usize,
  aStep: usize,
  b: usize,
  ldb: usize,
  m: i32,
  k: i32,
  n: i32,
): void {
  for (; m > 0; m -= 2, a += lda << 1, c += ldc << 1) {
    const isPair = m > 1;
    let j = 0;
    for (; j + 16 <= n; j += 16) {
      const at = (<usize>j) << 2;
      if (isPair) mixed2(c + at, c + at + ldc, a, a + lda, aStep, b + at, ldb, k);
      else mixed1(c + at, a, aStep, b + at, ldb, k);
    }
    for (; j < n; j += 4) {
      const at = (<usize>j) << 2;
      mixedSome(c + at, a, aStep, b + at, ldb, k, n - j);
      if (isPair) mixedSome(c + at + ldc, a + lda, aStep, b + at, ldb, k, n - j);
    }
  }
}

/** Two rows by sixteen columns. */
function mixed2(c0: usize, c1: usize, a0: usize, a1: usize, aStep: usize, b: usize, ldb: usize, k: i32): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  let t3 = f32x4.splat(0);
  for (; k > 0; k--, a0 += aStep, a1 += aStep, b += ldb) {
    const s = v128.load32_splat(a0);
    const t = v128.load32_splat(a1);
    let v = v128.load(b);
    s0 = madd(s, v, s0);
    t0 = madd(t, v, t0);
    v = v128.load(b, 16);
    s1 = madd(s, v, s1);
    t1 = madd(t, v, t1);
    v = v128.load(b, 32);
    s2 = madd(s, v, s2);
    t2 = madd(t, v, t2);
    v = v128.load(b, 48);
    s3 = madd(s, v, s3);
    t3 = madd(t, v, t3);
  }
  add16(c0, s0, s1, s2, s3);
  add16(c1, t0, t1, t2, t3);
}

/** One row by sixteen columns. */
function mixed1(c: usize, a: usize, aStep: usize, b: usize, ldb: usize, k: i32): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (; k > 0; k--, a += aStep, b += ldb) {
    const s = v128.load32_splat(a);
    s0 = madd(s, v128.load(b), s0);
    s1 = madd(s, v128.load(b, 16), s1);
    s2 = madd(s, v128.load(b, 32), s2);
    s3 = madd(s, v128.load(b, 48), s3);
  }
  add16(c, s0, s1, s2, s3);
}

/** One row by up to four columns. */
function mixedSome(c: usize, a: usize, aStep: usize, b: usize, ldb: usize, k: i32, left: i32): void {
  let total = f32x4.splat(0);
  for (; k > 0; k--, a += aStep, b += ldb) total = madd(v128.load32_splat(a), v128.load(b), total);
  put(c, f32x4.add(v128.load(c), total), left);
}

function add16(c: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  v128.store(c, f32x4.add(v128.load(c), s0));
  v128.store(c, f32x4.add(v128.load(c, 16), s1), 16);
  v128.store(c, f32x4.add(v128.load(c, 32), s2), 32);
  v128.store(c, f32x4.add(v128.load(c, 48), s3), 48);
}
