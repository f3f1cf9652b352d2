import { expect, it } from "vitest";
import { kernels } from "../../../src/tensor/kernels/index.js";
import { bits, onEverySet } from "./support.js";

const BOUND = 5e-7;
/** The smallest float32 of full precision; what is smaller may only be off by the spacing of such numbers. */
const NORMAL = 2 ** -126;
const SPACING = 2 ** -149;

const functions = {
  exp: Math.exp,
  tanh: Math.tanh,
  // Written for both ends of the range in double precision.
  sigmoid: (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
};

/** Every exponent float32 has, 600 mantissas each, both signs; and the stretch where the functions bend, densely. */
function* points(): IterableIterator<number> {
  for (let exponent = -149; exponent < 128; exponent++) {
    for (let i = 0; i < 600; i++) {
      const x = 2 ** exponent * (1 + i / 600);
      yield x;
      yield -x;
    }
  }
  for (let x = -110; x < 110; x += 1 / 1024) yield x;
}

onEverySet("accuracy", () => {
  for (const [name, exact] of Object.entries(functions)) {
    it(`${name} is within ${BOUND} of float64 over all of float32`, () => {
      const x = Float32Array.from(points());
      const y = new Float32Array(x.length);
      kernels[name as keyof typeof functions](y, x);
      let worst = 0;
      for (let i = 0; i < x.length; i++) {
        const value = exact(x[i]);
        const rounded = Math.fround(value);
        const error = y[i] === rounded ? 0 : Math.abs(y[i] - value);
        const relative = error / Math.max(Math.abs(value), NORMAL);
        const allowed = Math.abs(value) < NORMAL ? 2 * SPACING : BOUND * Math.abs(value);
        if (!(error <= allowed)) expect.fail(`${name}(${x[i]}): expected ${value}, got ${y[i]}`);
        if (relative > worst) worst = relative;
      }
      console.log(`${name}: largest relative error ${worst.toExponential(2)}`);
    });
  }

  it("the tanh of an additive score is within 3e-7 of float64, absolutely, over all of float32", () => {
    const x = Float32Array.from([...points(), 0, Infinity, -Infinity]);
    const columns = Int32Array.from(x.keys());
    const view = { steps: 1, places: 1, sentences: x.length, columns, lengths: new Int32Array(x.length).fill(1) };
    const scores = new Float32Array(x.length);
    kernels.additiveScores(scores, x, new Float32Array(x.length), Float32Array.of(1), view, 1);
    const errors = x.map((value, i) => Math.abs(scores[i] - Math.tanh(value)));
    const worst = errors.reduce((a, b) => Math.max(a, b), 0);
    console.log(`tanh of an additive score: largest error ${worst.toExponential(2)}`);
    expect(worst).toBeLessThanOrEqual(3e-7);
    expect(scores[x.length - 3]).toBe(0);
  });

  it("infinities, zeros and NaN go where they belong", () => {
    const x = Float32Array.of(Infinity, -Infinity, 0, -0, NaN, 89, -105, 1e30, -1e30);
    const y = new Float32Array(x.length);
    kernels.exp(y, x);
    expect(bits(y)).toEqual(bits([Infinity, 0, 1, 1, NaN, Infinity, 0, Infinity, 0]));
    kernels.tanh(y, x);
    expect(bits(y)).toEqual(bits([1, -1, 0, -0, NaN, 1, -1, 1, -1]));
    kernels.sigmoid(y, x.with(6, -150));
    expect(bits(y)).toEqual(bits([1, 0, 0.5, 0.5, NaN, 1, 0, 1, 0]));
    kernels.relu(y, x);
    expect(bits(y)).toEqual(bits([Infinity, 0, 0, 0, NaN, 89, 0, Math.fround(1e30), 0]));
  });

  it("NaN is seen through softmax, losses, gates and norms", () => {
    const x = Float32Array.of(1, 2, NaN, 3, 4);
    const y = new Float32Array(5);
    kernels.softmax(y, x, 1, 5);
    expect(y.every(Number.isNaN)).toBe(true);
    kernels.logSoftmax(y, x, 1, 5);
    expect(y.every(Number.isNaN)).toBe(true);
    const loss = new Float32Array(1);
    kernels.crossEntropy(loss, new Float64Array(1), null, x, Int32Array.of(0), 1, 5, 0);
    expect(loss[0]).toBeNaN();
    kernels.rnnForward(y, x.slice(), new Float32Array(5), false);
    expect(y[2]).toBeNaN();
    const view = { steps: 1, places: 1, sentences: 1, columns: Int32Array.of(0), lengths: Int32Array.of(1) };
    for (const score of [kernels.scoreRows, kernels.mixRows, kernels.spreadRows]) {
      const out = new Float32Array(5);
      score(out, x, x, view, 5);
      expect(out.some(Number.isNaN)).toBe(true);
    }
    const score = new Float32Array(1);
    kernels.additiveScores(score, x, new Float32Array(5), new Float32Array(5).fill(1), view, 5);
    expect(score[0]).toBeNaN();
    expect(kernels.sumOfSquares(x)).toBeNaN();
    expect(kernels.maxAbs(x)).toBeNaN();
  });

  it("softmax finds a row's largest wherever it stands", () => {
    for (const n of [3, 8, 21]) {
      for (let place = 0; place < n; place++) {
        const x = new Float32Array(n);
        x[place] = 500; // e^500 is no float: it has to be what is taken off
        const y = new Float32Array(n);
        kernels.softmax(y, x, 1, n);
        expect([...y]).toEqual(Array.from(x, (value) => value / 500));
      }
    }
  });

  it("softmax and its losses stay finite for large logits, and keep the digits of a loss near 0", () => {
    const x = Float32Array.of(1e4, 1e4 - 20, -1e4, 1e4 - 20, 1e4 - 30);
    const loss = new Float32Array(1);
    const lse = new Float64Array(1);
    const p = new Float32Array(5);
    kernels.crossEntropy(loss, lse, p, x, Int32Array.of(0), 1, 5, 0);
    const exact = Math.log1p(2 * Math.exp(-20) + Math.exp(-30));
    expect(Math.abs(loss[0] / exact - 1)).toBeLessThan(1e-3);
    const dx = new Float32Array(5);
    kernels.crossEntropyBackward(dx, Float32Array.of(1), p, Int32Array.of(1), 1, 5, 0, false);
    expect(Math.abs(dx[3] / Math.exp(-20) - 1)).toBeLessThan(1e-6);
    const y = new Float32Array(5);
    kernels.logSoftmax(y, x, 1, 5);
    expect(Math.abs(y[1] + 20)).toBeLessThan(1e-5);
  });
});
