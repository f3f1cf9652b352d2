// AssemblyScript. e^x, tanh and σ of four floats, relative error below 2e-7; test/tensor/kernels/accuracy.test.ts
// measures it. Coefficients after the Cephes library (Moshier, 1989).

/** Read from memory one by one: built in registers, as literals are, they would cost as much as the arithmetic. */
const CONSTANTS: usize = memory.data<f32>([
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: a table of literals
  -104, 89, 12582912, 1.442695, 0.693359375, 2.1219444e-4, 1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3,
  4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1, 2, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2,
  1.33314422036e-1, -3.33332819422e-1, 0.625, -86, 2.88539008, -60, 60, 1.32647273e-3, 9.67151299e-3, 5.55073358e-2,
  0.240222424, 0.693147004,
]);
const LOWEST: usize = 0;
const HIGHEST: usize = 1;
const MAGIC: usize = 2;
const LOG2_E: usize = 3;
const LN2_FIRST: usize = 4;
const LN2_REST: usize = 5;
const EXP: usize = 6;
const ONE: usize = 12;
const TWO: usize = 13;
const TANH: usize = 14;
const NEAR: usize = 19;
const LOWEST_TERM: usize = 20;
const TWO_LOG2_E: usize = 21;
const LOWEST_POWER: usize = 22;
const HIGHEST_POWER: usize = 23;
const POWER: usize = 24;

function constant(index: usize): v128 {
  return v128.load32_splat(CONSTANTS + (index << 2));
}

/**
 * e^x = 2^n · e^r, n the integer nearest to x / ln 2, so that |r| ≤ ln 2 / 2. Beyond float32's range ∞ or 0, gradually;
 * NaN stays NaN, because pmin and pmax keep their first operand when a comparison fails.
 */
export function exp4(x: v128): v128 {
  const clamped = f32x4.pmin(f32x4.pmax(x, constant(LOWEST)), constant(HIGHEST));
  const shifted = shiftedExponent(clamped);
  const p = mantissa(clamped, shifted);
  // 2^n in two factors: one alone would leave the range of float32 before the result does.
  const exponent = i32x4.sub(shifted, constant(MAGIC));
  const half = i32x4.shr_s(exponent, 1);
  return f32x4.mul(f32x4.mul(p, power2(half)), power2(i32x4.sub(exponent, half)));
}

/**
 * e^x of an x ≤ 0 that is to be added to numbers near 1: 0 below e^−86, which saves a quarter of the work. NaN stays NaN.
 */
export function expTerm4(x: v128): v128 {
  const lowest = constant(LOWEST_TERM);
  const clamped = f32x4.pmax(x, lowest);
  const shifted = shiftedExponent(clamped);
  // n goes straight into the exponent's bits, where nothing else of `shifted` reaches.
  const e = i32x4.add(mantissa(clamped, shifted), i32x4.shl(shifted, 23));
  return v128.andnot(e, f32x4.lt(x, lowest));
}

/** n, the integer nearest to x / ln 2, plus 1.5 · 2²³: adding that rounds, and leaves n in the low bits. */
function shiftedExponent(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, constant(LOG2_E)), constant(MAGIC));
}

/** e^r, r = x − n · ln 2. */
function mantissa(x: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, constant(MAGIC));
  // ln 2 in two parts, the first short enough for n times it to be exact.
  const most = f32x4.sub(x, f32x4.mul(n, constant(LN2_FIRST)));
  const r = f32x4.add(most, f32x4.mul(n, constant(LN2_REST)));
  // 1 + r + r² · (a polynomial of degree 5), in pairs of terms that need not wait for one another (Estrin).
  const square = f32x4.mul(r, r);
  const high = f32x4.add(f32x4.mul(constant(EXP), r), constant(EXP + 1));
  const middle = f32x4.add(f32x4.mul(constant(EXP + 2), r), constant(EXP + 3));
  const low = f32x4.add(f32x4.mul(constant(EXP + 4), r), constant(EXP + 5));
  const q = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(high, square), middle), square), low);
  return f32x4.add(f32x4.add(f32x4.mul(q, square), r), constant(ONE));
}

/** 2^n for integers of float32's normal range. */
function power2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** tanh x = 1 − 2 / (e^2|x| + 1) with the sign of x; near 0, where that would cancel, x + x³ · P(x²). */
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const one = constant(ONE);
  const e = exp4(f32x4.add(size, size));
  const far = f32x4.sub(one, f32x4.div(constant(TWO), f32x4.add(e, one)));
  const z = f32x4.mul(size, size);
  let p = constant(TANH);
  p = f32x4.add(f32x4.mul(p, z), constant(TANH + 1));
  p = f32x4.add(f32x4.mul(p, z), constant(TANH + 2));
  p = f32x4.add(f32x4.mul(p, z), constant(TANH + 3));
  p = f32x4.add(f32x4.mul(p, z), constant(TANH + 4));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), size), size);
  const sign = v128.xor(x, size);
  return v128.or(v128.bitselect(near, far, f32x4.lt(size, constant(NEAR))), sign);
}

/**
 * tanh x that is to be added to numbers near 1: within 2e-7, not of itself but of 1, for half the work of `tanh4`.
 * 1 − 2 / (2^y + 1), y = 2x / ln 2 in an integer n and a rest f of at most ½. NaN stays NaN.
 */
export function tanhTerm4(x: v128): v128 {
  const one = constant(ONE);
  const y = f32x4.pmin(f32x4.pmax(f32x4.mul(x, constant(TWO_LOG2_E)), constant(LOWEST_POWER)), constant(HIGHEST_POWER));
  const shifted = f32x4.add(y, constant(MAGIC));
  const f = f32x4.sub(y, f32x4.sub(shifted, constant(MAGIC)));
  const square = f32x4.mul(f, f);
  const high = f32x4.add(f32x4.mul(constant(POWER), f), constant(POWER + 1));
  const middle = f32x4.add(f32x4.mul(constant(POWER + 2), f), constant(POWER + 3));
  const low = f32x4.add(f32x4.mul(constant(POWER + 4), f), one);
  const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(high, square), middle), square), low);
  const e = i32x4.add(p, i32x4.shl(shifted, 23));
  return f32x4.sub(one, f32x4.div(constant(TWO), f32x4.add(e, one)));
}

/** σ(x) = 1 / (1 + e^−|x|), times e^−|x| for negative x: relative to the last of float32's range on either side. */
export function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const upper = f32x4.div(constant(ONE), f32x4.add(constant(ONE), e));
  return v128.bitselect(f32x4.mul(upper, e), upper, f32x4.lt(x, f32x4.splat(0)));
}
