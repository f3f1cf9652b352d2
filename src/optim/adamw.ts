import type { Tensor } from "../tensor/index.js";
import { type AdamOptions, AdamRule } from "./adam.js";
import type { ParameterState } from "./optimizer.js";

/**
 * Loshchilov and Hutter, "Decoupled weight decay regularization" (2019): Adam whose weight decay does not pass
 * through the averages.
 *
 *     p ← (1 − η λ) p, then Adam's step with d = g (−g with `maximize`)
 *
 * Options as in Adam, but `weightDecay` defaults to 1e-2.
 *
 * Throws `RangeError` on options out of range, on an empty list, and on parameters that are not leaves requiring
 * grad; `TypeError` on unknown options and on what is not a tensor.
 *
 * @example
 * const optimizer = new AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.05 });
 */
export class AdamW extends AdamRule {
  constructor(parameters: Iterable<Tensor>, options: AdamOptions = {}) {
    super("AdamW", parameters, options, 1e-2);
  }

  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState): void {
    this.move(parameter, grad, state, 0, 1 - this.lr * this.options.weightDecay);
  }
}
