import { checkProbability, dropout } from "../autograd/ops/dropout.js";
import { checkOptions, type OptionTable } from "../options.js";
import { type Generator, generatorOption } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import { named } from "./repr.js";

export interface DropoutModuleOptions {
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<DropoutModuleOptions> = { generator: generatorOption };

/** Sets each element to 0 with probability p while training, and scales the others by 1 / (1 − p); the identity in `eval`. */
export class Dropout extends Module {
  readonly p: number;
  readonly generator: Generator | undefined;

  /** Throws `RangeError` unless 0 ≤ p ≤ 1. */
  constructor(p = 0.5, options: DropoutModuleOptions = {}) {
    super();
    checkProbability("Dropout", p);
    checkOptions("Dropout", OPTIONS, options);
    this.p = p;
    this.generator = options.generator;
  }

  /** x of any shape → the same shape. */
  forward(x: Tensor): Tensor {
    return dropout(x, this.p, { training: this.training, generator: this.generator });
  }

  protected override extraRepr(): string {
    return named({ p: this.p }).join();
  }
}
