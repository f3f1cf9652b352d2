import type { Kernels } from "../js/index.js";
import * as js from "../js/layerNorm.js";
import { type Call, isDouble } from "./call.js";
import type { Threads } from "./threads.js";

/** What an element costs, in floating-point operations of a product: measured. */
const COST = 30;

/** Layer normalization; threads share the rows, or, where a sum runs over them, the columns. */
export function layerNormKernels(call: Call, threads: Threads) {
  return {
    layerNorm(y, mean, rstd, x, weight, bias, rows, n, eps) {
      if (isDouble(x)) return js.layerNorm(y, mean, rstd, x, weight, bias, rows, n, eps);
      const [to, middle, scale] = [call.output(y), call.doubles(mean), call.doubles(rstd)];
      const [from, w, b] = [call.input(x), weight ? call.input(weight) : 0, bias ? call.input(bias) : 0];
      threads.split("layerNorm", rows, 1, rows * n * COST, (row, count) => [
        ...[to + 4 * row * n, middle + 8 * row, scale + 8 * row, from + 4 * row * n],
        ...[w, b, count, n, eps],
      ]);
      call.end();
    },
    layerNormBackward(dx, dy, x, mean, rstd, weight, rows, n) {
      if (isDouble(x)) return js.layerNormBackward(dx, dy, x, mean, rstd, weight, rows, n);
      const [to, dfrom, from] = [call.inout(dx), call.input(dy), call.input(x)];
      const [middle, scale, w] = [call.doubles(mean), call.doubles(rstd), weight ? call.input(weight) : 0];
      threads.split("layerNormBackward", rows, 1, rows * n * COST, (row, count) => [
        ...[to + 4 * row * n, dfrom + 4 * row * n, from + 4 * row * n],
        ...[middle + 8 * row, scale + 8 * row, w, count, n],
      ]);
      call.end();
    },
    layerNormBackwardWeight(dweight, dy, x, mean, rstd, rows, n) {
      if (isDouble(x)) return js.layerNormBackwardWeight(dweight, dy, x, mean, rstd, rows, n);
      const [to, dfrom, from] = [call.inout(dweight), call.input(dy), call.input(x)];
      const [middle, scale] = [call.doubles(mean), call.doubles(rstd)];
      // Whole cache lines for each thread.
      threads.split("layerNormBackwardWeight", n, 16, rows * n * COST, (i, count) => [
        ...[to + 4 * i, dfrom + 4 * i, from + 4 * i],
        ...[middle, scale, rows, count, n],
      ]);
      call.end();
    },
  } satisfies Partial<Kernels>;
}
