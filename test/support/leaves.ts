import { Generator, randn, type Shape, type Tensor, tensor } from "../../src/tensor/index.js";

/** Vitest gives every test file its own copy of this module, so the numbers do not depend on other files. */
const generator = new Generator(12);

/** A float64 leaf of normal numbers, wanting a gradient. */
export function leaf(...shape: number[]): Tensor {
  return randn(shape, { dtype: "float64", requiresGrad: true, generator });
}

/** A float64 leaf in [0.5, 2): for log, sqrt and divisors. */
export function positive(...shape: number[]): Tensor {
  const x = leaf(...shape);
  for (let i = 0; i < x.data.length; i++) x.data[i] = 0.5 + 1.5 * generator.random();
  return x;
}

/** A float64 leaf of shuffled numbers, 0.3 apart from one another and never near 0: for max and relu, which have corners. */
export function apart(...shape: number[]): Tensor {
  const x = leaf(...shape);
  for (let i = 0; i < x.data.length; i++) x.data[i] = 0.3 * (i - Math.floor(x.data.length / 2)) + 0.1;
  generator.shuffle(x.data);
  return x;
}

/** A copy in the given precision, wanting a gradient too. */
export function copy(x: Tensor, dtype = x.dtype): Tensor {
  return tensor(Float64Array.from(x.data), x.shape, { dtype, requiresGrad: true });
}

/** Normal float32 numbers from a seed of their own, wanting no gradient. */
export function noise(shape: Shape, seed: number): Tensor {
  return randn(shape, { generator: new Generator(seed) });
}
