import { describe, expect, it } from "vitest";
import { setTouchedRows } from "../../src/autograd/touchedRows.js";
import { clipGradNorm } from "../../src/optim/index.js";
import { type Tensor, tensor } from "../../src/tensor/index.js";
import { difference, golden, layGradients, parametersAt } from "./golden.js";

const withGrad = (...values: number[]): Tensor => {
  const p = tensor(values, { requiresGrad: true });
  p.grad = tensor(values);
  return p;
};

describe("clipGradNorm agrees with PyTorch", () => {
  for (const { maxNorm, infinity, step, norm, grads } of golden.clipGradNorm) {
    it(`maxNorm ${maxNorm}, normType ${infinity ? "Infinity" : 2}, gradients ${step}`, () => {
      const parameters = parametersAt();
      layGradients(parameters, step + 1);
      const got = clipGradNorm(parameters, maxNorm, infinity ? { normType: Infinity } : {});
      expect(Math.abs(got - norm)).toBeLessThan(1e-5);
      expect(
        difference(
          parameters.map((p) => p.grad as Tensor),
          grads,
        ),
      ).toBeLessThan(1e-5);
    });
  }
});

describe("clipGradNorm", () => {
  it("passes over parameters without a gradient, takes one tensor or any iterable", () => {
    expect(clipGradNorm([], 1)).toBe(0);
    expect(clipGradNorm(tensor([1], { requiresGrad: true }), 1)).toBe(0);
    expect(clipGradNorm(withGrad(3, -4), 1)).toBe(5);
    expect(clipGradNorm(new Set([withGrad(3), withGrad(0, 4)]), 1)).toBe(5);
  });

  it("leaves small gradients alone, bit for bit", () => {
    const p = withGrad(0.3, -0);
    clipGradNorm(p, 1);
    expect([...(p.grad as Tensor).data]).toEqual([Math.fround(0.3), -0]);
  });

  it("runs in double precision", () => {
    const p = tensor(new Float64Array(2), { requiresGrad: true });
    p.grad = tensor(Float64Array.of(3, 4));
    clipGradNorm(p, 1);
    expect(p.grad.data[0]).toBeCloseTo(3 / (5 + 1e-6), 14);
  });

  it("spreads NaN over all gradients, as PyTorch does, and zeroGrad forgets them", () => {
    for (const normType of [2, Infinity]) {
      const p = tensor(
        [
          [1, 2],
          [3, 4],
        ],
        { requiresGrad: true },
      );
      p.grad = tensor([
        [0, 0],
        [Number.NaN, 1],
      ]);
      setTouchedRows(p.grad, new Set([1]));
      expect(clipGradNorm(p, 1, { normType })).toBeNaN();
      expect([...p.grad.data]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
      p.zeroGrad();
      expect(p.grad).toBeNull();
    }
  });

  it("is the largest magnitude of all gradients, however small, or Euclid's length", () => {
    const small = (): Tensor[] => [withGrad(0.1, -0.25), withGrad(-0.2, 0.15)];
    expect(clipGradNorm(small(), 1, { normType: Infinity })).toBe(0.25);
    expect(clipGradNorm(small(), 1)).toBeCloseTo(Math.sqrt(0.01 + 0.0625 + 0.04 + 0.0225), 6);
    const clipped = small();
    expect(clipGradNorm(clipped, 0.125, { normType: Infinity })).toBe(0.25);
    expect(clipped.flatMap((p) => [...(p.grad as Tensor).data].map((value) => Number(value.toFixed(4))))).toEqual([
      0.05, -0.125, -0.1, 0.075,
    ]);
  });

  it("scales by zero under an infinite norm", () => {
    const p = withGrad(Infinity, 1);
    expect(clipGradNorm(p, 1)).toBe(Infinity);
    expect([...(p.grad as Tensor).data]).toEqual([Number.NaN, 0]);
  });

  it("refuses bad input and changes nothing", () => {
    const p = withGrad(Infinity, 1);
    const cases: [() => unknown, string][] = [
      [
        () => clipGradNorm(p, 1, { errorIfNonfinite: true }),
        "clipGradNorm: expected gradients with a finite norm, got Infinity",
      ],
      [() => clipGradNorm(p, -1), "clipGradNorm: expected maxNorm to be a finite number ≥ 0, got -1"],
      [() => clipGradNorm(p, Number.NaN), "clipGradNorm: expected maxNorm to be a finite number ≥ 0, got NaN"],
      [() => clipGradNorm(p, 1, { normType: 1 }), "clipGradNorm: expected normType to be 2 or Infinity, got 1"],
      [() => clipGradNorm([p, 3 as unknown as Tensor], 1), "clipGradNorm: expected parameter 1 to be a tensor, got 3"],
    ];
    for (const [call, message] of cases) expect(call).toThrow(message);
    expect([...(p.grad as Tensor).data]).toEqual([Infinity, 1]);
  });
});
