import { flag, fraction, nonNegative, type OptionTable } from "../options.js";
import type { Tensor } from "../tensor/index.js";
import { kernels } from "../tensor/kernels/index.js";
import { floatsOf, writableFloats } from "../tensor/tensor.js";
import { Optimizer, type ParameterState } from "./optimizer.js";
import type { Params } from "./paramGroups.js";

export interface RMSpropOptions {
  /** Learning rate η ≥ 0. Default 1e-2. */
  readonly lr?: number;
  /** How slowly the averages forget, α in [0, 1]. Default 0.99. */
  readonly alpha?: number;
  /** Added to the denominator, ≥ 0. Default 1e-8. */
  readonly eps?: number;
  /** L2 penalty λ ≥ 0. Default 0. */
  readonly weightDecay?: number;
  /** Momentum μ ≥ 0. Default 0. */
  readonly momentum?: number;
  /** Divides by the standard deviation of the gradient instead of its root mean square. Default false. */
  readonly centered?: boolean;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

type Settings = { -readonly [Name in keyof RMSpropOptions]-?: RMSpropOptions[Name] };

const OPTIONS: OptionTable<Settings> = {
  lr: nonNegative(1e-2),
  alpha: fraction(0.99),
  eps: nonNegative(1e-8),
  weightDecay: nonNegative(0),
  momentum: nonNegative(0),
  centered: flag(false),
  maximize: flag(false),
};

/**
 * Tieleman and Hinton, "Lecture 6.5: rmsprop" (Neural Networks for Machine Learning, 2012); centred as in Graves,
 * "Generating sequences with recurrent neural networks" (2013).
 *
 *     d = g + λ p (−g + λ p with `maximize`)
 *     v ← α v + (1 − α) d²
 *     m ← α m + (1 − α) d with `centered`, else 0
 *     b ← μ b + d / (√(v − m²) + ε)
 *     p ← p − η b
 *
 * Where rounding would take v − m² below zero it counts as zero; PyTorch gives NaN there.
 *
 * Throws `RangeError` on options out of range, on an empty list, and on parameters that are not leaves; `TypeError`
 * on unknown options and on what is not a tensor.
 *
 * @example
 * const optimizer = new RMSprop(model.parameters(), { lr: 1e-3, momentum: 0.9, centered: true });
 */
export class RMSprop extends Optimizer<Settings> {
  constructor(params: Params<RMSpropOptions>, options: RMSpropOptions = {}) {
    super("RMSprop", params, OPTIONS, options);
  }

  protected override stateNames({ momentum, centered }: Settings): readonly string[] {
    return ["square_avg", ...(centered ? ["grad_avg"] : []), ...(momentum === 0 ? [] : ["momentum_buffer"])];
  }

  protected override update(parameter: Tensor, grad: Tensor, { tensors }: ParameterState, options: Settings): void {
    const { lr, alpha, eps, momentum, weightDecay, centered, maximize } = options;
    const arrays = tensors.map(writableFloats);
    const gradAvg = centered ? arrays[1] : null;
    const buffer = momentum === 0 ? null : arrays[arrays.length - 1];
    const args = [lr, alpha, eps, momentum, weightDecay] as const;
    kernels.rmspropStep(writableFloats(parameter), floatsOf(grad), arrays[0], gradAvg, buffer, ...args, maximize);
  }
}
