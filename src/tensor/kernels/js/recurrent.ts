/**
 * The gates of one time step of RNN, GRU and LSTM: everything but the matrix products.
 *
 * Letters: b rows, H hidden size. On entry `gates` holds the step's input projection x·Wᵢₕᵀ + bᵢₕ and `gh` the hidden
 * projection h·Wₕₕᵀ + bₕₕ, both [b, G·H] with the gates side by side; on return `gates` holds the activated gates, which
 * the backward needs. `h` [b, H] is updated in place, and so is the LSTM's cell state `c`.
 */
import type { FloatArray } from "../../storage.js";

/** h = tanh(gates + gh), or relu(gates + gh).  G = 1 */
export function rnnForward(h: FloatArray, gates: FloatArray, gh: FloatArray, isRelu: boolean): void {
  for (let i = 0; i < h.length; i++) {
    const x = gates[i] + gh[i];
    const y = isRelu ? Math.max(x, 0) : Math.tanh(x);
    gates[i] = y;
    h[i] = y;
  }
}

/** dgates = dh · (1 − h²), or dh where h > 0; afterwards dh holds what reaches h(t−1) directly: nothing. */
export function rnnBackward(dgates: FloatArray, dh: FloatArray, gates: FloatArray, isRelu: boolean): void {
  for (let i = 0; i < dh.length; i++) {
    const y = gates[i];
    dgates[i] = isRelu ? (y > 0 ? dh[i] : 0) : dh[i] * (1 - y * y);
    dh[i] = 0;
  }
}

/**
 * r = σ(gates_r + gh_r),  z = σ(gates_z + gh_z),  n = tanh(gates_n + r · gh_n),  h = (1 − z) · n + z · h(t−1)
 * G = 3, in the order r, z, n.  hn [b, H] keeps gh_n for the backward.
 */
export function gruForward(
  h: FloatArray,
  hn: FloatArray,
  gates: FloatArray,
  gh: FloatArray,
  rows: number,
  hidden: number,
): void {
  for (let b = 0; b < rows; b++) {
    const at = b * 3 * hidden;
    for (let j = 0; j < hidden; j++) {
      const ir = at + j;
      const iz = ir + hidden;
      const inn = iz + hidden;
      const i = b * hidden + j;
      const r = 1 / (1 + Math.exp(-(gates[ir] + gh[ir])));
      const z = 1 / (1 + Math.exp(-(gates[iz] + gh[iz])));
      const n = Math.tanh(gates[inn] + r * gh[inn]);
      gates[ir] = r;
      gates[iz] = z;
      gates[inn] = n;
      hn[i] = gh[inn];
      h[i] = (1 - z) * n + z * h[i];
    }
  }
}

/**
 * With a = the sum inside each activation:
 * da_n = dh · (1 − z) · (1 − n²),  da_z = dh · (h(t−1) − n) · z · (1 − z),  da_r = da_n · gh_n · r · (1 − r)
 * dgates = (da_r, da_z, da_n),  dgh = (da_r, da_z, da_n · r);  afterwards dh = dh · z, what reaches h(t−1) directly.
 */
export function gruBackward(
  dgates: FloatArray,
  dgh: FloatArray,
  dh: FloatArray,
  gates: FloatArray,
  hn: FloatArray,
  hPrev: FloatArray,
  rows: number,
  hidden: number,
): void {
  for (let b = 0; b < rows; b++) {
    const at = b * 3 * hidden;
    for (let j = 0; j < hidden; j++) {
      const ir = at + j;
      const iz = ir + hidden;
      const inn = iz + hidden;
      const i = b * hidden + j;
      const r = gates[ir];
      const z = gates[iz];
      const n = gates[inn];
      const dn = dh[i] * (1 - z) * (1 - n * n);
      const dz = dh[i] * (hPrev[i] - n) * z * (1 - z);
      const dr = dn * hn[i] * r * (1 - r);
      dgates[ir] = dr;
      dgates[iz] = dz;
      dgates[inn] = dn;
      dgh[ir] = dr;
      dgh[iz] = dz;
      dgh[inn] = dn * r;
      dh[i] *= z;
    }
  }
}

/**
 * i, f, o = σ(gates + gh),  g = tanh(gates_g + gh_g),  c = f · c(t−1) + i · g,  h = o · tanh(c)
 * G = 4, in the order i, f, g, o.  tanhC [b, H] keeps tanh(c) for the backward.
 */
export function lstmForward(
  h: FloatArray,
  c: FloatArray,
  tanhC: FloatArray,
  gates: FloatArray,
  gh: FloatArray,
  rows: number,
  hidden: number,
): void {
  for (let b = 0; b < rows; b++) {
    const at = b * 4 * hidden;
    for (let j = 0; j < hidden; j++) {
      const ii = at + j;
      const jf = ii + hidden;
      const ig = jf + hidden;
      const io = ig + hidden;
      const k = b * hidden + j;
      const i = 1 / (1 + Math.exp(-(gates[ii] + gh[ii])));
      const f = 1 / (1 + Math.exp(-(gates[jf] + gh[jf])));
      const g = Math.tanh(gates[ig] + gh[ig]);
      const o = 1 / (1 + Math.exp(-(gates[io] + gh[io])));
      gates[ii] = i;
      gates[jf] = f;
      gates[ig] = g;
      gates[io] = o;
      const cell = f * c[k] + i * g;
      const squashed = Math.tanh(cell);
      c[k] = cell;
      tanhC[k] = squashed;
      h[k] = o * squashed;
    }
  }
}

/**
 * dc' = dc + dh · o · (1 − tanh²c);  da_i = dc' · g · i(1 − i),  da_f = dc' · c(t−1) · f(1 − f),  da_g = dc' · i · (1 − g²),
 * da_o = dh · tanh c · o(1 − o);  dgates = (da_i, da_f, da_g, da_o);  afterwards dc = dc' · f, and dh = 0.
 */
export function lstmBackward(
  dgates: FloatArray,
  dh: FloatArray,
  dc: FloatArray,
  gates: FloatArray,
  tanhC: FloatArray,
  cPrev: FloatArray,
  rows: number,
  hidden: number,
): void {
  for (let b = 0; b < rows; b++) {
    const at = b * 4 * hidden;
    for (let j = 0; j < hidden; j++) {
      const ii = at + j;
      const jf = ii + hidden;
      const ig = jf + hidden;
      const io = ig + hidden;
      const k = b * hidden + j;
      const i = gates[ii];
      const f = gates[jf];
      const g = gates[ig];
      const o = gates[io];
      const t = tanhC[k];
      const dcell = dc[k] + dh[k] * o * (1 - t * t);
      dgates[ii] = dcell * g * i * (1 - i);
      dgates[jf] = dcell * cPrev[k] * f * (1 - f);
      dgates[ig] = dcell * i * (1 - g * g);
      dgates[io] = dh[k] * t * o * (1 - o);
      dc[k] = dcell * f;
      dh[k] = 0;
    }
  }
}
