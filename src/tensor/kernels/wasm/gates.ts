import type { Kernels } from "../index.js";
import * as js from "../js/recurrent.js";
import { type Call, isDouble, type Native } from "./call.js";

/** The gates of ../js/recurrent.ts. */
export function gateKernels(native: Record<string, Native>, call: Call) {
  return {
    rnnForward(h, gates, gh, isRelu) {
      if (isDouble(h)) return js.rnnForward(h, gates, gh, isRelu);
      native.rnnForward(call.output(h), call.inout(gates), call.input(gh), h.length, +isRelu);
      call.end();
    },
    rnnBackward(dgates, dh, gates, isRelu) {
      if (isDouble(dh)) return js.rnnBackward(dgates, dh, gates, isRelu);
      native.rnnBackward(call.output(dgates), call.inout(dh), call.input(gates), dh.length, +isRelu);
      call.end();
    },
    gruForward(h, hn, gates, gh, rows, hidden) {
      if (isDouble(h)) return js.gruForward(h, hn, gates, gh, rows, hidden);
      native.gruForward(call.inout(h), call.output(hn), call.inout(gates), call.input(gh), rows, hidden);
      call.end();
    },
    gruBackward(dgates, dgh, dh, gates, hn, hPrev, rows, hidden) {
      if (isDouble(dh)) return js.gruBackward(dgates, dgh, dh, gates, hn, hPrev, rows, hidden);
      const [to, toHidden, state] = [call.output(dgates), call.output(dgh), call.inout(dh)];
      native.gruBackward(to, toHidden, state, call.input(gates), call.input(hn), call.input(hPrev), rows, hidden);
      call.end();
    },
    lstmForward(h, c, tanhC, gates, gh, rows, hidden) {
      if (isDouble(h)) return js.lstmForward(h, c, tanhC, gates, gh, rows, hidden);
      const [state, cell, kept] = [call.output(h), call.inout(c), call.output(tanhC)];
      native.lstmForward(state, cell, kept, call.inout(gates), call.input(gh), rows, hidden);
      call.end();
    },
    lstmBackward(dgates, dh, dc, gates, tanhC, cPrev, rows, hidden) {
      if (isDouble(dh)) return js.lstmBackward(dgates, dh, dc, gates, tanhC, cPrev, rows, hidden);
      const [to, state, cell] = [call.output(dgates), call.inout(dh), call.inout(dc)];
      native.lstmBackward(to, state, cell, call.input(gates), call.input(tanhC), call.input(cPrev), rows, hidden);
      call.end();
    },
  } satisfies Partial<Kernels>;
}
