import { concat, mul, reshape, sum } from "../../src/autograd/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { tensor } from "../../src/tensor/index.js";

/** Several outputs laid end to end, [n]. */
export function joined(outputs: readonly Tensor[]): Tensor {
  return concat(outputs.map((output) => reshape(output, [-1])));
}

/** The largest |a − b|; NaN if any is NaN, so that it is never within a bound. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`compared ${a.length} numbers with ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

/** Σ cos(i) · y[i] over all outputs, i counting each output's elements from 0: weighs every element differently. */
export function projection(...outputs: readonly Tensor[]): Tensor {
  const weights = joined(
    outputs.map(({ data, shape, dtype }) =>
      tensor(
        data.map((_, i) => Math.cos(i)),
        shape,
        { dtype },
      ),
    ),
  );
  return sum(mul(joined(outputs), weights));
}

/** Runs a function of some leaves, and returns its outputs and the gradients of their projection. */
export function run(
  fn: () => readonly Tensor[],
  leaves: readonly Tensor[],
): { outputs: number[][]; gradients: number[][] } {
  for (const leaf of leaves) leaf.grad = null;
  const outputs = fn();
  projection(...outputs).backward();
  return {
    outputs: outputs.map(({ data }) => [...data]),
    gradients: leaves.map(({ grad, data }) => [...(grad?.data ?? data.map(() => 0))]),
  };
}
