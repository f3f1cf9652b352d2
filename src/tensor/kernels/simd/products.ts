// AssemblyScript. The three products, over panels of 8 columns.
//
// Letters: C [m, n] (rows `ldc` bytes apart), D what is added to (C itself, or one row for all of C's, `ldd` being 0 then),
// k the length of the sum. Lanes run across columns of C, so that each
// element's sum starts at 0, runs over k in order and is added to C once: its bits depend on k alone. Compiled twice,
// with and without fused multiply-add.
//
// A is read with two strides: `aRow` between rows of one tile and `aStep` along k. Tiles of ROWS rows lie ROWS·k floats
// apart, which is true both of a row-major [m, k] (aRow 4k, aStep 4) and of panels [m/ROWS][k][ROWS] (aRow 4, aStep
// 4·ROWS).
import { pack, packRows } from "./packing";
import { ROWS, row8, row16, rows2, rows4, rows6 } from "./tiles";

export { mixRows, scoreRows, spreadRows } from "./attention";
export { dots } from "./dots";
export { pack } from "./packing";
export { shortTN } from "./shortSums";

/** A block of A has at most so many floats (but ROWS rows at least): while panels pass by, it stays in the second cache. */
const A_FLOATS: i32 = 32768;

/** C = D + A · B for a packed B, or for some whole panels of one; `group` columns of it, a multiple of 16, stay in a cache. */
export function multiply(
  c: usize,
  ldc: usize,
  d: usize,
  ldd: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  m: i32,
  k: i32,
  n: i32,
  group: i32,
): void {
  const step = max(ROWS, (A_FLOATS / max(1, k) / ROWS) * ROWS);
  const block = (<usize>k * step) << 2;
  for (let j = 0; j < n; j += group) {
    const columns = min(group, n - j);
    const at = (<usize>j) << 2;
    let rows = a;
    let out = c + at;
    let from = d + at;
    for (let i = 0; i < m; i += step, rows += block, out += ldc * step, from += ldd * step) {
      multiplyBlock(out, ldc, from, ldd, rows, aRow, aStep, b, min(step, m - i), k, columns);
    }
    b += (<usize>k * group) << 2;
  }
}

/** Some rows and some panels, every row of A being met by every panel. */
function multiplyBlock(
  c: usize,
  ldc: usize,
  d: usize,
  ldd: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  m: i32,
  k: i32,
  n: i32,
): void {
  const panel = (<usize>k) << 5;
  const tiled = m - (m % ROWS);
  const four = ROWS > 4 && m - tiled >= 4 ? 4 : 0;
  const done = tiled + four;
  let panels = b;
  let out = c;
  let from = d;
  // A single row has no tile, and its calls for nothing would show.
  for (let at = 0; tiled > 0 && at < n; at += 8, panels += panel, out += 32, from += 32) {
    if (ROWS === 6) rows6(out, ldc, from, ldd, a, aRow, aStep, panels, panel, tiled, n - at);
    else rows4(out, ldc, from, ldd, a, aRow, aStep, panels, panel, tiled, n - at);
  }
  if (four > 0) {
    const rows = a + ((<usize>k * tiled) << 2);
    panels = b;
    out = c + ldc * tiled;
    from = d + ldd * tiled;
    for (let at = 0; at < n; at += 8, panels += panel, out += 32, from += 32) {
      rows4(out, ldc, from, ldd, rows, aRow, aStep, panels, panel, 4, n - at);
    }
  }
  // What no tile holds, up to three rows: over two panels at once, since one panel's sums would wait for each other.
  const rest = a + ((<usize>tiled * <usize>k) << 2) + <usize>four * aRow;
  for (let at = 0, panels = b; at < n; at += 16, panels += panel << 1) {
    const left = n - at;
    let i = m - done;
    let row = rest;
    let out = c + <usize>done * ldc + ((<usize>at) << 2);
    let from = d + <usize>done * ldd + ((<usize>at) << 2);
    if (i >= 2 && left > 8) {
      rows2(out, ldc, from, ldd, row, aRow, aStep, panels, panel, left);
      row += aRow << 1;
      out += ldc << 1;
      from += ldd << 1;
      i -= 2;
    }
    for (; i > 0; i--, row += aRow, out += ldc, from += ldd) {
      if (left > 8) row16(out, from, row, aStep, panels, panel, left);
      else row8(out, from, row, aStep, panels, panel, left);
    }
  }
}

/**
 * C = D + A · B for a B whose rows are `bRow` and columns `bColumn` bytes apart (one of them 4); packs `group` columns at
 * a time into `scratch`.
 */
export function product(
  c: usize,
  ldc: usize,
  d: usize,
  ldd: usize,
  a: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  m: i32,
  k: i32,
  n: i32,
  group: i32,
  scratch: usize,
): void {
  for (let j = 0; j < n; j += group) {
    const columns = min(group, n - j);
    const at = (<usize>j) << 2;
    pack(scratch, b + <usize>j * bColumn, bRow, bColumn, k, columns);
    multiply(c + at, ldc, d + at, ldd, a, (<usize>k) << 2, 4, scratch, m, k, columns, group);
  }
}

/**
 * C = D + Aᵀ · B for an A whose rows, along k, are `aStep` bytes apart, and a packed B; packs `block` rows of Aᵀ, a multiple
 * of ROWS, at a time into `scratch`.
 */
export function multiplyTN(
  c: usize,
  ldc: usize,
  d: usize,
  ldd: usize,
  a: usize,
  aStep: usize,
  b: usize,
  m: i32,
  k: i32,
  n: i32,
  block: i32,
  scratch: usize,
): void {
  for (let i = 0; i < m; i += block) {
    const count = min(block, m - i);
    const out = c + <usize>i * ldc;
    packRows(scratch, a + ((<usize>i) << 2), aStep, k, count);
    multiplyBlock(out, ldc, d + <usize>i * ldd, ldd, scratch, 4, ROWS << 2, b, count, k, n);
  }
}
