import type { Kernels } from "../js/index.js";
import * as js from "../js/softmax.js";
import { type Call, isDouble } from "./call.js";
import type { Threads } from "./threads.js";

/** What an element costs, in floating-point operations of a product: measured. */
const COST = 80;
/** And where it is only read, scaled and written. */
const TRAFFIC = 30;

/**
 * The softmax family of ../js/softmax.ts; threads share the rows. The plain loss of log-probabilities touches one
 * number a row, and stays there.
 */
export function softmaxKernels(call: Call, threads: Threads) {
  /** A kernel over whole rows of n floats in each of its arrays. */
  const overRows = (name: string, addresses: number[], rows: number, n: number): void => {
    threads.split(name, rows, 1, rows * n * COST, (row, count) => [
      ...addresses.map((at) => at + 4 * row * n),
      ...[count, n],
    ]);
    call.end();
  };
  return {
    softmax(y, x, rows, n) {
      if (isDouble(y)) return js.softmax(y, x, rows, n);
      overRows("softmax", [call.output(y), call.input(x)], rows, n);
    },
    softmaxBackward(dx, dy, y, rows, n) {
      if (isDouble(dx)) return js.softmaxBackward(dx, dy, y, rows, n);
      overRows("softmaxBackward", [call.inout(dx), call.input(dy), call.input(y)], rows, n);
    },
    logSoftmax(y, x, rows, n) {
      if (isDouble(y)) return js.logSoftmax(y, x, rows, n);
      overRows("logSoftmax", [call.output(y), call.input(x)], rows, n);
    },
    logSoftmaxBackward(dx, dy, y, rows, n) {
      if (isDouble(dx)) return js.logSoftmaxBackward(dx, dy, y, rows, n);
      overRows("logSoftmaxBackward", [call.inout(dx), call.input(dy), call.input(y)], rows, n);
    },
    logSumExp(lse, x, rows, n) {
      if (isDouble(x)) return js.logSumExp(lse, x, rows, n);
      const [to, from] = [call.doubles(lse), call.input(x)];
      threads.split("logSumExp", rows, 1, rows * n * COST, (row, count) => [
        ...[to + 8 * row, from + 4 * row * n],
        ...[count, n],
      ]);
      call.end();
    },
    logSumExpBackward(dx, dlse, lse, x, rows, n) {
      if (isDouble(x)) return js.logSumExpBackward(dx, dlse, lse, x, rows, n);
      const [to, scale, kept, from] = [call.inout(dx), call.input(dlse), call.doubles(lse), call.input(x)];
      threads.split("logSumExpBackward", rows, 1, rows * n * COST, (row, count) => [
        ...[to + 4 * row * n, scale + 4 * row, kept + 8 * row, from + 4 * row * n],
        ...[count, n],
      ]);
      call.end();
    },
    crossEntropy(loss, lse, p, x, targets, rows, n, smoothing) {
      if (isDouble(x)) return js.crossEntropy(loss, lse, p, x, targets, rows, n, smoothing);
      const [to, kept, from, classes] = [call.output(loss), call.doubles(lse), call.input(x), call.integers(targets)];
      const terms = call.optional(p);
      threads.split("crossEntropy", rows, 1, rows * n * COST, (row, count) => [
        ...[to + 4 * row, kept + 8 * row, terms && terms + 4 * row * n, from + 4 * row * n, classes + 4 * row],
        ...[count, n, smoothing],
      ]);
      call.end();
    },
    crossEntropyBackward(dx, dloss, p, targets, rows, n, smoothing, overwrite) {
      if (isDouble(dx)) return js.crossEntropyBackward(dx, dloss, p, targets, rows, n, smoothing, overwrite);
      const [to, scale, from, classes] = [call.inout(dx), call.input(dloss), call.input(p), call.integers(targets)];
      threads.split("crossEntropyBackward", rows, 1, rows * n * TRAFFIC, (row, count) => [
        ...[to + 4 * row * n, scale + 4 * row, from + 4 * row * n, classes + 4 * row],
        ...[count, n, smoothing, +overwrite],
      ]);
      call.end();
    },
  } satisfies Partial<Kernels>;
}
