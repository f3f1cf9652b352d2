import { layerNorm } from "../autograd/ops/index.js";
import { checkOptions, flag, nonNegative, type OptionTable } from "../options.js";
import { dtypeOption } from "../tensor/checks.js";
import { ones, zeros } from "../tensor/create.js";
import { formatShape, type Shape } from "../tensor/shape.js";
import type { DType } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkSizes, Module } from "./module.js";
import { named } from "./repr.js";

export interface LayerNormOptions {
  /** Added to the variance, ≥ 0. Default 1e-5. */
  readonly eps?: number;
  /** Whether there are a weight and a bias to learn. Default true. */
  readonly elementwiseAffine?: boolean;
  /** Whether there is a bias beside the weight. Default true. */
  readonly bias?: boolean;
  /** Default "float32"; "float64" is for checking. */
  readonly dtype?: DType;
}

const OPTIONS: OptionTable<LayerNormOptions> = {
  eps: nonNegative(),
  elementwiseAffine: flag(),
  bias: flag(),
  dtype: dtypeOption,
};

/**
 * y = (x − μ) / √(σ² + eps) · weight + bias, mean and variance being those of the last dimensions, `normalizedShape`, one by
 * one for all others.  (Ba, Kiros and Hinton, "Layer normalization", 2016)
 * Parameters `weight` and `bias`, of that shape, start at 1 and 0.
 *
 * @example
 * new LayerNorm(8).forward(randn([5, 3, 8])).shape; // [5, 3, 8]
 */
export class LayerNorm extends Module {
  readonly normalizedShape: Shape;
  readonly eps: number;
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;

  /** Throws `RangeError` on a size below 1 or an option out of range, and `TypeError` on an option that there is not. */
  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    super();
    checkOptions("LayerNorm", OPTIONS, options);
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    checkSizes("LayerNorm", Object.fromEntries(this.normalizedShape.map((size, d) => [`normalizedShape[${d}]`, size])));
    this.eps = eps;
    const fresh = (make: typeof ones): Tensor => make(this.normalizedShape, { dtype, lifetime: "persistent" });
    this.weight = elementwiseAffine ? this.registerParameter("weight", fresh(ones)) : null;
    this.bias = elementwiseAffine && bias ? this.registerParameter("bias", fresh(zeros)) : null;
  }

  /** x [..., ...normalizedShape] → the same shape. Throws `RangeError` when x ends otherwise. */
  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, this.eps);
  }

  protected override extraRepr(): string {
    const { normalizedShape, eps, weight, bias } = this;
    const options = named({ eps, elementwiseAffine: weight !== null });
    return [formatShape(normalizedShape), ...options, ...(weight && !bias ? ["bias=false"] : [])].join(", ");
  }
}
