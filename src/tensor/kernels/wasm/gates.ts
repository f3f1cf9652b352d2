import type { Kernels } from "../js/index.js";
import * as js from "../js/recurrent.js";
import { type Call, isDouble } from "./call.js";
import type { Threads } from "./threads.js";

/** What a cell's gates cost, in floating-point operations of a product: measured. */
const FORWARD = 400;
const BACKWARD = 100;

/** The gates of ../js/recurrent.ts; threads share the rows. */
export function gateKernels(call: Call, threads: Threads) {
  return {
    rnnForward(h, gates, gh, isRelu) {
      if (isDouble(h)) return js.rnnForward(h, gates, gh, isRelu);
      const at = [call.output(h), call.inout(gates), call.input(gh)];
      const n = h.length;
      threads.split("rnnForward", n, 16, n * 100, (i, count) => [...at.map((p) => p + 4 * i), count, +isRelu]);
      call.end();
    },
    rnnBackward(dgates, dh, gates, isRelu) {
      if (isDouble(dh)) return js.rnnBackward(dgates, dh, gates, isRelu);
      const at = [call.output(dgates), call.inout(dh), call.input(gates)];
      const n = dh.length;
      threads.split("rnnBackward", n, 16, n * 30, (i, count) => [...at.map((p) => p + 4 * i), count, +isRelu]);
      call.end();
    },
    gruForward(h, hn, gates, gh, rows, hidden) {
      if (isDouble(h)) return js.gruForward(h, hn, gates, gh, rows, hidden);
      const [state, kept, own, other] = [call.inout(h), call.output(hn), call.inout(gates), call.input(gh)];
      threads.split("gruForward", rows, 1, rows * hidden * FORWARD, (row, count) => {
        const one = 4 * row * hidden;
        return [state + one, kept + one, own + 3 * one, other + 3 * one, count, hidden];
      });
      call.end();
    },
    gruBackward(dgates, dgh, dh, gates, hn, hPrev, rows, hidden) {
      if (isDouble(dh)) return js.gruBackward(dgates, dgh, dh, gates, hn, hPrev, rows, hidden);
      const [to, toHidden, state] = [call.output(dgates), call.output(dgh), call.inout(dh)];
      const [own, kept, before] = [call.input(gates), call.input(hn), call.input(hPrev)];
      threads.split("gruBackward", rows, 1, rows * hidden * BACKWARD, (row, count) => {
        const one = 4 * row * hidden;
        const [a, b, c] = [to + 3 * one, toHidden + 3 * one, state + one];
        return [a, b, c, own + 3 * one, kept + one, before + one, count, hidden];
      });
      call.end();
    },
    lstmForward(h, c, tanhC, gates, gh, rows, hidden) {
      if (isDouble(h)) return js.lstmForward(h, c, tanhC, gates, gh, rows, hidden);
      const [state, cell, kept] = [call.output(h), call.inout(c), call.output(tanhC)];
      const [own, other] = [call.inout(gates), call.input(gh)];
      threads.split("lstmForward", rows, 1, rows * hidden * FORWARD, (row, count) => {
        const one = 4 * row * hidden;
        return [state + one, cell + one, kept + one, own + 4 * one, other + 4 * one, count, hidden];
      });
      call.end();
    },
    lstmBackward(dgates, dh, dc, gates, tanhC, cPrev, rows, hidden) {
      if (isDouble(dh)) return js.lstmBackward(dgates, dh, dc, gates, tanhC, cPrev, rows, hidden);
      const [to, state, cell] = [call.output(dgates), call.inout(dh), call.inout(dc)];
      const [own, kept, before] = [call.input(gates), call.input(tanhC), call.input(cPrev)];
      threads.split("lstmBackward", rows, 1, rows * hidden * BACKWARD, (row, count) => {
        const one = 4 * row * hidden;
        const [a, b, c] = [to + 4 * one, state + one, cell + one];
        return [a, b, c, own + 4 * one, kept + one, before + one, count, hidden];
      });
      call.end();
    },
  } satisfies Partial<Kernels>;
}
