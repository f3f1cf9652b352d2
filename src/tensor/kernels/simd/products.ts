// AssemblyScript. The three products, over panels of 8 columns.
//
// Letters: C [m, n] (rows `ldc` bytes apart), k the length of the sum. Lanes run across columns of C, so that each
// element's sum starts at 0, runs over k in order and is added to C once: its bits depend on k alone. Compiled twice,
// with and without fused multiply-add.
//
// A is read with two strides: `aRow` between rows of one tile and `aStep` along k. Tiles of four rows lie 4·k floats
// apart, which is true both of a row-major [m, k] (aRow 4k, aStep 4) and of panels [m/4][k][4] (aRow 4, aStep 16).
import { madd, put } from "./vector";

/** How many columns are packed and multiplied together when B comes unpacked: their panels stay in the caches. */
const GROUP: i32 = 32;
/** How many rows of Aᵀ are packed together. */
const BLOCK: i32 = 64;

/** C += A · B for a packed B, or for some whole panels of one. */
export function multiply(
  c: usize,
  ldc: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  m: i32,
  k: i32,
  n: i32,
): void {
  const panel = (<usize>k) << 5;
  const tiled = m & ~3;
  for (let j = 0; j < n; j += GROUP) {
    const first = b;
    const edge = min(n, j + GROUP);
    for (let at = j; at < edge; at += 8) {
      let rows = a;
      let out = c + ((<usize>at) << 2);
      for (let i = 0; i < tiled; i += 4) {
        tile(out, ldc, rows, aRow, aStep, b, b + panel, n - at);
        rows += (<usize>k) << 4;
        out += ldc << 2;
      }
      b += panel;
    }
    // What no tile holds, up to three rows: over two panels at once, since one panel's sums would wait for each other.
    const rest = a + ((<usize>tiled * <usize>k) << 2);
    const out = c + <usize>tiled * ldc;
    for (let at = j, panels = first; at < edge; at += 16, panels += panel << 1) {
      const to = out + ((<usize>at) << 2);
      const left = n - at;
      let i = m - tiled;
      let row = rest;
      let rowOut = to;
      if (i >= 2 && left > 8) {
        rows2(rowOut, ldc, row, aRow, aStep, panels, panel, left);
        row += aRow << 1;
        rowOut += ldc << 1;
        i -= 2;
      }
      for (; i > 0; i--, row += aRow, rowOut += ldc) {
        if (left > 8) row16(rowOut, row, aStep, panels, panel, left);
        else row8(rowOut, row, aStep, panels, panel, left);
      }
    }
  }
}

/** C += A · B for a B whose rows are `bRow` and columns `bColumn` bytes apart (one of them 4); packs as it goes. */
export function product(
  c: usize,
  ldc: usize,
  a: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  m: i32,
  k: i32,
  n: i32,
  scratch: usize,
): void {
  for (let j = 0; j < n; j += GROUP) {
    const columns = min(GROUP, n - j);
    pack(scratch, b + <usize>j * bColumn, bRow, bColumn, k, columns);
    multiply(c + ((<usize>j) << 2), ldc, a, (<usize>k) << 2, 4, scratch, m, k, columns);
  }
}

/** C += Aᵀ · B for an A whose rows, along k, are `aStep` bytes apart, and B [k, n]. */
export function productTN(
  c: usize,
  ldc: usize,
  a: usize,
  aStep: usize,
  b: usize,
  m: i32,
  k: i32,
  n: i32,
  scratch: usize,
): void {
  pack(scratch, b, (<usize>n) << 2, 4, k, n);
  const rows = scratch + ((<usize>k * <usize>((n + 7) & ~7)) << 2);
  for (let i = 0; i < m; i += BLOCK) {
    const count = min(BLOCK, m - i);
    packRows(rows, a + ((<usize>i) << 2), aStep, k, count);
    multiply(c + <usize>i * ldc, ldc, rows, 4, 16, scratch, count, k, n);
  }
}

/** B into panels [⌈n/8⌉][k][8]; past the last column they hold whatever lies there, which is never stored. */
export function pack(out: usize, b: usize, bRow: usize, bColumn: usize, k: i32, n: i32): void {
  for (let j = 0; j < n; j += 8) {
    const from = b + <usize>j * bColumn;
    if (bColumn === 4) copyPanel(out, from, bRow, k);
    else transposePanel(out, from, bColumn, k, min(8, n - j) - 1);
    out += (<usize>k) << 5;
  }
}

function copyPanel(out: usize, b: usize, bRow: usize, k: i32): void {
  for (let end = out + ((<usize>k) << 5); out < end; out += 32) {
    v128.store(out, v128.load(b));
    v128.store(out, v128.load(b, 16), 16);
    b += bRow;
  }
}

/** Rows of k floats, `stride` bytes apart, become columns; past `last` the last is repeated. */
function transposePanel(out: usize, b: usize, stride: usize, k: i32, last: i32): void {
  const b0 = b;
  const b1 = b + stride * <usize>min(1, last);
  const b2 = b + stride * <usize>min(2, last);
  const b3 = b + stride * <usize>min(3, last);
  const b4 = b + stride * <usize>min(4, last);
  const b5 = b + stride * <usize>min(5, last);
  const b6 = b + stride * <usize>min(6, last);
  const b7 = b + stride * <usize>min(7, last);
  const whole = (<usize>(k & ~3)) << 2;
  let p: usize = 0;
  for (; p < whole; p += 16) {
    transpose4(out, v128.load(b0 + p), v128.load(b1 + p), v128.load(b2 + p), v128.load(b3 + p));
    transpose4(out + 16, v128.load(b4 + p), v128.load(b5 + p), v128.load(b6 + p), v128.load(b7 + p));
    out += 128;
  }
  for (const end = (<usize>k) << 2; p < end; p += 4) {
    f32.store(out, f32.load(b0 + p), 0);
    f32.store(out, f32.load(b1 + p), 4);
    f32.store(out, f32.load(b2 + p), 8);
    f32.store(out, f32.load(b3 + p), 12);
    f32.store(out, f32.load(b4 + p), 16);
    f32.store(out, f32.load(b5 + p), 20);
    f32.store(out, f32.load(b6 + p), 24);
    f32.store(out, f32.load(b7 + p), 28);
    out += 32;
  }
}

/** Stores the columns of four rows, 32 bytes apart. */
function transpose4(out: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const c = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f32>(a, c, 0, 1, 4, 5));
  v128.store(out, v128.shuffle<f32>(a, c, 2, 3, 6, 7), 32);
  v128.store(out, v128.shuffle<f32>(b, d, 0, 1, 4, 5), 64);
  v128.store(out, v128.shuffle<f32>(b, d, 2, 3, 6, 7), 96);
}

/** Columns of A [k, m] into panels [⌈rows/4⌉][k][4]. */
function packRows(out: usize, a: usize, aStep: usize, k: i32, rows: i32): void {
  for (let i = 0; i < rows; i += 4) {
    let from = a + ((<usize>i) << 2);
    for (const end = out + ((<usize>k) << 4); out < end; out += 16) {
      v128.store(out, v128.load(from));
      from += aStep;
    }
  }
}

/** Four rows of C by up to eight columns, held in registers while k runs. */
function tile(c: usize, ldc: usize, a0: usize, aRow: usize, aStep: usize, b: usize, end: usize, columns: i32): void {
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
  for (; b < end; b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
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
  addRow(c, c00, c01, columns);
  addRow(c + ldc, c10, c11, columns);
  addRow(c + (ldc << 1), c20, c21, columns);
  addRow(c + 3 * ldc, c30, c31, columns);
}

/** Two rows of C by 9 to 16 columns. */
function rows2(
  c: usize,
  ldc: usize,
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
  addRow(c, c00, c01, 8);
  addRow(c + 32, c02, c03, columns - 8);
  addRow(c + ldc, c10, c11, 8);
  addRow(c + ldc + 32, c12, c13, columns - 8);
}

/** One row of C by 9 to 16 columns. More would not fit into the registers that V8 keeps. */
function row16(c: usize, a: usize, aStep: usize, b0: usize, panel: usize, columns: i32): void {
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
  addRow(c, c0, c1, 8);
  addRow(c + 32, c2, c3, columns - 8);
}

/** One row of C by up to eight columns. */
function row8(c: usize, a: usize, aStep: usize, b: usize, panel: usize, columns: i32): void {
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  for (const end = b + panel; b < end; b += 32) {
    const s = v128.load32_splat(a);
    c0 = madd(s, v128.load(b), c0);
    c1 = madd(s, v128.load(b, 16), c1);
    a += aStep;
  }
  addRow(c, c0, c1, columns);
}

/** Adds eight sums to a row of C; past its edge there is nothing to add to. */
function addRow(c: usize, s0: v128, s1: v128, columns: i32): void {
  put(c, f32x4.add(v128.load(c), s0), columns);
  if (columns > 4) put(c + 16, f32x4.add(v128.load(c, 16), s1), columns - 4);
}
