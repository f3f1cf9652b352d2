import type { Module } from "../../nn/module.js";
import { clipGradNorm } from "../../optim/clipGradNorm.js";
import type { Optimizer } from "../../optim/optimizer.js";
import { full } from "../../tensor/create.js";
import { scope } from "../../tensor/scope.js";
import { floatsOf, gradOf } from "../../tensor/tensor.js";
import type { BatchLoss } from "./task.js";

/** What one update did. */
export interface Update {
  /** Mean loss of the batch before it. */
  readonly loss: number;
  /** Over how many things, such as target tokens, the loss is the mean. */
  readonly count: number;
}

/**
 * One update: the loss, its gradients (times its scale), clipped to `clipNorm`, and the optimiser's step. Everything computed on the way
 * ends with it. Throws `Error`, before any parameter changes, when the loss or a gradient is not finite; its message
 * tells `where`, such as "at step 3".
 */
export function update(
  model: Module,
  optimizer: Optimizer,
  lossOf: () => BatchLoss,
  { clipNorm, where }: { readonly clipNorm: number; readonly where: string },
): Update {
  return scope(() => {
    optimizer.zeroGrad();
    const { loss, count, scale = 1 } = lossOf();
    loss.backward(scale === 1 ? undefined : full(loss.shape, scale, { dtype: loss.dtype }));
    if (!Number.isFinite(loss.item())) throw notFinite(model, loss.item(), where);
    try {
      // No norm exceeds the largest number: nothing is clipped then, but what is not finite is still found.
      clipGradNorm(optimizer.parameters, Math.min(clipNorm, Number.MAX_VALUE), { errorIfNonfinite: true });
    } catch (cause) {
      throw notFinite(model, loss.item(), where, cause);
    }
    optimizer.step();
    return { loss: loss.item(), count };
  });
}

function notFinite(model: Module, loss: number, where: string, cause?: unknown): Error {
  const named = [...model.namedParameters()];
  const parameter = named.find(([, tensor]) => isBroken(floatsOf(tensor)));
  const gradient = named.find(([, tensor]) => {
    const grad = gradOf(tensor);
    return grad && isBroken(floatsOf(grad));
  });
  const first = parameter
    ? `the first such parameter is ${parameter[0]}`
    : gradient
      ? `the first such gradient is that of ${gradient[0]}`
      : "all parameters and gradients are finite";
  return new Error(
    `train: expected a finite loss and gradients, got loss ${loss} ${where}; ${first}. ` +
      "A lower learning rate or a smaller clip norm may help",
    { cause },
  );
}

function isBroken(data: ArrayLike<number>): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return true;
  return false;
}
