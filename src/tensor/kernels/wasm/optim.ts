import type { Kernels } from "../js/index.js";
import * as js from "../js/optim.js";
import { type Call, isDouble } from "./call.js";
import type { Threads } from "./threads.js";

/** The rules that training uses most, in one pass each; state is kept in float32, and so are the sums. */
export function optimKernels(call: Call, threads: Threads) {
  /** A kernel over arrays of n floats, an address of 0 standing for an array that is not there. */
  const overElements = (name: string, addresses: number[], n: number, cost: number, settings: number[]): void => {
    threads.split(name, n, 16, n * cost, (i, count) => [
      ...addresses.map((at) => (at === 0 ? 0 : at + 4 * i)),
      ...[count, ...settings],
    ]);
    call.end();
  };
  return {
    sgdStep(p, g, buffer, lr, momentum, dampening, weightDecay, nesterov, maximize) {
      if (isDouble(p)) return js.sgdStep(p, g, buffer, lr, momentum, dampening, weightDecay, nesterov, maximize);
      const addresses = [call.inout(p), call.input(g), call.optional(buffer)];
      const settings = [lr, momentum, 1 - dampening, weightDecay, +nesterov, maximize ? -1 : 1];
      overElements("sgdStep", addresses, p.length, 20, settings);
    },
    sgdStepRows(p, g, rows, width, lr, maximize) {
      if (isDouble(p)) return js.sgdStepRows(p, g, rows, width, lr, maximize);
      const [to, from, places] = [call.inout(p), call.input(g), call.integers(rows)];
      threads.split("sgdStepRows", rows.length, 1, rows.length * width * 20, (i, count) => [
        ...[to, from, places + 4 * i],
        ...[count, width, lr, maximize ? -1 : 1],
      ]);
      call.end();
    },
    adamStep(p, g, expAvg, expAvgSq, maxExpAvgSq, ...settings) {
      if (isDouble(p)) return js.adamStep(p, g, expAvg, expAvgSq, maxExpAvgSq, ...settings);
      const [stepSize, correction, beta1, beta2, eps, weightDecay, shrink, maximize] = settings;
      const addresses = [call.inout(p), call.input(g), call.inout(expAvg), call.inout(expAvgSq)];
      const rates = [stepSize, correction, beta1, 1 - beta1, beta2, 1 - beta2, eps, weightDecay, shrink];
      const all = [...addresses, call.optional(maxExpAvgSq)];
      overElements("adamStep", all, p.length, 60, [...rates, maximize ? -1 : 1]);
    },
  } satisfies Partial<Kernels>;
}
