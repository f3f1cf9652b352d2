// AssemblyScript. The loops of ../js/rows.ts, and the two innermost loops of ../js/strided.ts. `rows` are 32-bit.
import { get, put } from "./vector";

export function gatherRows(out: usize, x: usize, rows: usize, count: i32, width: i32): void {
  const wide = (<usize>width) << 2;
  for (; count > 0; count--, rows += 4, out += wide) {
    const from = x + <usize>i32.load(rows) * wide;
    for (let p: usize = 0, left = width; left > 0; p += 16, left -= 4) put(out + p, get(from + p), left);
  }
}

/** Rows are `stride` floats apart: a thread may have a part of their columns. */
export function scatterAddRows(dx: usize, dy: usize, rows: usize, count: i32, width: i32, stride: i32): void {
  const wide = (<usize>stride) << 2;
  for (; count > 0; count--, rows += 4, dy += wide) addTo(dx + <usize>i32.load(rows) * wide, dy, width);
}

/** out[r · outRow + j · outStep] += x[r · xRow + j · xStep] for every r below `rows` and j below `n`; strides in floats. */
export function addStrided(
  out: usize,
  outRow: i32,
  outStep: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  rows: i32,
  n: i32,
): void {
  const outWide = (<usize>outStep) << 2;
  const xWide = (<usize>xStep) << 2;
  for (; rows > 0; rows--, out += (<usize>outRow) << 2, x += (<usize>xRow) << 2) {
    if (outStep === 1 && xStep === 1) addTo(out, x, n);
    else if (outStep === 1 && xStep === 0) addNumber(out, v128.load32_splat(x), n);
    else {
      let o = out;
      let i = x;
      for (let left = n; left > 0; left--, o += outWide, i += xWide) f32.store(o, f32.load(o) + f32.load(i));
    }
  }
}

export function zeroRows(x: usize, rows: usize, count: i32, width: i32): void {
  const wide = (<usize>width) << 2;
  for (; count > 0; count--, rows += 4) memory.fill(x + <usize>i32.load(rows) * wide, 0, wide);
}

export function scaleRows(x: usize, rows: usize, count: i32, width: i32, scale: f32): void {
  const wide = (<usize>width) << 2;
  const scales = f32x4.splat(scale);
  const zero = f32x4.splat(0);
  for (; count > 0; count--, rows += 4) {
    let at = x + <usize>i32.load(rows) * wide;
    for (let left = width; left > 0; left -= 4, at += 16) put(at, f32x4.add(f32x4.mul(scales, get(at)), zero), left);
  }
}

function addTo(out: usize, x: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, x += 16) put(out, f32x4.add(get(out), get(x)), n);
}

function addNumber(out: usize, number: v128, n: i32): void {
  for (; n > 0; n -= 4, out += 16) put(out, f32x4.add(get(out), number), n);
}
