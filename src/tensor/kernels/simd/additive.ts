// AssemblyScript. The additive scores of ../js/attention.ts; equations, shapes and strides as there and in attention.ts.
import { tanhTerm4 } from "./math";
import { firstLanes, get, put } from "./vector";

/** Lanes run along the width: element i goes to lane i mod 4, and the four lanes are summed at the end. */
export function additiveScores(
  scores: usize,
  query: usize,
  keys: usize,
  v: usize,
  columns: usize,
  lengths: usize,
  rows: i32,
  steps: i32,
  places: i32,
  allRows: i32,
  sentences: i32,
  width: i32,
): void {
  const wide = (<usize>width) << 2;
  const across = (<usize>places) << 2;
  for (; rows > 0; rows--, columns += 4, lengths += 4, scores += across, query += wide) {
    const own = keys + <usize>i32.load(columns) * wide;
    const n = i32.load(lengths);
    for (let t = 0, q = query, row = scores; t < steps; t++, q += wide * allRows, row += across * allRows) {
      for (let s = 0, at = row, key = own; s < n; s++, at += 4, key += wide * sentences) {
        f32.store(at, f32.load(at) + additiveScore(q, key, v, width));
      }
    }
  }
}

function additiveScore(query: usize, key: usize, v: usize, n: i32): f32 {
  const zero = f32x4.splat(0);
  let total = zero;
  for (let p: usize = 0; n > 0; p += 16, n -= 4) {
    const term = f32x4.mul(get(v + p), tanhTerm4(f32x4.add(get(query + p), get(key + p))));
    total = f32x4.add(total, firstLanes(term, n, zero));
  }
  const pair = f32x4.add(total, v128.shuffle<f32>(total, total, 2, 3, 0, 1));
  return f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1);
}

/** Lanes run across the width. Every sum is added to as it grows: Σₛ within a step, Σₜ step by step. */
export function additiveScoresBackward(
  dquery: usize,
  dkeys: usize,
  dv: usize,
  dscores: usize,
  query: usize,
  keys: usize,
  v: usize,
  columns: usize,
  lengths: usize,
  rows: i32,
  steps: i32,
  places: i32,
  allRows: i32,
  sentences: i32,
  width: i32,
): void {
  const wide = (<usize>width) << 2;
  const across = (<usize>places) << 2;
  const nextStep = wide * allRows;
  const nextPlace = wide * sentences;
  const one = f32x4.splat(1);
  for (; rows > 0; rows--, columns += 4, lengths += 4) {
    const own = <usize>i32.load(columns) * wide;
    const n = i32.load(lengths);
    for (let p: usize = 0, left = width; left > 0; p += 16, left -= 4) {
      const factor = get(v + p);
      let dFactor = get(dv + p);
      let q = p;
      for (let t = 0, row = dscores; t < steps; t++, q += nextStep, row += across * allRows) {
        const x = get(query + q);
        let dx = get(dquery + q);
        let key = own + p;
        for (let s = 0, at = row; s < n; s++, at += 4, key += nextPlace) {
          const y = tanhTerm4(f32x4.add(x, get(keys + key)));
          const dscore = v128.load32_splat(at);
          const du = f32x4.mul(f32x4.mul(dscore, factor), f32x4.sub(one, f32x4.mul(y, y)));
          dx = f32x4.add(dx, du);
          put(dkeys + key, f32x4.add(get(dkeys + key), du), left);
          dFactor = f32x4.add(dFactor, f32x4.mul(dscore, y));
        }
        put(dquery + q, dx, left);
      }
      put(dv + p, dFactor, left);
    }
    dquery += wide;
    query += wide;
    dv += wide;
    dscores += across;
  }
}
