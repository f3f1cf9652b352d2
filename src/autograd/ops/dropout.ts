import { empty } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { defaultGenerator, type Generator } from "../../tensor/random.js";
import { allocateUnset, type DType, type FloatArray } from "../../tensor/storage.js";
import type { Tensor } from "../../tensor/tensor.js";
import { record } from "../record.js";

export interface DropoutOptions {
  /** Off outside training: then y = x. Default true. */
  readonly training?: boolean;
  readonly generator?: Generator;
}

/**
 * y = x · m, where each element of m is 0 with probability p, and 1 / (1 − p) otherwise, so that the expectation stays.
 * dx = dy · m.  (Srivastava et al., 2014.)  Throws `RangeError` unless 0 ≤ p ≤ 1.
 */
export function dropout(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`dropout: expected a probability from 0 to 1, got ${p}`);
  if (options.training === false || p === 0) return x;
  const mask = dropoutMask(x.data.length, p, options.generator ?? defaultGenerator, x.dtype);
  const y = empty("dropout", x.shape, x.dtype);
  kernels.mul(y.data, x.data, mask);
  return record("dropout", y, [x], (dy, [dx]) => {
    if (dx) kernels.addProduct(dx, dy, mask);
  });
}

/** 0 with probability p, and 1 / (1 − p) otherwise. */
export function dropoutMask(length: number, p: number, generator: Generator, dtype: DType): FloatArray {
  const mask = allocateUnset(length, dtype);
  const kept = p === 1 ? 0 : 1 / (1 - p);
  for (let i = 0; i < length; i++) mask[i] = generator.random() < p ? 0 : kept;
  return mask;
}
