import { flag, nonNegative, type OptionTable } from "../options.js";
import type { Tensor } from "../tensor/index.js";
import { kernels } from "../tensor/kernels/index.js";
import { floatsOf, writableFloats } from "../tensor/tensor.js";
import { Optimizer, type ParameterState } from "./optimizer.js";
import type { Params } from "./paramGroups.js";

export interface AdagradOptions {
  /** Learning rate η ≥ 0. Default 1e-2. */
  readonly lr?: number;
  /** Decay γ ≥ 0 of the learning rate: at step t it is η / (1 + (t − 1) γ). Default 0. */
  readonly lrDecay?: number;
  /** L2 penalty λ ≥ 0. Default 0. */
  readonly weightDecay?: number;
  /** What the sum of squares starts from, ≥ 0. Default 0. */
  readonly initialAccumulatorValue?: number;
  /** Added to the denominator, ≥ 0. Default 1e-10. */
  readonly eps?: number;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

type Settings = { -readonly [Name in keyof AdagradOptions]-?: AdagradOptions[Name] };

const OPTIONS: OptionTable<Settings> = {
  lr: nonNegative(1e-2),
  lrDecay: nonNegative(0),
  weightDecay: nonNegative(0),
  initialAccumulatorValue: nonNegative(0),
  eps: nonNegative(1e-10),
  maximize: flag(false),
};

/**
 * Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization" (2011):
 * steps shrink with all the gradient a weight has ever seen.
 *
 *     d = g + λ p (−g + λ p with `maximize`)
 *     s ← s + d²
 *     p ← p − η / (1 + (t − 1) γ) · d / (√s + ε)
 *
 * Throws `RangeError` on options out of range, on an empty list, and on parameters that are not leaves; `TypeError`
 * on unknown options and on what is not a tensor.
 *
 * @example
 * const optimizer = new Adagrad(model.parameters(), { lr: 0.05, lrDecay: 1e-4 });
 */
export class Adagrad extends Optimizer<Settings> {
  constructor(params: Params<AdagradOptions>, options: AdagradOptions = {}) {
    super("Adagrad", params, OPTIONS, options);
  }

  protected override stateNames(): readonly string[] {
    return ["sum"];
  }

  protected override initialState({ initialAccumulatorValue }: Settings): number {
    return initialAccumulatorValue;
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    { step, tensors: [sum] }: ParameterState,
    options: Settings,
  ): void {
    const { lr, lrDecay, eps, weightDecay, maximize } = options;
    const decayed = lr / (1 + (step - 1) * lrDecay);
    kernels.adagradStep(
      writableFloats(parameter),
      floatsOf(grad),
      writableFloats(sum),
      decayed,
      eps,
      weightDecay,
      maximize,
    );
  }
}
