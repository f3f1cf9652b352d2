import { allocate } from "../../storage.js";
import type { Kernels } from "../index.js";
import * as js from "../js/matmul.js";
import { type Call, isDouble, type Native } from "./call.js";

type Names = "matmul" | "matmulNT" | "matmulTN" | "matmulPacked" | "pack" | "packTransposed";

/** Columns a panel, as in ../simd/products.ts; so are the two that follow. */
const WIDTH = 8;
const GROUP = 32;
const BLOCK = 64;

/** The three products, over binaries that want strides in bytes. */
export function productKernels(native: Record<string, Native>, call: Call): Pick<Kernels, Names> {
  const { multiply, product, productTN, pack } = native;
  const panels = (n: number): number => Math.ceil(n / WIDTH) * WIDTH;
  return {
    matmul(c, a, b, m, k, n) {
      if (isDouble(c)) return js.matmul(c, a, b, m, k, n);
      product(call.inout(c), 4 * n, call.input(a), call.input(b), 4 * n, 4, m, k, n, call.workspace(GROUP * k));
      call.end();
    },
    matmulNT(c, a, b, m, k, n) {
      if (isDouble(c)) return js.matmulNT(c, a, b, m, k, n);
      product(call.inout(c), 4 * n, call.input(a), call.input(b), 4, 4 * k, m, k, n, call.workspace(GROUP * k));
      call.end();
    },
    matmulTN(c, a, b, m, k, n) {
      if (isDouble(c)) return js.matmulTN(c, a, b, m, k, n);
      const scratch = call.workspace((panels(n) + BLOCK) * k);
      productTN(call.inout(c), 4 * n, call.input(a), 4 * m, call.input(b), m, k, n, scratch);
      call.end();
    },
    pack(b, k, n, place = allocate) {
      if (isDouble(b)) return js.pack(b, k, n, place);
      const data = place(panels(n) * k, "float32");
      pack(call.output(data), call.input(b), 4 * n, 4, k, n);
      call.end();
      return { data, k, n };
    },
    packTransposed(b, k, n, place = allocate) {
      if (isDouble(b)) return js.packTransposed(b, k, n, place);
      const data = place(panels(n) * k, "float32");
      pack(call.output(data), call.input(b), 4, 4 * k, k, n);
      call.end();
      return { data, k, n };
    },
    matmulPacked(c, a, b, m) {
      if (isDouble(c)) return js.matmulPacked(c, a, b, m);
      const { data, k, n } = b;
      multiply(call.inout(c), 4 * n, call.input(a), 4 * k, 4, call.input(data), m, k, n);
      call.end();
    },
  };
}
