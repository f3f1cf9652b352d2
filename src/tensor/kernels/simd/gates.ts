// AssemblyScript. The loops of ../js/recurrent.ts; equations and shapes stand there. `wide` is H floats in bytes.
import { sigmoid4, tanh4 } from "./math";
import { get, put } from "./vector";

export function rnnForward(h: usize, gates: usize, gh: usize, n: i32, isRelu: bool): void {
  const zero = f32x4.splat(0);
  for (; n > 0; n -= 4, h += 16, gates += 16, gh += 16) {
    const x = f32x4.add(get(gates), get(gh));
    const y = isRelu ? f32x4.max(x, zero) : tanh4(x);
    put(gates, y, n);
    put(h, y, n);
  }
}

export function rnnBackward(dgates: usize, dh: usize, gates: usize, n: i32, isRelu: bool): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (; n > 0; n -= 4, dgates += 16, dh += 16, gates += 16) {
    const y = get(gates);
    const dy = get(dh);
    put(dgates, isRelu ? v128.and(dy, f32x4.gt(y, zero)) : f32x4.mul(dy, f32x4.sub(one, f32x4.mul(y, y))), n);
    put(dh, zero, n);
  }
}

export function gruForward(h: usize, hn: usize, gates: usize, gh: usize, rows: i32, hidden: i32): void {
  const wide = (<usize>hidden) << 2;
  const one = f32x4.splat(1);
  for (let b = 0; b < rows; b++) {
    for (let j: usize = 0, left = hidden; left > 0; j += 16, left -= 4) {
      const ir = gates + j;
      const iz = ir + wide;
      const inn = iz + wide;
      const hr = gh + j;
      const r = sigmoid4(f32x4.add(get(ir), get(hr)));
      const z = sigmoid4(f32x4.add(get(iz), get(hr + wide)));
      const projected = get(hr + wide + wide);
      const n = tanh4(f32x4.add(get(inn), f32x4.mul(r, projected)));
      put(ir, r, left);
      put(iz, z, left);
      put(inn, n, left);
      put(hn + j, projected, left);
      put(h + j, f32x4.add(f32x4.mul(f32x4.sub(one, z), n), f32x4.mul(z, get(h + j))), left);
    }
    h += wide;
    hn += wide;
    gates += 3 * wide;
    gh += 3 * wide;
  }
}

export function gruBackward(
  dgates: usize,
  dgh: usize,
  dh: usize,
  gates: usize,
  hn: usize,
  hPrev: usize,
  rows: i32,
  hidden: i32,
): void {
  const wide = (<usize>hidden) << 2;
  const one = f32x4.splat(1);
  for (let b = 0; b < rows; b++) {
    for (let j: usize = 0, left = hidden; left > 0; j += 16, left -= 4) {
      const at = gates + j;
      const r = get(at);
      const z = get(at + wide);
      const n = get(at + wide + wide);
      const d = get(dh + j);
      const rest = f32x4.sub(one, z);
      const dn = f32x4.mul(f32x4.mul(d, rest), f32x4.sub(one, f32x4.mul(n, n)));
      const dz = f32x4.mul(f32x4.mul(f32x4.mul(d, f32x4.sub(get(hPrev + j), n)), z), rest);
      const dr = f32x4.mul(f32x4.mul(f32x4.mul(dn, get(hn + j)), r), f32x4.sub(one, r));
      put(dgates + j, dr, left);
      put(dgates + j + wide, dz, left);
      put(dgates + j + wide + wide, dn, left);
      put(dgh + j, dr, left);
      put(dgh + j + wide, dz, left);
      put(dgh + j + wide + wide, f32x4.mul(dn, r), left);
      put(dh + j, f32x4.mul(d, z), left);
    }
    dh += wide;
    hn += wide;
    hPrev += wide;
    gates += 3 * wide;
    dgates += 3 * wide;
    dgh += 3 * wide;
  }
}

export function lstmForward(h: usize, c: usize, tanhC: usize, gates: usize, gh: usize, rows: i32, hidden: i32): void {
  const wide = (<usize>hidden) << 2;
  for (let b = 0; b < rows; b++) {
    for (let j: usize = 0, left = hidden; left > 0; j += 16, left -= 4) {
      const ii = gates + j;
      const jf = ii + wide;
      const ig = jf + wide;
      const io = ig + wide;
      const hi = gh + j;
      const i = sigmoid4(f32x4.add(get(ii), get(hi)));
      const f = sigmoid4(f32x4.add(get(jf), get(hi + wide)));
      const g = tanh4(f32x4.add(get(ig), get(hi + 2 * wide)));
      const o = sigmoid4(f32x4.add(get(io), get(hi + 3 * wide)));
      put(ii, i, left);
      put(jf, f, left);
      put(ig, g, left);
      put(io, o, left);
      const cell = f32x4.add(f32x4.mul(f, get(c + j)), f32x4.mul(i, g));
      const squashed = tanh4(cell);
      put(c + j, cell, left);
      put(tanhC + j, squashed, left);
      put(h + j, f32x4.mul(o, squashed), left);
    }
    h += wide;
    c += wide;
    tanhC += wide;
    gates += wide << 2;
    gh += wide << 2;
  }
}

export function lstmBackward(
  dgates: usize,
  dh: usize,
  dc: usize,
  gates: usize,
  tanhC: usize,
  cPrev: usize,
  rows: i32,
  hidden: i32,
): void {
  const wide = (<usize>hidden) << 2;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let b = 0; b < rows; b++) {
    for (let j: usize = 0, left = hidden; left > 0; j += 16, left -= 4) {
      const at = gates + j;
      const i = get(at);
      const f = get(at + wide);
      const g = get(at + 2 * wide);
      const o = get(at + 3 * wide);
      const t = get(tanhC + j);
      const d = get(dh + j);
      const dcell = f32x4.add(get(dc + j), f32x4.mul(f32x4.mul(d, o), f32x4.sub(one, f32x4.mul(t, t))));
      const to = dgates + j;
      put(to, f32x4.mul(f32x4.mul(f32x4.mul(dcell, g), i), f32x4.sub(one, i)), left);
      put(to + wide, f32x4.mul(f32x4.mul(f32x4.mul(dcell, get(cPrev + j)), f), f32x4.sub(one, f)), left);
      put(to + 2 * wide, f32x4.mul(f32x4.mul(dcell, i), f32x4.sub(one, f32x4.mul(g, g))), left);
      put(to + 3 * wide, f32x4.mul(f32x4.mul(f32x4.mul(d, t), o), f32x4.sub(one, o)), left);
      put(dc + j, f32x4.mul(dcell, f), left);
      put(dh + j, zero, left);
    }
    dh += wide;
    dc += wide;
    tanhC += wide;
    cPrev += wide;
    gates += wide << 2;
    dgates += wide << 2;
  }
}
