import { finite, flag, nonNegative, type OptionTable } from "../options.js";
import type { Tensor } from "../tensor/index.js";
import { kernels } from "../tensor/kernels/index.js";
import { floatsOf, writableFloats } from "../tensor/tensor.js";
import { Optimizer, type ParameterState } from "./optimizer.js";
import type { Params } from "./paramGroups.js";
import { rowWidth, touchedRows } from "./touchedRows.js";

export interface SGDOptions {
  /** Learning rate η ≥ 0. Default 1e-3. */
  readonly lr?: number;
  /** Momentum μ ≥ 0. Default 0: none, and no state. */
  readonly momentum?: number;
  /** How much of the gradient τ is kept out of the momentum, from its second step on. Default 0. */
  readonly dampening?: number;
  /** L2 penalty λ ≥ 0. Default 0. */
  readonly weightDecay?: number;
  /** Looks ahead along the momentum; needs momentum > 0 and dampening 0. Default false. */
  readonly nesterov?: boolean;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

type Settings = { -readonly [Name in keyof SGDOptions]-?: SGDOptions[Name] };

const OPTIONS: OptionTable<Settings> = {
  lr: nonNegative(1e-3),
  momentum: nonNegative(0),
  dampening: finite(0),
  weightDecay: nonNegative(0),
  nesterov: flag(false),
  maximize: flag(false),
};

/**
 * Stochastic gradient descent, with momentum as in Sutskever et al., "On the importance of initialization and
 * momentum in deep learning" (2013), in PyTorch's form, where the learning rate stands outside the buffer:
 *
 *     d = g + λ p (−g + λ p with `maximize`)
 *     b ← d at the first step, then μ b + (1 − τ) d
 *     p ← p − η b;  with `nesterov` p − η (d + μ b);  without momentum p − η d
 *
 * Without momentum and weight decay, only the touched rows of a gradient are visited: elsewhere nothing would change.
 *
 * Throws `RangeError` on options out of range, on an empty list, and on parameters that are not leaves; `TypeError`
 * on unknown options and on what is not a tensor.
 *
 * @example
 * const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, nesterov: true });
 * optimizer.zeroGrad();
 * loss.backward();
 * optimizer.step();
 *
 * @example
 * // Groups, with options of their own beside those of all.
 * new SGD([{ params: encoder.parameters(), lr: 0.01 }, { params: decoder.parameters() }], { lr: 0.1 });
 */
export class SGD extends Optimizer<Settings> {
  constructor(params: Params<SGDOptions>, options: SGDOptions = {}) {
    super("SGD", params, OPTIONS, options);
  }

  protected override checkTogether(op: string, { nesterov, momentum, dampening }: Settings): void {
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      const got = `momentum ${momentum} and dampening ${dampening}`;
      throw new RangeError(`${op}: expected momentum > 0 and dampening 0 with nesterov, got ${got}`);
    }
  }

  protected override stateNames({ momentum }: Settings): readonly string[] {
    return momentum === 0 ? [] : ["momentum_buffer"];
  }

  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: Settings): void {
    const { lr, momentum, weightDecay, nesterov, maximize } = options;
    const p = writableFloats(parameter);
    const g = floatsOf(grad);
    const rows = momentum === 0 && weightDecay === 0 ? touchedRows(grad) : null;
    if (rows) {
      kernels.sgdStepRows(p, g, rows, rowWidth(grad), lr, maximize);
      return;
    }
    const buffer = momentum === 0 ? null : writableFloats(state.tensors[0]);
    // The buffer starts as the whole first gradient; it is zero then, so that leaving out the dampening is enough.
    const dampening = state.step === 1 ? 0 : options.dampening;
    kernels.sgdStep(p, g, buffer, lr, momentum, dampening, weightDecay, nesterov, maximize);
  }
}
