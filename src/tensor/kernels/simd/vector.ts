// AssemblyScript. Addresses and strides are in bytes, counts in elements.

/** Four floats from `p`; those past an array's end are read, and never used: memory ends with a margin. */
export function get(p: usize): v128 {
  return v128.load(p);
}

/** Writes the first `left` floats of `v`, at most four. */
export function put(p: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(p, v);
  else putSome(p, v, left);
}

function putSome(p: usize, v: v128, left: i32): void {
  if (left > 0) v128.store_lane<f32>(p, v, 0);
  if (left > 1) v128.store_lane<f32>(p, v, 1, 4);
  if (left > 2) v128.store_lane<f32>(p, v, 2, 8);
}

/** c + a · b: rounded once where the runtime has relaxed SIMD and this binary was compiled for it, else twice. */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/** The first `left` lanes of v, the others of `rest`. */
export function firstLanes(v: v128, left: i32, rest: v128): v128 {
  if (left >= 4) return v;
  return v128.bitselect(v, rest, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left)));
}

/** The first two floats as doubles. */
export function promoteLow(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** The last two floats as doubles. */
export function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

/** Two pairs of doubles as four floats. */
export function demote(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

export function sumOfPairs(a: v128, b: v128): f64 {
  const pair = f64x2.add(a, b);
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}
