import type { FloatArray } from "../../storage.js";
import { allocateUnset } from "../../storage.js";
import type { Kernels } from "../index.js";
import * as js from "../js/matmul.js";
import { type Call, isDouble, type Native } from "./call.js";
import type { Threads } from "./threads.js";

type Names = "matmul" | "matmulNT" | "matmulTN" | "matmulPacked" | "pack" | "packTransposed";

type Addition = readonly [c: number, d: number, ldd: number];

/** Columns a panel, as in ../simd/products.ts; so are the two that follow. */
const WIDTH = 8;
const GROUP = 32;
const BLOCK = 96;

/** The three products, over binaries that want strides in bytes. */
export function productKernels(native: Record<string, Native>, call: Call, threads: Threads): Pick<Kernels, Names> {
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
    const room = (): number => call.workspace(GROUP * k);
    if (m > 4 * n) {
      threads.split("product", m, 12, cost, (i, rows) => [
        ...[c + 4 * i * n, 4 * n, d + i * ldd, ldd, a + 4 * i * k, b, bRow, bColumn],
        ...[rows, k, n, room()],
      ]);
    } else {
      threads.split("product", n, GROUP, cost, (j, columns) => [
        ...[c + 4 * j, 4 * n, d + 4 * j, ldd, a, b + j * bColumn, bRow, bColumn],
        ...[m, k, columns, room()],
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
      product(...addition(c, n, row), call.input(a), call.input(b), 4, 4 * k, m, k, n);
      call.end();
    },
    matmulTN(c, a, b, m, k, n) {
      if (isDouble(c)) return js.matmulTN(c, a, b, m, k, n);
      const [to, left, packed] = [call.inout(c), call.input(a), call.workspace(panels(n) * k)];
      native.pack(packed, call.input(b), 4 * n, 4, k, n);
      threads.split("multiplyTN", m, BLOCK, 2 * m * k * n, (i, rows) => [
        ...[to + 4 * i * n, 4 * n, left + 4 * i, 4 * m, packed],
        ...[rows, k, n, call.workspace(BLOCK * k)],
      ]);
      call.end();
    },
    pack(b, k, n, place = allocateUnset) {
      if (isDouble(b)) return js.pack(b, k, n, place);
      const data = place(panels(n) * k, "float32");
      native.pack(call.output(data), call.input(b), 4 * n, 4, k, n);
      call.end();
      return { data, k, n };
    },
    packTransposed(b, k, n, place = allocateUnset) {
      if (isDouble(b)) return js.packTransposed(b, k, n, place);
      const data = place(panels(n) * k, "float32");
      native.pack(call.output(data), call.input(b), 4, 4 * k, k, n);
      call.end();
      return { data, k, n };
    },
    matmulPacked(c, a, b, m, row) {
      if (isDouble(c)) return js.matmulPacked(c, a, b, m, row);
      const { data, k, n } = b;
      const [to, from, ldd] = addition(c, n, row);
      const [left, right] = [call.input(a), call.input(data)];
      threads.split("multiply", n, GROUP, 2 * m * k * n, (j, columns) => [
        ...[to + 4 * j, 4 * n, from + 4 * j, ldd, left, 4 * k, 4],
        ...[right + 4 * j * k, m, k, columns],
      ]);
      call.end();
    },
  };
}
