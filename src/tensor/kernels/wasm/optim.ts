import type { Kernels } from "../index.js";
import * as js from "../js/optim.js";
import { type Call, isDouble, type Native } from "./call.js";

/** The rules that training uses most, in one pass each; state is kept in float32, and so are the sums. */
export function optimKernels(native: Record<string, Native>, call: Call) {
  return {
    sgdStep(p, g, buffer, lr, momentum, dampening, weightDecay, nesterov, maximize) {
      if (isDouble(p)) return js.sgdStep(p, g, buffer, lr, momentum, dampening, weightDecay, nesterov, maximize);
      const [at, from, state] = [call.inout(p), call.input(g), call.optional(buffer)];
      const settings = [lr, momentum, 1 - dampening, weightDecay, +nesterov, maximize ? -1 : 1];
      native.sgdStep(at, from, state, p.length, ...settings);
      call.end();
    },
    adamStep(p, g, expAvg, expAvgSq, maxExpAvgSq, ...settings) {
      if (isDouble(p)) return js.adamStep(p, g, expAvg, expAvgSq, maxExpAvgSq, ...settings);
      const [stepSize, correction, beta1, beta2, eps, weightDecay, shrink, maximize] = settings;
      const addresses = [call.inout(p), call.input(g), call.inout(expAvg), call.inout(expAvgSq)];
      const rates = [stepSize, correction, beta1, 1 - beta1, beta2, 1 - beta2, eps, weightDecay, shrink];
      native.adamStep(...addresses, call.optional(maxExpAvgSq), p.length, ...rates, maximize ? -1 : 1);
      call.end();
    },
  } satisfies Partial<Kernels>;
}
