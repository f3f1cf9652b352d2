import { expect } from "vitest";
import type { DType, Tensor } from "../../src/tensor/index.js";
import { difference, run } from "./compare.js";
import { copy } from "./leaves.js";

export type Fn = (...leaves: Tensor[]) => Tensor | readonly Tensor[];

const BOUNDS: Record<DType, number> = { float64: 1e-12, float32: 1e-5 };

/**
 * Compares outputs and gradients of two functions of the same leaves; `steepness` times as roughly where few numbers that
 * chance to be alike are normalised, whose slopes are as steep.
 */
export function expectEqual(dtype: DType, leaves: readonly Tensor[], fused: Fn, small: Fn, steepness = 1): void {
  const inputs = leaves.map((each) => copy(each, dtype));
  const [a, b] = [fused, small].map((fn) => run(() => [fn(...inputs)].flat() as Tensor[], inputs));
  for (const what of ["outputs", "gradients"] as const) {
    a[what].forEach((values, i) => {
      const scale = Math.max(1, ...values.map(Math.abs));
      expect(difference(values, b[what][i]) / scale, `${what} ${i}`).toBeLessThanOrEqual(BOUNDS[dtype] * steepness);
    });
  }
}
