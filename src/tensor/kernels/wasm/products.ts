import { allocate } from "../../storage.js";
import type { Kernels } from "../index.js";
import * as js from "../js/matmul.js";
import { type Call, isDouble, type Native } from "./call.js";
import type { Threads } from "./threads.js";

type Names = "matmul" | "matmulNT" | "matmulTN" | "matmulPacked" | "pack" | "packTransposed";

/** Columns a panel, as in ../simd/products.ts; so are the two that follow. */
const WIDTH = 8;
const GROUP = 32;
const BLOCK = 64;

/** The three products, over binaries that want strides in bytes. */
export function productKernels(native: Record<string, Native>, call: Call, threads: Threads): Pick<Kernels, Names> {
  const panels = (n: number): number => Math.ceil(n / WIDTH) * WIDTH;

  /** C += A · B, B's rows and columns being that many bytes apart. Threads share the columns, or the rows if more. */
  function product(c: number, a: number, b: number, bRow: number, bColumn: number, m: number, k: number, n: number) {
    const cost = 2 * m * k * n;
    const room = (): number => call.workspace(GROUP * k);
    if (m > 4 * n) {
      threads.split("product", m, 4, cost, (i, rows) => [
        ...[c + 4 * i * n, 4 * n, a + 4 * i * k, b, bRow, bColumn],
        ...[rows, k, n, room()],
      ]);
    } else {
      threads.split("product", n, GROUP, cost, (j, columns) => [
        ...[c + 4 * j, 4 * n, a, b + j * bColumn, bRow, bColumn],
        ...[m, k, columns, room()],
      ]);
    }
  }

  return {
    matmul(c, a, b, m, k, n) {
      if (isDouble(c)) return js.matmul(c, a, b, m, k, n);
      product(call.inout(c), call.input(a), call.input(b), 4 * n, 4, m, k, n);
      call.end();
    },
    matmulNT(c, a, b, m, k, n) {
      if (isDouble(c)) return js.matmulNT(c, a, b, m, k, n);
      product(call.inout(c), call.input(a), call.input(b), 4, 4 * k, m, k, n);
      call.end();
    },
    matmulTN(c, a, b, m, k, n) {
      if (isDouble(c)) return js.matmulTN(c, a, b, m, k, n);
      const [to, left, right] = [call.inout(c), call.input(a), call.input(b)];
      // Each thread packs all of B for itself.
      threads.split("productTN", m, BLOCK, 2 * m * k * n, (i, rows) => {
        const scratch = call.workspace((panels(n) + BLOCK) * k);
        return [to + 4 * i * n, 4 * n, left + 4 * i, 4 * m, right, rows, k, n, scratch];
      });
      call.end();
    },
    pack(b, k, n, place = allocate) {
      if (isDouble(b)) return js.pack(b, k, n, place);
      const data = place(panels(n) * k, "float32");
      native.pack(call.output(data), call.input(b), 4 * n, 4, k, n);
      call.end();
      return { data, k, n };
    },
    packTransposed(b, k, n, place = allocate) {
      if (isDouble(b)) return js.packTransposed(b, k, n, place);
      const data = place(panels(n) * k, "float32");
      native.pack(call.output(data), call.input(b), 4, 4 * k, k, n);
      call.end();
      return { data, k, n };
    },
    matmulPacked(c, a, b, m) {
      if (isDouble(c)) return js.matmulPacked(c, a, b, m);
      const { data, k, n } = b;
      const [to, left, right] = [call.inout(c), call.input(a), call.input(data)];
      threads.split("multiply", n, GROUP, 2 * m * k * n, (j, columns) => [
        ...[to + 4 * j, 4 * n, left, 4 * k, 4],
        ...[right + 4 * j * k, m, k, columns],
      ]);
      call.end();
    },
  };
}
