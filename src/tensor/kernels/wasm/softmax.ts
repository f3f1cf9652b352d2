import type { Kernels } from "../index.js";
import * as js from "../js/softmax.js";
import { type Call, isDouble, type Native } from "./call.js";

/** The softmax family of ../js/softmax.ts; the plain loss of log-probabilities touches one number a row, and stays there. */
export function softmaxKernels(native: Record<string, Native>, call: Call) {
  return {
    softmax(y, x, rows, n) {
      if (isDouble(y)) return js.softmax(y, x, rows, n);
      native.softmax(call.output(y), call.input(x), rows, n);
      call.end();
    },
    softmaxBackward(dx, dy, y, rows, n) {
      if (isDouble(dx)) return js.softmaxBackward(dx, dy, y, rows, n);
      native.softmaxBackward(call.inout(dx), call.input(dy), call.input(y), rows, n);
      call.end();
    },
    logSoftmax(y, x, rows, n) {
      if (isDouble(y)) return js.logSoftmax(y, x, rows, n);
      native.logSoftmax(call.output(y), call.input(x), rows, n);
      call.end();
    },
    logSoftmaxBackward(dx, dy, y, rows, n) {
      if (isDouble(dx)) return js.logSoftmaxBackward(dx, dy, y, rows, n);
      native.logSoftmaxBackward(call.inout(dx), call.input(dy), call.input(y), rows, n);
      call.end();
    },
    crossEntropy(loss, lse, x, targets, rows, n, smoothing) {
      if (isDouble(x)) return js.crossEntropy(loss, lse, x, targets, rows, n, smoothing);
      const [to, kept, classes] = [call.output(loss), call.doubles(lse), call.integers(targets)];
      native.crossEntropy(to, kept, call.input(x), classes, rows, n, smoothing);
      call.end();
    },
    crossEntropyBackward(dx, dloss, lse, x, targets, rows, n, smoothing) {
      if (isDouble(x)) return js.crossEntropyBackward(dx, dloss, lse, x, targets, rows, n, smoothing);
      const [to, from, kept] = [call.inout(dx), call.input(dloss), call.doubles(lse)];
      native.crossEntropyBackward(to, from, kept, call.input(x), call.integers(targets), rows, n, smoothing);
      call.end();
    },
  } satisfies Partial<Kernels>;
}
