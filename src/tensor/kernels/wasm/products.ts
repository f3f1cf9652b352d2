import type { FloatArray } from "../../storage.js";
import { allocateUnset } from "../../storage.js";
import type { Kernels } from "../js/index.js";
import * as js from "../js/matmul.js";
import { type Call, isDouble } from "./call.js";
import type { Threads } from "./threads.js";

type Names = "matmul" | "matmulNT" | "matmulTN" | "matmulPacked" | "pack" | "packTransposed";

type Addition = readonly [c: number, d: number, ldd: number];

/** Columns a panel, as in ../simd/products.ts. */
const WIDTH = 8;
/** Threads share columns in twos of panels, and rows in what is a whole number of tiles for either binary. */
const COLUMNS = 2 * WIDTH;
const ROWS = 12;
/** Floats that are packed together and then met by all rows of the other operand: they stay in the second cache. */
const GROUP_FLOATS = 65536;
const BLOCK_FLOATS = 131072;
/** Of Aᵀ no more rows than these, so that there is a block for every thread. */
const BLOCK = 48;

/** `size` things of `each` floats in whole units: as many as `floats` hold, and one unit at least. */
const fitting = (floats: number, each: number, unit: number, size: number): number =>
  Math.min(Math.ceil(size / unit), Math.max(1, Math.floor(floats / Math.max(1, each) / unit))) * unit;

/** So few rows are multiplied one by one: packing would cost more. */
const FEW = 3;
/** Sums of Aᵀ · B that are at most so long leave reading and writing C most of the work. */
const SHORT = 16;

// What a term of `dots`, an element of C and one packed cost, in floating-point operations of a tiled product: measured.
const DOTS = 6;
const TRAFFIC = 20;
const PACKING = 6;

/** The three products, over binaries that want strides in bytes. */
export function productKernels(call: Call, threads: Threads): Pick<Kernels, Names> {
  const panels = (n: number): number => Math.ceil(n / WIDTH) * WIDTH;

  /** Where C is written, what is added to, and how far apart its rows are. */
  function addition(c: FloatArray, n: number, row?: FloatArray): Addition {
    if (row) return [call.output(c), call.input(row), 0];
    const to = call.inout(c);
    return [to, to, 4 * n];
  }

  /** C = D + A · B, B's rows and columns being that many bytes apart. Threads share the columns, or the rows if more. */
  function product(
    ...[c, d, ldd, a, b, bRow, bColumn, m, k, n]: [...Addition, number, number, number, number, number, number, number]
  ): void {
    const cost = 2 * m * k * n;
    const group = fitting(GROUP_FLOATS, k, COLUMNS, n);
    const room = (): number => call.workspace(group * k);
    if (m > 4 * n) {
      threads.split("product", m, ROWS, cost, (i, rows) => [
        ...[c + 4 * i * n, 4 * n, d + i * ldd, ldd, a + 4 * i * k, b, bRow, bColumn],
        ...[rows, k, n, group, room()],
      ]);
    } else {
      threads.split("product", n, COLUMNS, cost, (j, columns) => [
        ...[c + 4 * j, 4 * n, d + 4 * j, ldd, a, b + j * bColumn, bRow, bColumn],
        ...[m, k, columns, group, room()],
      ]);
    }
  }

  /** B packed into panels; threads share them. */
  function packed(to: number, b: number, bRow: number, bColumn: number, k: number, n: number): void {
    threads.split("pack", n, WIDTH, PACKING * k * n, (j, columns) => [
      ...[to + 4 * j * k, b + j * bColumn, bRow, bColumn],
      ...[k, columns],
    ]);
  }

  /** A few rows of C = D + A · Bᵀ, B as it stands. Threads share the columns. */
  function dots(...[c, d, ldd, a, b, m, k, n]: [...Addition, number, number, number, number, number]): void {
    for (let i = 0; i < m; i++) {
      threads.split("dots", n, 16, DOTS * k * n, (j, columns) => [
        ...[c + 4 * (i * n + j), d + i * ldd + 4 * j, a + 4 * i * k, b + 4 * j * k],
        ...[k, columns],
      ]);
    }
  }

  return {
    matmul(c, a, b, m, k, n) {
      if (isDouble(c)) return js.matmul(c, a, b, m, k, n);
      product(...addition(c, n), call.input(a), call.input(b), 4 * n, 4, m, k, n);
      call.end();
    },
    matmulNT(c, a, b, m, k, n, row) {
      if (isDouble(c)) return js.matmulNT(c, a, b, m, k, n, row);
      if (m <= FEW) {
        dots(...addition(c, n, row), call.input(a), call.input(b), m, k, n);
        call.end();
        return;
      }
      product(...addition(c, n, row), call.input(a), call.input(b), 4, 4 * k, m, k, n);
      call.end();
    },
    matmulTN(c, a, b, m, k, n) {
      if (isDouble(c)) return js.matmulTN(c, a, b, m, k, n);
      const [to, left, right] = [call.inout(c), call.input(a), call.workspace(panels(n) * k)];
      packed(right, call.input(b), 4 * n, 4, k, n);
      const cost = 2 * m * k * n;
      if (k <= SHORT) {
        threads.split("shortTN", m, 2, cost + m * n * TRAFFIC, (i, rows) => [
          ...[to + 4 * i * n, 4 * n, left + 4 * i, 4 * m, right],
          ...[rows, k, n],
        ]);
      } else {
        const block = fitting(BLOCK_FLOATS, k, ROWS, Math.min(m, BLOCK));
        threads.split("multiplyTN", m, block, cost, (i, rows) => [
          ...[to + 4 * i * n, 4 * n, left + 4 * i, 4 * m, right],
          ...[rows, k, n, block, call.workspace(block * k)],
        ]);
      }
      call.end();
    },
    pack(b, k, n, place = allocateUnset) {
      if (isDouble(b)) return js.pack(b, k, n, place);
      const data = place(panels(n) * k, "float32");
      packed(call.output(data), call.input(b), 4 * n, 4, k, n);
      call.end();
      return { data, k, n };
    },
    packTransposed(b, k, n, place = allocateUnset) {
      if (isDouble(b)) return js.packTransposed(b, k, n, place);
      const data = place(panels(n) * k, "float32");
      packed(call.output(data), call.input(b), 4, 4 * k, k, n);
      call.end();
      return { data, k, n };
    },
    matmulPacked(c, a, b, m, row) {
      if (isDouble(c)) return js.matmulPacked(c, a, b, m, row);
      const { data, k, n } = b;
      const [to, from, ldd] = addition(c, n, row);
      const [left, right] = [call.input(a), call.input(data)];
      // Few rows wait for B to come from memory.
      threads.split("multiply", n, COLUMNS, 2 * Math.max(m, 2) * k * n, (j, columns) => [
        ...[to + 4 * j, 4 * n, from + 4 * j, ldd, left, 4 * k, 4],
        ...[right + 4 * j * k, m, k, columns, fitting(GROUP_FLOATS, k, COLUMNS, columns)],
      ]);
      call.end();
    },
  };
}
