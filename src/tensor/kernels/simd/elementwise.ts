// AssemblyScript. The loops of ../js/elementwise.ts, four elements at a time; `n` elements. An element's result never
// depends on where in the array it stands: the last few are computed as four, too.
import { exp4, sigmoid4, tanh4 } from "./math";
import { get, put } from "./vector";

export function zero(out: usize, n: i32): void {
  memory.fill(out, 0, (<usize>n) << 2);
}

export function copy(out: usize, x: usize, n: i32): void {
  memory.copy(out, x, (<usize>n) << 2);
}

export function add(out: usize, a: usize, b: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, a += 16, b += 16) put(out, f32x4.add(get(a), get(b)), n);
}

export function sub(out: usize, a: usize, b: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, a += 16, b += 16) put(out, f32x4.sub(get(a), get(b)), n);
}

export function mul(out: usize, a: usize, b: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, a += 16, b += 16) put(out, f32x4.mul(get(a), get(b)), n);
}

export function div(out: usize, a: usize, b: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, a += 16, b += 16) put(out, f32x4.div(get(a), get(b)), n);
}

export function addScaled(dx: usize, dy: usize, n: i32, scale: f32): void {
  const s = f32x4.splat(scale);
  for (; n > 0; n -= 4, dx += 16, dy += 16) put(dx, f32x4.add(get(dx), f32x4.mul(s, get(dy))), n);
}

export function addProduct(dx: usize, dy: usize, factor: usize, n: i32): void {
  for (; n > 0; n -= 4, dx += 16, dy += 16, factor += 16) {
    put(dx, f32x4.add(get(dx), f32x4.mul(get(dy), get(factor))), n);
  }
}

export function addQuotient(dx: usize, dy: usize, divisor: usize, n: i32): void {
  for (; n > 0; n -= 4, dx += 16, dy += 16, divisor += 16) {
    put(dx, f32x4.add(get(dx), f32x4.div(get(dy), get(divisor))), n);
  }
}

export function divBackwardDivisor(db: usize, dy: usize, y: usize, b: usize, n: i32): void {
  for (; n > 0; n -= 4, db += 16, dy += 16, y += 16, b += 16) {
    put(db, f32x4.sub(get(db), f32x4.div(f32x4.mul(get(dy), get(y)), get(b))), n);
  }
}

export function affine(out: usize, x: usize, n: i32, scale: f32, shift: f32): void {
  const s = f32x4.splat(scale);
  const t = f32x4.splat(shift);
  for (; n > 0; n -= 4, out += 16, x += 16) put(out, f32x4.add(f32x4.mul(s, get(x)), t), n);
}

export function exp(out: usize, x: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, x += 16) put(out, exp4(get(x)), n);
}

export function sqrt(out: usize, x: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, x += 16) put(out, f32x4.sqrt(get(x)), n);
}

export function sqrtBackward(dx: usize, dy: usize, y: usize, n: i32): void {
  for (; n > 0; n -= 4, dx += 16, dy += 16, y += 16) {
    const v = get(y);
    put(dx, f32x4.add(get(dx), f32x4.div(get(dy), f32x4.add(v, v))), n);
  }
}

export function tanh(out: usize, x: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, x += 16) put(out, tanh4(get(x)), n);
}

export function tanhBackward(dx: usize, dy: usize, y: usize, n: i32): void {
  const one = f32x4.splat(1);
  for (; n > 0; n -= 4, dx += 16, dy += 16, y += 16) {
    const v = get(y);
    put(dx, f32x4.add(get(dx), f32x4.mul(get(dy), f32x4.sub(one, f32x4.mul(v, v)))), n);
  }
}

export function sigmoid(out: usize, x: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, x += 16) put(out, sigmoid4(get(x)), n);
}

export function sigmoidBackward(dx: usize, dy: usize, y: usize, n: i32): void {
  const one = f32x4.splat(1);
  for (; n > 0; n -= 4, dx += 16, dy += 16, y += 16) {
    const v = get(y);
    put(dx, f32x4.add(get(dx), f32x4.mul(f32x4.mul(get(dy), v), f32x4.sub(one, v))), n);
  }
}

/** `max` rather than the quicker `pmax`: NaN stays NaN and −0 becomes 0, as in the reference. */
export function relu(out: usize, x: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (; n > 0; n -= 4, out += 16, x += 16) put(out, f32x4.max(get(x), zero), n);
}

export function reluBackward(dx: usize, dy: usize, y: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (; n > 0; n -= 4, dx += 16, dy += 16, y += 16) {
    put(dx, f32x4.add(get(dx), v128.and(get(dy), f32x4.gt(get(y), zero))), n);
  }
}

export function maskedFill(out: usize, x: usize, mask: usize, n: i32, value: f32): void {
  const v = f32x4.splat(value);
  const zero = f32x4.splat(0);
  for (; n > 0; n -= 4, out += 16, x += 16, mask += 16) {
    put(out, v128.bitselect(v, get(x), f32x4.ne(get(mask), zero)), n);
  }
}

export function maskedFillBackward(dx: usize, dy: usize, mask: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (; n > 0; n -= 4, dx += 16, dy += 16, mask += 16) {
    put(dx, f32x4.add(get(dx), v128.and(get(dy), f32x4.eq(get(mask), zero))), n);
  }
}
