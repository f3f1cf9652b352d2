// AssemblyScript. Operands of the products laid out in the order in which a tile reads them.
import { ROWS } from "./tiles";

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

/**
 * Columns of A [k, m] into panels [⌈rows/ROWS⌉][k][ROWS]; what stands past the last column is never used. Many panels at
 * a time, so that a line of the cache is read once: lines a whole row of A apart push one another out.
 */
export function packRows(out: usize, a: usize, aStep: usize, k: i32, rows: i32): void {
  const panel = (<usize>k * ROWS) << 2;
  for (let i = 0; i < rows; i += 16 * ROWS) {
    let from = a + ((<usize>i) << 2);
    let to = out;
    const panels = min(16, (rows - i + ROWS - 1) / ROWS);
    for (let p = 0; p < k; p++, from += aStep, to += ROWS << 2) {
      for (let at = to, line = from, left = panels; left > 0; left--, at += panel, line += ROWS << 2) {
        v128.store(at, v128.load(line));
        if (ROWS > 4) v128.store64_lane(at, v128.load64_zero(line, 16), 0, 16);
      }
    }
    out += panel << 4;
  }
}
