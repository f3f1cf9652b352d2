import type { Kernels } from "../js/index.js";
import { maxAbs } from "../js/optim.js";
import * as js from "../js/reduce.js";
import * as rowsJs from "../js/rows.js";
import * as strided from "../js/strided.js";
import { type Call, isDouble } from "./call.js";
import type { Compiled } from "./instance.js";
import type { Threads } from "./threads.js";

/** What an element costs, in floating-point operations of a product: measured. */
const COST = 20;

/** Room that `sum` needs, in floats: 256 doubles. */
const SUMS = 512;

/** Sums and largest magnitudes, rows by index, and strided walks. */
export function reduceKernels(binaries: () => Compiled, call: Call, threads: Threads) {
  return {
    sum(out, x, outer, n, inner) {
      if (isDouble(x)) return js.sum(out, x, outer, n, inner);
      const [to, from] = [call.inout(out), call.input(x)];
      const cost = outer * n * inner * COST;
      if (outer === 1) {
        // Whole cache lines for each thread.
        threads.split("sum", inner, 16, cost, (i, count) => [
          ...[to + 4 * i, from + 4 * i],
          ...[1, n, count, inner, call.workspace(SUMS)],
        ]);
      } else {
        threads.split("sum", outer, 1, cost, (o, count) => [
          ...[to + 4 * o * inner, from + 4 * o * n * inner],
          ...[count, n, inner, inner, call.workspace(SUMS)],
        ]);
      }
      call.end();
    },
    sumOfSquares(x, width = x.length, total = 0, rows = null) {
      if (isDouble(x)) return js.sumOfSquares(x, width, total, rows);
      const count = rows ? rows.length : x.length === 0 ? 0 : x.length / width;
      const result = binaries().native.sumOfSquares(call.input(x), rows ? call.integers(rows) : 0, count, width, total);
      call.end();
      return result;
    },
    maxAbs(x) {
      if (isDouble(x)) return maxAbs(x);
      const largest = binaries().native.maxAbs(call.input(x), x.length);
      call.end();
      return largest;
    },
    gatherRows(out, x, rows, width) {
      if (isDouble(x)) return rowsJs.gatherRows(out, x, rows, width);
      const [to, from, places] = [call.output(out), call.input(x), call.integers(rows)];
      threads.split("gatherRows", rows.length, 1, rows.length * width * COST, (i, count) => [
        ...[to + 4 * i * width, from, places + 4 * i],
        ...[count, width],
      ]);
      call.end();
    },
    scatterAddRows(dx, dy, rows, width) {
      if (isDouble(dx)) return rowsJs.scatterAddRows(dx, dy, rows, width);
      const [to, from, places] = [call.inout(dx), call.input(dy), call.integers(rows)];
      // By columns: a row may be met twice.
      threads.split("scatterAddRows", width, 16, rows.length * width * COST, (j, count) => [
        ...[to + 4 * j, from + 4 * j, places],
        ...[rows.length, count, width],
      ]);
      call.end();
    },
    zeroRows(x, rows, width) {
      if (isDouble(x)) return rowsJs.zeroRows(x, rows, width);
      const [to, places] = [call.inout(x), call.integers(rows)];
      threads.split("zeroRows", rows.length, 1, rows.length * width * COST, (i, count) => [
        ...[to, places + 4 * i],
        ...[count, width],
      ]);
      call.end();
    },
    scaleRows(x, rows, width, scale) {
      if (isDouble(x)) return rowsJs.scaleRows(x, rows, width, scale);
      const [to, places] = [call.inout(x), call.integers(rows)];
      threads.split("scaleRows", rows.length, 1, rows.length * width * COST, (i, count) => [
        ...[to, places + 4 * i],
        ...[count, width, scale],
      ]);
      call.end();
    },
    /** The last two dimensions in one call; the same additions in the same order as the reference. */
    addStrided(out, outWalk, x, xWalk, shape) {
      const rank = shape.length;
      if (isDouble(out) || rank === 0) return strided.addStrided(out, outWalk, x, xWalk, shape);
      const n = shape[rank - 1];
      const rows = rank > 1 ? shape[rank - 2] : 1;
      const [outRow, outStep] = lastTwo(outWalk.strides);
      const [xRow, xStep] = lastTwo(xWalk.strides);
      const { native } = binaries();
      const to = call.inout(out);
      const from = call.input(x);
      let count = 1;
      for (let d = 0; d < rank - 2; d++) count *= shape[d];
      for (let matrix = 0; matrix < count; matrix++) {
        let o = outWalk.offset;
        let i = xWalk.offset;
        for (let d = rank - 3, rest = matrix; d >= 0; d--) {
          o += (rest % shape[d]) * outWalk.strides[d];
          i += (rest % shape[d]) * xWalk.strides[d];
          rest = Math.floor(rest / shape[d]);
        }
        native.addStrided(to + 4 * o, outRow, outStep, from + 4 * i, xRow, xStep, rows, n);
      }
      call.end();
    },
  } satisfies Partial<Kernels>;
}

function lastTwo(strides: readonly number[]): [number, number] {
  return [strides[strides.length - 2] ?? 0, strides[strides.length - 1]];
}
