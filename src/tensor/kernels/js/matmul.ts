/**
 * The three products of a linear layer, forward (A·Bᵀ) and backward (A·B, Aᵀ·B). All add to C, or start from a row.
 *
 * Letters: C [m, n], k the length of the sum. The right operand is first packed into panels of 4 columns, so that the
 * inner loop reads it in a straight line; then a 4×4 tile of C is kept in local variables while k runs. Each element's
 * sum starts at 0, runs over k in order, and is added to C once: so its bits depend on k alone, never on m, n, or
 * where the tile's edge falls.
 */
import { allocate, dtypeOf, type FloatArray } from "../../storage.js";

const WIDTH = 4;

/** A right operand, [k, n], laid out in panels of 4 columns: [⌈n/4⌉][k][4], the last one filled up with zeros. */
export interface Packed {
  readonly data: FloatArray;
  readonly k: number;
  readonly n: number;
}

/** Packs B, stored as [k, n]; `place` decides how long the panels live, by default as what an op makes. */
export function pack(b: FloatArray, k: number, n: number, place = allocate): Packed {
  return packStrided(b, k, n, n, 1, place);
}

/** Packs Bᵀ of a B stored as [n, k], such as a weight [outFeatures, inFeatures]. */
export function packTransposed(b: FloatArray, k: number, n: number, place = allocate): Packed {
  return packStrided(b, k, n, 1, k, place);
}

function packStrided(
  b: FloatArray,
  k: number,
  n: number,
  rowStep: number,
  columnStep: number,
  place: typeof allocate,
): Packed {
  const panels = Math.ceil(n / WIDTH);
  const data = place(panels * WIDTH * k, dtypeOf(b));
  for (let j = 0; j < n; j += WIDTH) {
    const columns = Math.min(WIDTH, n - j);
    for (let p = 0; p < k; p++) {
      const from = p * rowStep + j * columnStep;
      for (let c = 0; c < columns; c++) data[j * k + p * WIDTH + c] = b[from + c * columnStep];
    }
  }
  return { data, k, n };
}

/**
 * C += A · B for a packed B: pack a weight once, multiply by it many times.  a [m, k], c [m, n]
 * Given a `row` [n], every row of C starts from it, whatever C holds.
 */
export function matmulPacked(c: FloatArray, a: FloatArray, b: Packed, m: number, row?: FloatArray): void {
  const { data, k, n } = b;
  if (row) fillRows(c, row, m);
  for (let j = 0; j < n; j += WIDTH) {
    const columns = Math.min(WIDTH, n - j);
    let i = 0;
    for (; i + 4 <= m; i += 4) tile4(c, i * n + j, n, a, i * k, data, j * k, k, columns);
    for (; i < m; i++) tile1(c, i * n + j, a, i * k, data, j * k, k, columns);
  }
}

/** C += A · B.  a [m, k], b [k, n]; a `row` as in `matmulPacked` */
export function matmul(
  c: FloatArray,
  a: FloatArray,
  b: FloatArray,
  m: number,
  k: number,
  n: number,
  row?: FloatArray,
): void {
  matmulPacked(c, a, pack(b, k, n), m, row);
}

/** C += A · Bᵀ.  a [m, k], b [n, k]; a `row` as in `matmulPacked` */
export function matmulNT(
  c: FloatArray,
  a: FloatArray,
  b: FloatArray,
  m: number,
  k: number,
  n: number,
  row?: FloatArray,
): void {
  if (m >= 4) matmulPacked(c, a, packTransposed(b, k, n), m, row);
  else {
    if (row) fillRows(c, row, m);
    matrixVector(c, a, b, m, k, n);
  }
}

/** C += Aᵀ · B.  a [k, m], b [k, n]; a `row` as in `matmulPacked` */
export function matmulTN(
  c: FloatArray,
  a: FloatArray,
  b: FloatArray,
  m: number,
  k: number,
  n: number,
  row?: FloatArray,
): void {
  const rows = a instanceof Float64Array ? new Float64Array(m * k) : new Float32Array(m * k); // Aᵀ
  for (let p = 0; p < k; p++) for (let i = 0; i < m; i++) rows[i * k + p] = a[p * m + i];
  matmulPacked(c, rows, pack(b, k, n), m, row);
}

function fillRows(c: FloatArray, row: FloatArray, m: number): void {
  for (let i = 0; i < m; i++) c.set(row, i * row.length);
}

/** A·Bᵀ for a few rows of A, where packing B would cost as much as the product. */
function matrixVector(c: FloatArray, a: FloatArray, b: FloatArray, m: number, k: number, n: number): void {
  for (let i = 0; i < m; i++) {
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      let s0 = 0,
        s1 = 0,
        s2 = 0,
        s3 = 0;
      let b0 = j * k,
        b1 = b0 + k,
        b2 = b1 + k,
        b3 = b2 + k;
      for (let p = i * k; p < (i + 1) * k; p++) {
        const x = a[p];
        s0 += x * b[b0++];
        s1 += x * b[b1++];
        s2 += x * b[b2++];
        s3 += x * b[b3++];
      }
      addRow(c, i * n + j, 4, s0, s1, s2, s3);
    }
    for (; j < n; j++) {
      let s = 0;
      for (let p = 0; p < k; p++) s += a[i * k + p] * b[j * k + p];
      c[i * n + j] += s;
    }
  }
}

function tile4(
  c: FloatArray,
  at: number,
  n: number,
  a: FloatArray,
  row: number,
  panel: FloatArray,
  start: number,
  k: number,
  columns: number,
): void {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0;
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0;
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  let a0 = row,
    a1 = a0 + k,
    a2 = a1 + k,
    a3 = a2 + k;
  for (let q = start, end = start + WIDTH * k; q < end; q += WIDTH) {
    const b0 = panel[q],
      b1 = panel[q + 1],
      b2 = panel[q + 2],
      b3 = panel[q + 3];
    let x = a[a0++];
    s00 += x * b0;
    s01 += x * b1;
    s02 += x * b2;
    s03 += x * b3;
    x = a[a1++];
    s10 += x * b0;
    s11 += x * b1;
    s12 += x * b2;
    s13 += x * b3;
    x = a[a2++];
    s20 += x * b0;
    s21 += x * b1;
    s22 += x * b2;
    s23 += x * b3;
    x = a[a3++];
    s30 += x * b0;
    s31 += x * b1;
    s32 += x * b2;
    s33 += x * b3;
  }
  addRow(c, at, columns, s00, s01, s02, s03);
  addRow(c, at + n, columns, s10, s11, s12, s13);
  addRow(c, at + 2 * n, columns, s20, s21, s22, s23);
  addRow(c, at + 3 * n, columns, s30, s31, s32, s33);
}

function tile1(
  c: FloatArray,
  at: number,
  a: FloatArray,
  row: number,
  panel: FloatArray,
  start: number,
  k: number,
  columns: number,
): void {
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  for (let p = 0, q = start; p < k; p++, q += WIDTH) {
    const x = a[row + p];
    s0 += x * panel[q];
    s1 += x * panel[q + 1];
    s2 += x * panel[q + 2];
    s3 += x * panel[q + 3];
  }
  addRow(c, at, columns, s0, s1, s2, s3);
}

/** Adds one row of a tile to C; past C's edge there is nothing to add to. */
function addRow(c: FloatArray, at: number, columns: number, s0: number, s1: number, s2: number, s3: number): void {
  c[at] += s0;
  if (columns > 1) c[at + 1] += s1;
  if (columns > 2) c[at + 2] += s2;
  if (columns > 3) c[at + 3] += s3;
}
