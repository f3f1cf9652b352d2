/** The softmax family for logits as large as ±10,000, where e^x itself is 0 or ∞. */
import { describe, expect, it } from "vitest";
import { type FloatArray, Generator } from "../../src/tensor/index.js";
import { js, kernels } from "../../src/tensor/kernels/index.js";

const generator = new Generator(2);
const [rows, n] = [7, 9];
const small = Float32Array.from({ length: rows * n }, () => Math.round(4 * generator.normal()));
const targets = Int32Array.from({ length: rows }, () => generator.integer(n));
const each = Float32Array.from({ length: rows }, () => 1);

/** Everything the family gives for some logits. */
function everything(set: typeof js, x: FloatArray) {
  const fresh = (): Float32Array => new Float32Array(rows * n);
  const [y, logp, dx, dlogits, loss, lse] = [
    fresh(),
    fresh(),
    fresh(),
    fresh(),
    new Float32Array(rows),
    new Float64Array(rows),
  ];
  const dy = Float32Array.from(x, (_, i) => Math.cos(i));
  set.softmax(y, x, rows, n);
  set.softmaxBackward(dx, dy, y, rows, n);
  set.logSoftmax(logp, x, rows, n);
  set.logSoftmaxBackward(dx, dy, logp, rows, n);
  const p = fresh();
  set.crossEntropy(loss, lse, p, x, targets, rows, n, 0.1);
  set.crossEntropyBackward(dlogits, each, p, targets, rows, n, 0.1, false);
  return { y, logp, dx, loss, dlogits };
}

describe.each([
  ["js", js],
  ["the set in use", kernels],
] as const)("with %s", (_, set) => {
  it.each([0, 100, 1e4, -1e4])("a row moved by %d gives the same", (offset) => {
    const base = everything(js, small);
    const moved = everything(
      set,
      small.map((value) => value + offset),
    );
    for (const key of Object.keys(base) as (keyof typeof base)[]) {
      moved[key].forEach((value, i) => {
        expect(Math.abs(value - base[key][i]), `${key} ${i}`).toBeLessThanOrEqual(2e-5);
      });
    }
  });

  it("a row spread from −10,000 to 10,000 gives 0 and 1, and no NaN", () => {
    const spread = small.map((_, i) => (i % n === 3 ? 1e4 : i % n === 4 ? 0 : -1e4));
    const { y, logp, dx, loss, dlogits } = everything(set, spread);
    y.forEach((value, i) => {
      expect(value).toBe(i % n === 3 ? 1 : 0);
      expect(logp[i]).toBe(spread[i] - 1e4);
    });
    for (const values of [dx, loss, dlogits]) expect(values.every(Number.isFinite)).toBe(true);
  });

  it("rows add up to 1, and a row has the same bits alone", () => {
    const whole = new Float32Array(rows * n);
    set.softmax(whole, small, rows, n);
    for (let r = 0; r < rows; r++) {
      const alone = new Float32Array(n);
      set.softmax(alone, small.slice(r * n, (r + 1) * n), 1, n);
      expect(alone).toEqual(whole.slice(r * n, (r + 1) * n));
      expect(alone.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 6);
    }
  });

  it("ln Σ e^x has the bits that cross-entropy keeps", () => {
    const [loss, kept, lse] = [new Float32Array(rows), new Float64Array(rows), new Float64Array(rows)];
    set.crossEntropy(loss, kept, null, small, targets, rows, n, 0);
    set.logSumExp(lse, small, rows, n);
    expect(lse).toEqual(kept);
  });

  it("ln Σ e^x of infinities is PyTorch's, and NaN stays NaN", () => {
    const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
    const corners: [row: number[], lse: number, gradient: number[]][] = [
      [[-inf, -inf], -inf, [nan, nan]],
      [[-inf, 1], 1, [0, 1]],
      [[inf, 1], inf, [nan, 0]],
      [[inf, -inf], inf, [nan, 0]],
      [[inf, inf], inf, [nan, nan]],
      [[nan, 1], nan, [nan, nan]],
      [[nan, -inf], nan, [nan, nan]],
      [[inf, nan], nan, [nan, nan]],
    ];
    const x = Float32Array.from(corners.flatMap(([row]) => row));
    const [lse, dx] = [new Float64Array(corners.length), new Float32Array(x.length)];
    set.logSumExp(lse, x, corners.length, 2);
    set.logSumExpBackward(dx, new Float32Array(corners.length).fill(1), lse, x, corners.length, 2);
    expect([...lse]).toEqual(corners.map(([, expected]) => expected));
    expect([...dx]).toEqual(corners.flatMap(([, , gradient]) => gradient));
    set.logSumExp(lse.subarray(0, 1), x, 1, 0);
    expect(lse[0]).toBe(-inf);
  });

  it("a negative target leaves its row out", () => {
    const [loss, lse, dx] = [new Float32Array(rows).fill(9), new Float64Array(rows), new Float32Array(rows * n)];
    const some = targets.map((target, r) => (r % 2 ? -1 : target));
    const p = new Float32Array(rows * n).fill(9);
    set.crossEntropy(loss, lse, p, small, some, rows, n, 0.1);
    set.crossEntropyBackward(dx, each, p, some, rows, n, 0.1, false);
    set.crossEntropyBackward(p, each, p, some, rows, n, 0.1, true); // in place
    expect(p).toEqual(dx);
    for (let r = 0; r < rows; r++) {
      const row = dx.slice(r * n, (r + 1) * n);
      expect(loss[r] === 0).toBe(r % 2 === 1);
      expect(row.every((value) => value === 0)).toBe(r % 2 === 1);
    }
  });
});
