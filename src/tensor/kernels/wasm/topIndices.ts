import type { Kernels } from "../js/index.js";
import * as js from "../js/topIndices.js";
import { type Call, isDouble } from "./call.js";
import type { Threads } from "./threads.js";

/** What an element costs, in floating-point operations of a product: it is read and compared. */
const COST = 10;

/** The largest of each row; threads share the rows. */
export function topIndicesKernels(call: Call, threads: Threads) {
  return {
    topIndices(ids, x, rows, n, first, k) {
      if (isDouble(x) || k === 0) return js.topIndices(ids, x, rows, n, first, k);
      const [to, from] = [call.outputIntegers(ids), call.input(x)];
      threads.split("topIndices", rows, 1, rows * n * COST, (row, count) => [
        ...[to + 4 * row * k, from + 4 * row * n],
        ...[count, n, first, k],
      ]);
      call.end();
    },
  } satisfies Partial<Kernels>;
}
