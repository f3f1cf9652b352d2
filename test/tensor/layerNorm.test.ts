/** Layer normalization of rows far from 0, and each row for itself. */
import { expect, it } from "vitest";
import { kernels } from "../../src/tensor/kernels/index.js";
import { numbers, onEverySet } from "./kernels/support.js";

const [rows, n] = [7, 37];

/** Everything for some rows: y, dx and dw. */
function everything(x: Float32Array, count: number): [Float32Array, Float32Array, Float32Array] {
  const [y, dx, dw] = [new Float32Array(x.length), new Float32Array(x.length), new Float32Array(n)];
  const [mean, rstd] = [new Float64Array(count), new Float64Array(count)];
  const [weight, bias, dy] = [numbers(n, 2), numbers(n, 3), numbers(rows * n, 4).subarray(0, x.length)];
  kernels.layerNorm(y, mean, rstd, x, weight, bias, count, n, 1e-5);
  kernels.layerNormBackward(dx, dy, x, mean, rstd, weight, count, n);
  kernels.layerNormBackwardWeight(dw, dy, x, mean, rstd, count, n);
  return [y, dx, dw];
}

onEverySet("layer normalization", () => {
  it.each([100, 1e4, -1e5])("of rows moved by %d gives the same", (offset) => {
    // Sixty-fourths, so that the moved numbers are exact; their mean is not.
    const x = numbers(rows * n, 1).map((value) => Math.round(64 * value) / 64);
    const moved = everything(
      x.map((value) => value + offset),
      rows,
    );
    everything(x, rows).forEach((values, i) => {
      values.forEach((value, j) => {
        expect(Math.abs(moved[i][j] - value)).toBeLessThan(4e-6 * (1 + Math.abs(value)));
      });
    });
  });

  it("gives a row the same bits alone and in company", () => {
    const x = numbers(rows * n, 1);
    const [y, dx] = everything(x, rows);
    const [alone, dalone] = everything(x.slice(0, n), 1);
    expect(alone).toEqual(y.slice(0, n));
    expect(dalone).toEqual(dx.slice(0, n));
  });

  it("gives numbers that are all alike 0, and NaN where one of them is infinite", () => {
    const x = new Float32Array(2 * n).fill(3);
    x[n + 5] = Number.POSITIVE_INFINITY;
    const y = new Float32Array(2 * n);
    kernels.layerNorm(y, new Float64Array(2), new Float64Array(2), x, null, null, 2, n, 1e-5);
    expect(y.subarray(0, n).every((value) => value === 0)).toBe(true);
    expect(y.subarray(n).every(Number.isNaN)).toBe(true);
  });
});
