import type { FloatArray } from "../../storage.js";
import { allocateUnset } from "../../storage.js";
import type { Kernels } from "../js/index.js";
import * as js from "../js/matmul.js";
import { type Call, isDouble } from "./call.js";
import { type Matrix, panelFloats, panels, productRoads } from "./roads.js";
import type { Threads } from "./threads.js";

type Names = "matmul" | "matmulNT" | "matmulTN" | "matmulPacked" | "pack" | "packTransposed";

/** So few rows are multiplied one by one: packing would cost more. */
const FEW = 3;
/** Sums of Aᵀ · B that are at most so long leave reading and writing C most of the work. */
const SHORT = 16;

/** The three products, and the one by a packed B: where the operands stand, and which road they take. */
export function productKernels(call: Call, threads: Threads): Pick<Kernels, Names> {
  const roads = productRoads(call, threads);

  /**
   * Where C is written, and what is added to: C itself, or a row for all of C's. A pair and no object, since spreading
   * one into a product would cost some 2 µs a call in Node 20.
   */
  function sum(c: FloatArray, n: number, row?: FloatArray): [c: Matrix, d: Matrix] {
    if (row) return [rowMajor(call.output(c), n), { at: call.input(row), row: 0, column: 4 }];
    const own = rowMajor(call.inout(c), n);
    return [own, own];
  }

  return {
    matmul(c, a, b, m, k, n, row) {
      if (isDouble(c)) return js.matmul(c, a, b, m, k, n, row);
      const [to, from] = sum(c, n, row);
      roads.packing({ c: to, d: from, a: rowMajor(call.input(a), k), b: rowMajor(call.input(b), n), m, k, n });
      call.end();
    },
    matmulNT(c, a, b, m, k, n, row) {
      if (isDouble(c)) return js.matmulNT(c, a, b, m, k, n, row);
      const road = m <= FEW ? roads.dots : roads.packing;
      const [to, from] = sum(c, n, row);
      road({ c: to, d: from, a: rowMajor(call.input(a), k), b: transposed(call.input(b), k), m, k, n });
      call.end();
    },
    matmulTN(c, a, b, m, k, n, row) {
      if (isDouble(c)) return js.matmulTN(c, a, b, m, k, n, row);
      const road = k <= SHORT ? roads.shortSums : roads.transposing;
      const [to, from] = sum(c, n, row);
      road({ c: to, d: from, a: transposed(call.input(a), m), b: rowMajor(call.input(b), n), m, k, n });
      call.end();
    },
    matmulPacked(c, a, b, m, row) {
      if (isDouble(c)) return js.matmulPacked(c, a, b, m, row);
      const { data, k, n } = b;
      const [to, from] = sum(c, n, row);
      roads.packed({ c: to, d: from, a: rowMajor(call.input(a), k), b: panels(call.input(data), k), m, k, n });
      call.end();
    },
    pack(b, k, n, place = allocateUnset) {
      if (isDouble(b)) return js.pack(b, k, n, place);
      const data = place(panelFloats(k, n), "float32");
      roads.pack(call.output(data), rowMajor(call.input(b), n), k, n);
      call.end();
      return { data, k, n };
    },
    packTransposed(b, k, n, place = allocateUnset) {
      if (isDouble(b)) return js.packTransposed(b, k, n, place);
      const data = place(panelFloats(k, n), "float32");
      roads.pack(call.output(data), transposed(call.input(b), k), k, n);
      call.end();
      return { data, k, n };
    },
  };
}

/** Rows of so many floats, one after another. */
function rowMajor(at: number, columns: number): Matrix {
  return { at, row: 4 * columns, column: 4 };
}

/** The transpose of rows of so many floats. */
function transposed(at: number, columns: number): Matrix {
  return { at, row: 4, column: 4 * columns };
}
