// AssemblyScript. The part of a product that stays in registers while k runs: up to six rows of C by eight columns.
//
// C = D + A · B. Letters: C and D (rows `ldc` and `ldd` bytes apart; D is C itself, or one row for all), A with rows `aRow` bytes apart and steps of k `aStep` apart, B's panel of k steps of
// 8 floats, `columns` how many of the panel's columns are C's.
import { madd, put } from "./vector";

/**
 * Rows of the largest tile. Twelve sums, a row of the panel and an element of A fill the sixteen registers; where
 * multiplying and adding are two instructions a product in between needs one as well, and four rows are faster.
 */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

/** Rows of C, six at a time, by up to eight columns. */
export function rows6(
  c: usize,
  ldc: usize,
  d: usize,
  ldd: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  panel: usize,
  m: i32,
  columns: i32,
): void {
  const end = b + panel;
  for (; m >= 6; m -= 6) {
    let p = b;
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    let a4 = a3 + aRow;
    let a5 = a4 + aRow;
    let c00 = f32x4.splat(0);
    let c01 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let c11 = f32x4.splat(0);
    let c20 = f32x4.splat(0);
    let c21 = f32x4.splat(0);
    let c30 = f32x4.splat(0);
    let c31 = f32x4.splat(0);
    let c40 = f32x4.splat(0);
    let c41 = f32x4.splat(0);
    let c50 = f32x4.splat(0);
    let c51 = f32x4.splat(0);
    for (; p < end; p += 32) {
      const b0 = v128.load(p);
      const b1 = v128.load(p, 16);
      let s = v128.load32_splat(a0);
      c00 = madd(s, b0, c00);
      c01 = madd(s, b1, c01);
      s = v128.load32_splat(a1);
      c10 = madd(s, b0, c10);
      c11 = madd(s, b1, c11);
      s = v128.load32_splat(a2);
      c20 = madd(s, b0, c20);
      c21 = madd(s, b1, c21);
      s = v128.load32_splat(a3);
      c30 = madd(s, b0, c30);
      c31 = madd(s, b1, c31);
      s = v128.load32_splat(a4);
      c40 = madd(s, b0, c40);
      c41 = madd(s, b1, c41);
      s = v128.load32_splat(a5);
      c50 = madd(s, b0, c50);
      c51 = madd(s, b1, c51);
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      a4 += aStep;
      a5 += aStep;
    }
    if (columns >= 8) {
      addRow(c, d, c00, c01);
      addRow(c + ldc, d + ldd, c10, c11);
      addRow(c + 2 * ldc, d + 2 * ldd, c20, c21);
      addRow(c + 3 * ldc, d + 3 * ldd, c30, c31);
      addRow(c + 4 * ldc, d + 4 * ldd, c40, c41);
      addRow(c + 5 * ldc, d + 5 * ldd, c50, c51);
    } else {
      addSome(c, d, c00, c01, columns);
      addSome(c + ldc, d + ldd, c10, c11, columns);
      addSome(c + 2 * ldc, d + 2 * ldd, c20, c21, columns);
      addSome(c + 3 * ldc, d + 3 * ldd, c30, c31, columns);
      addSome(c + 4 * ldc, d + 4 * ldd, c40, c41, columns);
      addSome(c + 5 * ldc, d + 5 * ldd, c50, c51, columns);
    }
    c += 6 * ldc;
    d += 6 * ldd;
    a += (panel >> 3) * 6;
  }
}

/** Rows of C, four at a time, by up to eight columns. */
export function rows4(
  c: usize,
  ldc: usize,
  d: usize,
  ldd: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  panel: usize,
  m: i32,
  columns: i32,
): void {
  const end = b + panel;
  for (; m >= 4; m -= 4) {
    let p = b;
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    let c00 = f32x4.splat(0);
    let c01 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let c11 = f32x4.splat(0);
    let c20 = f32x4.splat(0);
    let c21 = f32x4.splat(0);
    let c30 = f32x4.splat(0);
    let c31 = f32x4.splat(0);
    for (; p < end; p += 32) {
      const b0 = v128.load(p);
      const b1 = v128.load(p, 16);
      let s = v128.load32_splat(a0);
      c00 = madd(s, b0, c00);
      c01 = madd(s, b1, c01);
      s = v128.load32_splat(a1);
      c10 = madd(s, b0, c10);
      c11 = madd(s, b1, c11);
      s = v128.load32_splat(a2);
      c20 = madd(s, b0, c20);
      c21 = madd(s, b1, c21);
      s = v128.load32_splat(a3);
      c30 = madd(s, b0, c30);
      c31 = madd(s, b1, c31);
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
    }
    if (columns >= 8) {
      addRow(c, d, c00, c01);
      addRow(c + ldc, d + ldd, c10, c11);
      addRow(c + 2 * ldc, d + 2 * ldd, c20, c21);
      addRow(c + 3 * ldc, d + 3 * ldd, c30, c31);
    } else {
      addSome(c, d, c00, c01, columns);
      addSome(c + ldc, d + ldd, c10, c11, columns);
      addSome(c + 2 * ldc, d + 2 * ldd, c20, c21, columns);
      addSome(c + 3 * ldc, d + 3 * ldd, c30, c31, columns);
    }
    c += 4 * ldc;
    d += 4 * ldd;
    a += (panel >> 3) * 4;
  }
}

/** Two rows of C by 9 to 16 columns. */
export function rows2(
  c: usize,
  ldc: usize,
  d: usize,
  ldd: usize,
  a0: usize,
  aRow: usize,
  aStep: usize,
  b0: usize,
  panel: usize,
  columns: i32,
): void {
  const end = b0 + panel;
  let a1 = a0 + aRow;
  let b1 = end;
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c02 = f32x4.splat(0);
  let c03 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c12 = f32x4.splat(0);
  let c13 = f32x4.splat(0);
  for (; b0 < end; b0 += 32) {
    const s = v128.load32_splat(a0);
    const t = v128.load32_splat(a1);
    let b = v128.load(b0);
    c00 = madd(s, b, c00);
    c10 = madd(t, b, c10);
    b = v128.load(b0, 16);
    c01 = madd(s, b, c01);
    c11 = madd(t, b, c11);
    b = v128.load(b1);
    c02 = madd(s, b, c02);
    c12 = madd(t, b, c12);
    b = v128.load(b1, 16);
    c03 = madd(s, b, c03);
    c13 = madd(t, b, c13);
    a0 += aStep;
    a1 += aStep;
    b1 += 32;
  }
  addRow(c, d, c00, c01);
  addSome(c + 32, d + 32, c02, c03, columns - 8);
  addRow(c + ldc, d + ldd, c10, c11);
  addSome(c + ldc + 32, d + ldd + 32, c12, c13, columns - 8);
}

/** One row of C by 9 to 16 columns. More would not fit into the registers that V8 keeps. */
export function row16(c: usize, d: usize, a: usize, aStep: usize, b0: usize, panel: usize, columns: i32): void {
  const end = b0 + panel;
  let b1 = end;
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let c2 = f32x4.splat(0);
  let c3 = f32x4.splat(0);
  for (; b0 < end; b0 += 32) {
    const s = v128.load32_splat(a);
    c0 = madd(s, v128.load(b0), c0);
    c1 = madd(s, v128.load(b0, 16), c1);
    c2 = madd(s, v128.load(b1), c2);
    c3 = madd(s, v128.load(b1, 16), c3);
    a += aStep;
    b1 += 32;
  }
  addRow(c, d, c0, c1);
  addSome(c + 32, d + 32, c2, c3, columns - 8);
}

/** One row of C by up to eight columns. */
export function row8(c: usize, d: usize, a: usize, aStep: usize, b: usize, panel: usize, columns: i32): void {
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  for (const end = b + panel; b < end; b += 32) {
    const s = v128.load32_splat(a);
    c0 = madd(s, v128.load(b), c0);
    c1 = madd(s, v128.load(b, 16), c1);
    a += aStep;
  }
  addSome(c, d, c0, c1, columns);
}

/** C = D + eight sums, in one row. */
function addRow(c: usize, d: usize, s0: v128, s1: v128): void {
  const first = f32x4.add(v128.load(d), s0);
  const second = f32x4.add(v128.load(d, 16), s1);
  v128.store(c, first);
  v128.store(c, second, 16);
}

/** The same for up to eight columns; past the edge there is nothing to write to. */
function addSome(c: usize, d: usize, s0: v128, s1: v128, columns: i32): void {
  if (columns >= 8) {
    addRow(c, d, s0, s1);
  } else {
    put(c, f32x4.add(v128.load(d), s0), columns);
    if (columns > 4) put(c + 16, f32x4.add(v128.load(d, 16), s1), columns - 4);
  }
}
