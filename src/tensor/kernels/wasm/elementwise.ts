import type { FloatArray } from "../../storage.js";
import * as js from "../js/elementwise.js";
import type { Kernels } from "../js/index.js";
import { type Call, isDouble } from "./call.js";
import type { Threads } from "./threads.js";

type Forward1 = (out: FloatArray, x: FloatArray) => void;
type Forward2 = (out: FloatArray, a: FloatArray, b: FloatArray) => void;

/** What an element costs, in floating-point operations of a product: measured. */
const COST = 20;

/** All of ../js/elementwise.ts but `log` and the powers, which gain little; threads share the elements. */
export function elementwiseKernels(call: Call, threads: Threads) {
  /** A kernel over n floats of each of its arrays. */
  const overElements = (name: string, addresses: number[], n: number, ...settings: number[]): void => {
    threads.split(name, n, 16, n * COST, (i, count) => [...addresses.map((at) => at + 4 * i), count, ...settings]);
    call.end();
  };
  const forward1 =
    (name: string, plain: Forward1): Forward1 =>
    (out, x) => {
      if (isDouble(out)) return plain(out, x);
      overElements(name, [call.output(out), call.input(x)], out.length);
    };
  const forward2 =
    (name: string, plain: Forward2): Forward2 =>
    (out, a, b) => {
      if (isDouble(out)) return plain(out, a, b);
      overElements(name, [call.output(out), call.input(a), call.input(b)], out.length);
    };
  /** dx += f(dy, v) */
  const backward =
    (name: string, plain: Forward2): Forward2 =>
    (dx, dy, v) => {
      if (isDouble(dx)) return plain(dx, dy, v);
      overElements(name, [call.inout(dx), call.input(dy), call.input(v)], dx.length);
    };
  return {
    copy: forward1("copy", js.copy),
    add: forward2("add", js.add),
    sub: forward2("sub", js.sub),
    mul: forward2("mul", js.mul),
    div: forward2("div", js.div),
    exp: forward1("exp", js.exp),
    sqrt: forward1("sqrt", js.sqrt),
    tanh: forward1("tanh", js.tanh),
    sigmoid: forward1("sigmoid", js.sigmoid),
    relu: forward1("relu", js.relu),
    addProduct: backward("addProduct", js.addProduct),
    addQuotient: backward("addQuotient", js.addQuotient),
    sqrtBackward: backward("sqrtBackward", js.sqrtBackward),
    tanhBackward: backward("tanhBackward", js.tanhBackward),
    sigmoidBackward: backward("sigmoidBackward", js.sigmoidBackward),
    reluBackward: backward("reluBackward", js.reluBackward),
    maskedFillBackward: backward("maskedFillBackward", js.maskedFillBackward),
    /** Five times as quick as `fill`, which takes care not to be torn apart by other threads. */
    zero(out) {
      if (isDouble(out)) return js.zero(out);
      overElements("zero", [call.output(out)], out.length);
    },
    addScaled(dx, dy, scale) {
      if (isDouble(dx)) return js.addScaled(dx, dy, scale);
      overElements("addScaled", [call.inout(dx), call.input(dy)], dx.length, scale);
    },
    divBackwardDivisor(db, dy, y, b) {
      if (isDouble(db)) return js.divBackwardDivisor(db, dy, y, b);
      overElements("divBackwardDivisor", [call.inout(db), call.input(dy), call.input(y), call.input(b)], db.length);
    },
    affine(out, x, scale, shift) {
      if (isDouble(out)) return js.affine(out, x, scale, shift);
      overElements("affine", [call.output(out), call.input(x)], out.length, scale, shift);
    },
    maskedFill(out, x, mask, value) {
      if (isDouble(out)) return js.maskedFill(out, x, mask, value);
      overElements("maskedFill", [call.output(out), call.input(x), call.input(mask)], out.length, value);
    },
  } satisfies Partial<Kernels>;
}
