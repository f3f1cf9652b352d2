import { flag, fraction, nonNegative, type OptionTable } from "../options.js";
import type { Tensor } from "../tensor/index.js";
import { kernels } from "../tensor/kernels/index.js";
import { floatsOf, writableFloats } from "../tensor/tensor.js";
import { Optimizer, type ParameterState } from "./optimizer.js";
import type { Params } from "./paramGroups.js";

export interface AdadeltaOptions {
  /** Learning rate η ≥ 0, a factor on a step that has its own size. Default 1. */
  readonly lr?: number;
  /** How slowly the averages forget, ρ in [0, 1]. Default 0.9. */
  readonly rho?: number;
  /** Added under both roots, ≥ 0. Default 1e-6. */
  readonly eps?: number;
  /** L2 penalty λ ≥ 0. Default 0. */
  readonly weightDecay?: number;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

type Settings = { -readonly [Name in keyof AdadeltaOptions]-?: AdadeltaOptions[Name] };

const OPTIONS: OptionTable<Settings> = {
  lr: nonNegative(1),
  rho: fraction(0.9),
  eps: nonNegative(1e-6),
  weightDecay: nonNegative(0),
  maximize: flag(false),
};

/**
 * Zeiler, "ADADELTA: an adaptive learning rate method" (2012): the size of a step comes from the steps before it.
 *
 *     d = g + λ p (−g + λ p with `maximize`)
 *     v ← ρ v + (1 − ρ) d²
 *     Δ = d √(u + ε) / √(v + ε)
 *     u ← ρ u + (1 − ρ) Δ²
 *     p ← p − η Δ
 *
 * Throws `RangeError` on options out of range, on an empty list, and on parameters that are not leaves; `TypeError`
 * on unknown options and on what is not a tensor.
 *
 * @example
 * const optimizer = new Adadelta(model.parameters(), { rho: 0.95 });
 */
export class Adadelta extends Optimizer<Settings> {
  constructor(params: Params<AdadeltaOptions>, options: AdadeltaOptions = {}) {
    super("Adadelta", params, OPTIONS, options);
  }

  protected override stateNames(): readonly string[] {
    return ["square_avg", "acc_delta"];
  }

  protected override update(parameter: Tensor, grad: Tensor, { tensors }: ParameterState, options: Settings): void {
    const { lr, rho, eps, weightDecay, maximize } = options;
    const [squareAvg, accDelta] = tensors.map(writableFloats);
    kernels.adadeltaStep(
      writableFloats(parameter),
      floatsOf(grad),
      squareAvg,
      accDelta,
      lr,
      rho,
      eps,
      weightDecay,
      maximize,
    );
  }
}
