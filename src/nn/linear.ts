import { linear, type PackedWeights } from "../autograd/ops/index.js";
import { checkShapeIs } from "../autograd/ops/operands.js";
import { isGradEnabled } from "../autograd/switches.js";
import { anything, checkOptions, flag, type OptionTable } from "../options.js";
import { dtypeOption } from "../tensor/checks.js";
import { zeros } from "../tensor/create.js";
import { type Generator, generatorOption } from "../tensor/random.js";
import type { DType } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Cached, cachedWeights } from "./cached.js";
import { uniform } from "./init.js";
import { checkSizes, Module } from "./module.js";
import { named } from "./repr.js";

export interface LinearOptions {
  /** Default true. */
  readonly bias?: boolean;
  /** Another module's parameter [outFeatures, inFeatures] to share, rather than one of its own. */
  readonly weight?: Tensor;
  /** Default "float32"; "float64" is for checking. */
  readonly dtype?: DType;
  readonly generator?: Generator;
}

const OPTIONS: OptionTable<LinearOptions> = {
  bias: flag(),
  weight: anything(),
  dtype: dtypeOption,
  generator: generatorOption,
};

/**
 * y = x·Wᵀ + b; `weight` [outFeatures, inFeatures] and `bias` [outFeatures] start uniform in ±1/√inFeatures.
 *
 * @example
 * new Linear(3, 5).forward(zeros([2, 3])).shape; // [2, 5]
 */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** The weight packed, for when no history is wanted and it therefore seldom changes. */
  readonly #packed: Cached<PackedWeights>;

  /** Throws `RangeError` on a size below 1 or a weight of another shape, and `TypeError` on an option that there is not. */
  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    checkOptions("Linear", OPTIONS, options);
    const { bias = true, weight, dtype = weight?.dtype, generator } = options;
    checkSizes("Linear", { inFeatures, outFeatures });
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    const bound = 1 / Math.sqrt(inFeatures);
    const fresh = (...shape: number[]): Tensor =>
      uniform(zeros(shape, { dtype, lifetime: "persistent" }), -bound, bound, generator);
    if (weight) checkShapeIs("Linear", "weight", weight, [outFeatures, inFeatures]);
    this.weight = this.registerParameter("weight", weight ?? fresh(outFeatures, inFeatures));
    this.bias = bias ? this.registerParameter("bias", fresh(outFeatures)) : null;
    this.#packed = this.owns(cachedWeights([{ weight: this.weight }]));
  }

  /** x [..., inFeatures] → [..., outFeatures]. Throws `RangeError` when the last size is another. */
  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias, isGradEnabled() ? null : this.#packed.get());
  }

  protected override extraRepr(): string {
    return named({ inFeatures: this.inFeatures, outFeatures: this.outFeatures, bias: this.bias !== null }).join(", ");
  }
}
