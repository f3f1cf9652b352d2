import type { Tensor } from "../tensor/index.js";
import { type AdamOptions, AdamRule, type AdamSettings } from "./adam.js";
import type { ParameterState } from "./optimizer.js";
import type { Params } from "./paramGroups.js";

/**
 * Loshchilov and Hutter, "Decoupled weight decay regularization" (2019): Adam whose weight decay does not pass
 * through the averages.
 *
 *     p ← (1 − η λ) p, then Adam's step with d = g (−g with `maximize`)
 *
 * Options as in Adam, but `weightDecay` defaults to 1e-2.
 *
 * Throws `RangeError` on options out of range, on an empty list, and on parameters that are not leaves; `TypeError`
 * on unknown options and on what is not a tensor.
 *
 * @example
 * const optimizer = new AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.05 });
 */
export class AdamW extends AdamRule {
  constructor(params: Params<AdamOptions>, options: AdamOptions = {}) {
    super("AdamW", params, options, 1e-2);
  }

  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: AdamSettings): void {
    this.move(parameter, grad, state, { ...options, weightDecay: 0 }, 1 - options.lr * options.weightDecay);
  }
}
