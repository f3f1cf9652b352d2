// AssemblyScript. Aᵀ · B with sums so short that reading and writing C is most of the work.
// Letters and rule as in products.ts: lanes run across columns of C, each sum starts at 0 and runs over k in order.
import { row8, row16 } from "./tiles";
import { madd } from "./vector";

/**
 * C = D + Aᵀ · B for short sums: an A whose rows, along k, are `aStep` bytes apart, and a packed B, which stays in the
 * nearest cache. C is written once, line after line.
 */
export function shortTN(
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
): void {
  const panel = (<usize>k) << 5;
  for (; m >= 2; m -= 2, a += 8, c += ldc << 1, d += ldd << 1) {
    let out = c;
    let from = d;
    let left = n;
    let b0 = b;
    for (; left >= 16; left -= 16, out += 64, from += 64) {
      const end = b0 + panel;
      let b1 = end;
      let row = a;
      let c00 = f32x4.splat(0);
      let c01 = f32x4.splat(0);
      let c02 = f32x4.splat(0);
      let c03 = f32x4.splat(0);
      let c10 = f32x4.splat(0);
      let c11 = f32x4.splat(0);
      let c12 = f32x4.splat(0);
      let c13 = f32x4.splat(0);
      for (; b0 < end; b0 += 32, b1 += 32, row += aStep) {
        const s = v128.load32_splat(row);
        const t = v128.load32_splat(row, 4);
        let v = v128.load(b0);
        c00 = madd(s, v, c00);
        c10 = madd(t, v, c10);
        v = v128.load(b0, 16);
        c01 = madd(s, v, c01);
        c11 = madd(t, v, c11);
        v = v128.load(b1);
        c02 = madd(s, v, c02);
        c12 = madd(t, v, c12);
        v = v128.load(b1, 16);
        c03 = madd(s, v, c03);
        c13 = madd(t, v, c13);
      }
      b0 = b1;
      add16(out, from, c00, c01, c02, c03);
      add16(out + ldc, from + ldd, c10, c11, c12, c13);
    }
    edge(out, from, a, aStep, b0, panel, left);
    edge(out + ldc, from + ldd, a + 4, aStep, b0, panel, left);
  }
  if (m > 0) edge(c, d, a, aStep, b, panel, n);
}

function add16(c: usize, d: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  v128.store(c, f32x4.add(v128.load(d), s0));
  v128.store(c, f32x4.add(v128.load(d, 16), s1), 16);
  v128.store(c, f32x4.add(v128.load(d, 32), s2), 32);
  v128.store(c, f32x4.add(v128.load(d, 48), s3), 48);
}

/** One row of C over so many columns. */
function edge(c: usize, d: usize, a: usize, aStep: usize, b: usize, panel: usize, left: i32): void {
  for (; left > 8; left -= 16, b += panel << 1, c += 64, d += 64) row16(c, d, a, aStep, b, panel, left);
  if (left > 0) row8(c, d, a, aStep, b, panel, left);
}
