// AssemblyScript. The loops of ../js/reduce.ts, and the largest magnitude of ../js/optim.ts.
import { demote, firstLanes, get, promoteHigh, promoteLow, put, sumOfPairs } from "./vector";

/** So many columns are summed together: their sums, in double precision, stay in the nearest cache. */
const COLUMNS: i32 = 256;

/**
 * Sequential in double precision as in the reference, and so of the same bits; lanes run across `inner`. Rows are `stride`
 * floats apart: a thread may have a part of their columns. `sums` has room for 256 doubles.
 */
export function sum(out: usize, x: usize, outer: i32, n: i32, inner: i32, stride: i32, sums: usize): void {
  const wide = (<usize>stride) << 2;
  for (; outer > 0; outer--, out += wide, x += wide * <usize>n) {
    let j = 0;
    for (; inner - j > 4; j += COLUMNS) {
      const at = (<usize>j) << 2;
      sumColumns(out + at, x + at, wide, n, min(COLUMNS, inner - j), sums);
    }
    if (j < inner) sumFew(out + ((<usize>j) << 2), x + ((<usize>j) << 2), wide, n, inner - j);
  }
}

/** Up to four columns, such as a whole row's sum. */
function sumFew(out: usize, x: usize, wide: usize, n: i32, columns: i32): void {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; n > 0; n--, x += wide) {
    const v = get(x);
    low = f64x2.add(low, promoteLow(v));
    high = f64x2.add(high, promoteHigh(v));
  }
  addSums(out, low, high, columns);
}

function sumColumns(out: usize, x: usize, wide: usize, n: i32, columns: i32, sums: usize): void {
  const end = sums + ((<usize>((columns + 3) & ~3)) << 3);
  memory.fill(sums, 0, end - sums);
  for (; n >= 4; n -= 4, x += wide << 2) addFourRows(sums, end, x, wide);
  for (; n > 0; n--, x += wide) {
    for (let to = sums, from = x; to < end; to += 32, from += 16) {
      const v = v128.load(from);
      v128.store(to, f64x2.add(v128.load(to), promoteLow(v)));
      v128.store(to, f64x2.add(v128.load(to, 16), promoteHigh(v)), 16);
    }
  }
  for (; columns > 0; columns -= 4, out += 16, sums += 32) addSums(out, v128.load(sums), v128.load(sums, 16), columns);
}

function addSums(out: usize, low: v128, high: v128, columns: i32): void {
  const held = get(out);
  put(out, demote(f64x2.add(promoteLow(held), low), f64x2.add(promoteHigh(held), high)), columns);
}

/** One after the other, as everywhere; but the sums are read and written once. */
function addFourRows(sums: usize, end: usize, x: usize, wide: usize): void {
  let x1 = x + wide;
  let x2 = x1 + wide;
  let x3 = x2 + wide;
  for (; sums < end; sums += 32, x += 16, x1 += 16, x2 += 16, x3 += 16) {
    let low = v128.load(sums);
    let high = v128.load(sums, 16);
    let v = v128.load(x);
    low = f64x2.add(low, promoteLow(v));
    high = f64x2.add(high, promoteHigh(v));
    v = v128.load(x1);
    low = f64x2.add(low, promoteLow(v));
    high = f64x2.add(high, promoteHigh(v));
    v = v128.load(x2);
    low = f64x2.add(low, promoteLow(v));
    high = f64x2.add(high, promoteHigh(v));
    v = v128.load(x3);
    low = f64x2.add(low, promoteLow(v));
    high = f64x2.add(high, promoteHigh(v));
    v128.store(sums, low);
    v128.store(sums, high, 16);
  }
}

/** Row by row as in the reference; a row in eight lanes, element i in lane i mod 8. With `rows` at 0, of all rows. */
export function sumOfSquares(x: usize, rows: usize, count: i32, n: i32, total: f64): f64 {
  for (let r = 0; r < count; r++) {
    const row = rows === 0 ? r : i32.load(rows + ((<usize>r) << 2));
    total += sumRow(x + ((<usize>row * <usize>n) << 2), n);
  }
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
