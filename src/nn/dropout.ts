import { dropout } from "../autograd/ops/index.js";
import type { Generator } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** Sets each element to 0 with probability p while training, and scales the others by 1 / (1 − p); the identity in `eval`. */
export class Dropout extends Module {
  readonly p: number;
  readonly generator: Generator | undefined;

  /** Throws `RangeError` unless 0 ≤ p ≤ 1. */
  constructor(p = 0.5, { generator }: { readonly generator?: Generator } = {}) {
    super();
    if (!(p >= 0 && p <= 1)) throw new RangeError(`Dropout: expected a probability from 0 to 1, got ${p}`);
    this.p = p;
    this.generator = generator;
  }

  /** x of any shape → the same shape. */
  forward(x: Tensor): Tensor {
    return dropout(x, this.p, { training: this.training, generator: this.generator });
  }
}
