import { flag, nonNegative, type OptionTable, pairBelowOne } from "../options.js";
import type { Tensor } from "../tensor/index.js";
import { kernels } from "../tensor/kernels/index.js";
import { floatsOf, writableFloats } from "../tensor/tensor.js";
import { Optimizer, type ParameterState } from "./optimizer.js";
import type { Params } from "./paramGroups.js";

export interface AdamOptions {
  /** Learning rate η ≥ 0. Default 1e-3. */
  readonly lr?: number;
  /** How slowly the averages of the gradient (β₁) and of its square (β₂) forget, in [0, 1). Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the denominator, ≥ 0. Default 1e-8. */
  readonly eps?: number;
  /** λ ≥ 0: in Adam an L2 penalty, default 0; in AdamW the decay of the weights themselves, default 1e-2. */
  readonly weightDecay?: number;
  /** Divides by the largest average of squares so far. Default false. */
  readonly amsgrad?: boolean;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

/** All of {@link AdamOptions}, decided. */
export type AdamSettings = { -readonly [Name in keyof AdamOptions]-?: AdamOptions[Name] };

/** What Adam and AdamW share: everything but where weight decay enters. */
export abstract class AdamRule extends Optimizer<AdamSettings> {
  constructor(kind: string, params: Params<AdamOptions>, options: AdamOptions, weightDecay: number) {
    const table: OptionTable<AdamSettings> = {
      lr: nonNegative(1e-3),
      betas: pairBelowOne([0.9, 0.999]),
      eps: nonNegative(1e-8),
      weightDecay: nonNegative(weightDecay),
      amsgrad: flag(false),
      maximize: flag(false),
    };
    super(kind, params, table, options);
  }

  protected override stateNames({ amsgrad }: AdamSettings): readonly string[] {
    return ["exp_avg", "exp_avg_sq", ...(amsgrad ? ["max_exp_avg_sq"] : [])];
  }

  /** One step with an L2 penalty, the parameter itself being multiplied by `shrink`. */
  protected move(parameter: Tensor, grad: Tensor, state: ParameterState, options: AdamSettings, shrink: number): void {
    const { lr, betas, eps, weightDecay, maximize } = options;
    const [beta1, beta2] = betas;
    const [expAvg, expAvgSq, maxExpAvgSq = null] = state.tensors.map(writableFloats);
    const stepSize = lr / (1 - beta1 ** state.step);
    const correction = Math.sqrt(1 - beta2 ** state.step);
    const args = [stepSize, correction, beta1, beta2, eps, weightDecay, shrink] as const;
    kernels.adamStep(writableFloats(parameter), floatsOf(grad), expAvg, expAvgSq, maxExpAvgSq, ...args, maximize);
  }
}

/**
 * Kingma and Ba, "Adam: a method for stochastic optimization" (2015); `amsgrad` after Reddi, Kale and Kumar, "On the
 * convergence of Adam and beyond" (2018).
 *
 *     d = g + λ p (−g + λ p with `maximize`)
 *     m ← β₁ m + (1 − β₁) d
 *     v ← β₂ v + (1 − β₂) d²;  v̂ = v, or with `amsgrad` the largest v so far
 *     p ← p − η · m / (1 − β₁ᵗ) / (√(v̂ / (1 − β₂ᵗ)) + ε)
 *
 * Averages decay everywhere, also in the rows of an embedding that a batch did not touch.
 *
 * Throws `RangeError` on options out of range, on an empty list, and on parameters that are not leaves; `TypeError`
 * on unknown options and on what is not a tensor.
 *
 * @example
 * const optimizer = new Adam(model.parameters(), { lr: 1e-3, betas: [0.9, 0.98] });
 */
export class Adam extends AdamRule {
  constructor(params: Params<AdamOptions>, options: AdamOptions = {}) {
    super("Adam", params, options, 0);
  }

  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: AdamSettings): void {
    this.move(parameter, grad, state, options, 1);
  }
}
