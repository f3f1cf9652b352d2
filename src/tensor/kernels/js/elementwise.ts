/**
 * Loops that treat every element alike. Output first; forward kernels write `out`, backward kernels add to `dx`.
 * All arrays of a call have the same length: broadcasting is done before, by `addStrided`.
 */
import type { FloatArray } from "../../storage.js";

/** out = 0 */
export function zero(out: FloatArray): void {
  out.fill(0);
}

/** out = x */
export function copy(out: FloatArray, x: FloatArray): void {
  out.set(x);
}

/** out = a + b */
export function add(out: FloatArray, a: FloatArray, b: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
}

/** out = a − b */
export function sub(out: FloatArray, a: FloatArray, b: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i];
}

/** out = a · b */
export function mul(out: FloatArray, a: FloatArray, b: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i];
}

/** out = a / b */
export function div(out: FloatArray, a: FloatArray, b: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] / b[i];
}

/** dx += scale · dy. The backward of + (1), − (1 and −1), and of a product with a number. */
export function addScaled(dx: FloatArray, dy: FloatArray, scale: number): void {
  for (let i = 0; i < dx.length; i++) dx[i] += scale * dy[i];
}

/** dx += dy · factor. The backward of a · b towards a (factor b), of exp (factor y), of dropout (factor the mask). */
export function addProduct(dx: FloatArray, dy: FloatArray, factor: FloatArray): void {
  for (let i = 0; i < dx.length; i++) dx[i] += dy[i] * factor[i];
}

/** dx += dy / divisor. The backward of a / b towards a (divisor b), of log (divisor x). */
export function addQuotient(dx: FloatArray, dy: FloatArray, divisor: FloatArray): void {
  for (let i = 0; i < dx.length; i++) dx[i] += dy[i] / divisor[i];
}

/** y = a / b:  db −= dy · y / b */
export function divBackwardDivisor(db: FloatArray, dy: FloatArray, y: FloatArray, b: FloatArray): void {
  for (let i = 0; i < db.length; i++) db[i] -= (dy[i] * y[i]) / b[i];
}

/** out = scale · x + shift: everything an operand that is a plain number can do with + − and ·. */
export function affine(out: FloatArray, x: FloatArray, scale: number, shift: number): void {
  for (let i = 0; i < out.length; i++) out[i] = scale * x[i] + shift;
}

/** out = eˣ; its backward is `addProduct` with y. */
export function exp(out: FloatArray, x: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i]);
}

/** out = ln x; its backward is `addQuotient` with x. */
export function log(out: FloatArray, x: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.log(x[i]);
}

/** out = √x */
export function sqrt(out: FloatArray, x: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i]);
}

/** dx += dy / (2 y) */
export function sqrtBackward(dx: FloatArray, dy: FloatArray, y: FloatArray): void {
  for (let i = 0; i < dx.length; i++) dx[i] += dy[i] / (2 * y[i]);
}

/** out = x^exponent */
export function pow(out: FloatArray, x: FloatArray, exponent: number): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] ** exponent;
}

/** dx += dy · exponent · x^(exponent − 1) */
export function powBackward(dx: FloatArray, dy: FloatArray, x: FloatArray, exponent: number): void {
  if (exponent === 0) return; // 0 · x⁻¹ is NaN at x = 0, where the derivative is 0
  for (let i = 0; i < dx.length; i++) dx[i] += dy[i] * exponent * x[i] ** (exponent - 1);
}

/** out = tanh x */
export function tanh(out: FloatArray, x: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.tanh(x[i]);
}

/** dx += dy · (1 − y²) */
export function tanhBackward(dx: FloatArray, dy: FloatArray, y: FloatArray): void {
  for (let i = 0; i < dx.length; i++) dx[i] += dy[i] * (1 - y[i] * y[i]);
}

/** out = σ(x) = 1 / (1 + e⁻ˣ); e⁻ˣ overflows to ∞ for very negative x, and 1/∞ is the right 0. */
export function sigmoid(out: FloatArray, x: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = 1 / (1 + Math.exp(-x[i]));
}

/** dx += dy · y · (1 − y) */
export function sigmoidBackward(dx: FloatArray, dy: FloatArray, y: FloatArray): void {
  for (let i = 0; i < dx.length; i++) dx[i] += dy[i] * y[i] * (1 - y[i]);
}

/** out = max(x, 0); NaN stays NaN, so that a broken value is seen. */
export function relu(out: FloatArray, x: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i], 0);
}

/** dx += dy where y > 0; the derivative at 0 is taken as 0. */
export function reluBackward(dx: FloatArray, dy: FloatArray, y: FloatArray): void {
  for (let i = 0; i < dx.length; i++) if (y[i] > 0) dx[i] += dy[i];
}

/** out = value where mask is not 0, else x */
export function maskedFill(out: FloatArray, x: FloatArray, mask: FloatArray, value: number): void {
  for (let i = 0; i < out.length; i++) out[i] = mask[i] !== 0 ? value : x[i];
}

/** dx += dy where mask is 0 */
export function maskedFillBackward(dx: FloatArray, dy: FloatArray, mask: FloatArray): void {
  for (let i = 0; i < dx.length; i++) if (mask[i] === 0) dx[i] += dy[i];
}

/** out = |x|; NaN stays NaN. */
export function abs(out: FloatArray, x: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i]);
}

/** dx += dy · sign x; the derivative at 0 is taken as 0. */
export function absBackward(dx: FloatArray, dy: FloatArray, x: FloatArray): void {
  for (let i = 0; i < dx.length; i++) {
    if (x[i] > 0) dx[i] += dy[i];
    else if (x[i] < 0) dx[i] -= dy[i];
  }
}

/** out = min(max(x, low), high): `high` wins where the two cross. NaN stays NaN, and one among the bounds spreads. */
export function clamp(out: FloatArray, x: FloatArray, low: number, high: number): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(x[i], low), high);
}

/** dx += dy where low ≤ x ≤ high */
export function clampBackward(dx: FloatArray, dy: FloatArray, x: FloatArray, low: number, high: number): void {
  for (let i = 0; i < dx.length; i++) if (x[i] >= low && x[i] <= high) dx[i] += dy[i];
}

/** out = x where condition is not 0, else y */
export function where(out: FloatArray, condition: FloatArray, x: FloatArray, y: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = condition[i] !== 0 ? x[i] : y[i];
}

/** dx += dy where condition is not 0. The backward of `where` towards x; towards y it is `maskedFillBackward`. */
export function whereBackward(dx: FloatArray, dy: FloatArray, condition: FloatArray): void {
  for (let i = 0; i < dx.length; i++) if (condition[i] !== 0) dx[i] += dy[i];
}
