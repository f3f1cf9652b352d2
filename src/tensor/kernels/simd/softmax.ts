// AssemblyScript. The loops of ../js/softmax.ts; equations and shapes stand there.
//
// A row's sums are kept in double precision, in four lanes: element i goes to lane i mod 4, wherever the row stands.
import { expTerm4 } from "./math";
import { firstLanes, get, promoteHigh, promoteLow, put, sumOfPairs } from "./vector";

/** The natural logarithm, from JavaScript: once a row. */
declare function log(x: f64): f64;

export function softmax(y: usize, x: usize, rows: i32, n: i32): void {
  const wide = (<usize>n) << 2;
  for (; rows > 0; rows--, y += wide, x += wide) {
    const top = f32x4.splat(rowMax(x, n));
    const total = f32x4.splat(<f32>sumExp(y, x, top, n));
    for (let p: usize = 0, left = n; left > 0; p += 16, left -= 4) put(y + p, f32x4.div(get(y + p), total), left);
  }
}

export function softmaxBackward(dx: usize, dy: usize, y: usize, rows: i32, n: i32): void {
  const zero = f32x4.splat(0);
  const wide = (<usize>n) << 2;
  for (; rows > 0; rows--, dx += wide, dy += wide, y += wide) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let p: usize = 0, left = n; left > 0; p += 16, left -= 4) {
      const product = firstLanes(f32x4.mul(get(dy + p), get(y + p)), left, zero);
      low = f64x2.add(low, promoteLow(product));
      high = f64x2.add(high, promoteHigh(product));
    }
    const dot = f32x4.splat(<f32>sumOfPairs(low, high));
    for (let p: usize = 0, left = n; left > 0; p += 16, left -= 4) {
      put(dx + p, f32x4.add(get(dx + p), f32x4.mul(get(y + p), f32x4.sub(get(dy + p), dot))), left);
    }
  }
}

/** y = (x − max) − ln Σ e^(x − max): taken off one after the other, so that a y near 0 keeps its digits. */
export function logSoftmax(y: usize, x: usize, rows: i32, n: i32): void {
  const wide = (<usize>n) << 2;
  for (; rows > 0; rows--, y += wide, x += wide) {
    const top = f32x4.splat(rowMax(x, n));
    const logTotal = f32x4.splat(<f32>log(sumExp(0, x, top, n)));
    for (let p: usize = 0, left = n; left > 0; p += 16, left -= 4) {
      put(y + p, f32x4.sub(f32x4.sub(get(x + p), top), logTotal), left);
    }
  }
}

export function logSoftmaxBackward(dx: usize, dy: usize, y: usize, rows: i32, n: i32): void {
  const zero = f32x4.splat(0);
  const wide = (<usize>n) << 2;
  for (; rows > 0; rows--, dx += wide, dy += wide, y += wide) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let p: usize = 0, left = n; left > 0; p += 16, left -= 4) {
      const d = firstLanes(get(dy + p), left, zero);
      low = f64x2.add(low, promoteLow(d));
      high = f64x2.add(high, promoteHigh(d));
    }
    const total = f32x4.splat(<f32>sumOfPairs(low, high));
    for (let p: usize = 0, left = n; left > 0; p += 16, left -= 4) {
      const change = f32x4.sub(get(dy + p), f32x4.mul(expTerm4(get(y + p)), total));
      put(dx + p, f32x4.add(get(dx + p), change), left);
    }
  }
}

/** `lse` is in double precision. */
export function logSumExp(lse: usize, x: usize, rows: i32, n: i32): void {
  const wide = (<usize>n) << 2;
  for (; rows > 0; rows--, x += wide, lse += 8) {
    const top = rowMax(x, n);
    f64.store(lse, abs(top) < Infinity ? lnSumExp(x, n, top) : infiniteSum(x, n, top));
  }
}

export function logSumExpBackward(dx: usize, dlse: usize, lse: usize, x: usize, rows: i32, n: i32): void {
  const wide = (<usize>n) << 2;
  for (; rows > 0; rows--, dx += wide, x += wide, dlse += 4, lse += 8) {
    addTerms(dx, x, n, f64.load(lse), f32.load(dlse));
  }
}

/** `lse` is in double precision; an address of 0 in the place of `p` keeps no softmax. */
export function crossEntropy(
  loss: usize,
  lse: usize,
  p: usize,
  x: usize,
  targets: usize,
  rows: i32,
  n: i32,
  smoothing: f64,
): void {
  const wide = (<usize>n) << 2;
  const step = p === 0 ? 0 : wide;
  for (; rows > 0; rows--, x += wide, p += step, loss += 4, lse += 8, targets += 4) {
    const target = i32.load(targets);
    if (target < 0) {
      f32.store(loss, 0);
      continue;
    }
    const top = rowMax(x, n);
    const total = sumExp(p, x, f32x4.splat(top), n);
    if (p !== 0) scaleRow(p, n, <f32>(1 / total));
    const own = <f64>top + log(total);
    f64.store(lse, own);
    let value = (1 - smoothing) * (own - <f64>f32.load(x + ((<usize>target) << 2)));
    if (smoothing > 0) value += smoothing * (own - sum(x, n) / <f64>n);
    f32.store(loss, <f32>value);
  }
}

export function crossEntropyBackward(
  dx: usize,
  dloss: usize,
  p: usize,
  targets: usize,
  rows: i32,
  n: i32,
  smoothing: f64,
  overwrite: bool,
): void {
  const wide = (<usize>n) << 2;
  const even = f32x4.splat(<f32>(smoothing / <f64>n));
  const rest = <f32>(1 - smoothing);
  for (; rows > 0; rows--, dx += wide, p += wide, dloss += 4, targets += 4) {
    const target = i32.load(targets);
    if (target < 0) {
      if (overwrite) memory.fill(dx, 0, wide);
      continue;
    }
    const scale = f32.load(dloss);
    const scales = f32x4.splat(scale);
    for (let i: usize = 0, left = n; left > 0; i += 16, left -= 4) {
      const change = f32x4.mul(scales, f32x4.sub(get(p + i), even));
      put(dx + i, overwrite ? change : f32x4.add(get(dx + i), change), left);
    }
    const at = dx + ((<usize>target) << 2);
    f32.store(at, f32.load(at) - scale * rest);
  }
}

/** One row: dx += scale · e^(x − lse) */
function addTerms(dx: usize, x: usize, n: i32, lse: f64, scale: f32): void {
  // In two parts, to be taken off one after the other: one float of a large lse would be off by too much for e^.
  const most = <f32>lse;
  const first = f32x4.splat(most);
  const second = f32x4.splat(abs(most) < Infinity ? <f32>(lse - <f64>most) : 0);
  const scales = f32x4.splat(scale);
  for (; n > 0; n -= 4, dx += 16, x += 16) {
    const change = f32x4.mul(scales, expTerm4(f32x4.sub(f32x4.sub(get(x), first), second)));
    put(dx, f32x4.add(get(dx), change), n);
  }
}

/** ln Σ e^x of a row with a finite maximum. */
function lnSumExp(x: usize, n: i32, top: f32): f64 {
  return <f64>top + log(sumExp(0, x, f32x4.splat(top), n));
}

/** The same where the maximum is ∞ or −∞, which is the result; a NaN, too, unlike pmax, `max` passes on. */
function infiniteSum(x: usize, n: i32, top: f32): f64 {
  for (; n > 0; n--, x += 4) top = max(top, f32.load(x));
  return <f64>top;
}

/** One row: p = scale · p */
function scaleRow(p: usize, n: i32, scale: f32): void {
  const scales = f32x4.splat(scale);
  for (; n > 0; n -= 4, p += 16) put(p, f32x4.mul(get(p), scales), n);
}

function rowMax(x: usize, n: i32): f32 {
  const lowest = f32x4.splat(-Infinity);
  let top = lowest;
  let other = lowest;
  // Two at a time, since one has to wait for the comparison before; a NaN is passed over either way.
  for (; n >= 8; n -= 8, x += 32) {
    top = f32x4.pmax(top, v128.load(x));
    other = f32x4.pmax(other, v128.load(x, 16));
  }
  for (; n > 0; n -= 4, x += 16) top = f32x4.pmax(top, firstLanes(get(x), n, lowest));
  top = f32x4.pmax(top, other);
  const a = max(f32x4.extract_lane(top, 0), f32x4.extract_lane(top, 1));
  return max(a, max(f32x4.extract_lane(top, 2), f32x4.extract_lane(top, 3)));
}

/** Σ e^(x − top); the terms are left at `terms` unless that is 0. */
function sumExp(terms: usize, x: usize, top: v128, n: i32): f64 {
  const zero = f32x4.splat(0);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let p: usize = 0; n > 0; p += 16, n -= 4) {
    const e = firstLanes(expTerm4(f32x4.sub(get(x + p), top)), n, zero);
    if (terms !== 0) put(terms + p, e, n);
    low = f64x2.add(low, promoteLow(e));
    high = f64x2.add(high, promoteHigh(e));
  }
  return sumOfPairs(low, high);
}

function sum(x: usize, n: i32): f64 {
  const zero = f32x4.splat(0);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; n > 0; x += 16, n -= 4) {
    const v = firstLanes(get(x), n, zero);
    low = f64x2.add(low, promoteLow(v));
    high = f64x2.add(high, promoteHigh(v));
  }
  return sumOfPairs(low, high);
}
