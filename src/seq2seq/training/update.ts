import { AnomalyError, allFinite, detectAnomaly } from "../../autograd/anomaly.js";
import type { Module } from "../../nn/module.js";
import { clipGradNorm } from "../../optim/clipGradNorm.js";
import type { Optimizer } from "../../optim/optimizer.js";
import { full } from "../../tensor/create.js";
import { scope } from "../../tensor/scope.js";
import { floatsOf, gradOf, type Tensor } from "../../tensor/tensor.js";
import type { BatchLoss } from "./task.js";

export interface UpdateOptions {
  readonly clipNorm: number;
  /** For messages, such as "at step 3". */
  readonly where: string;
  /** Whether an update whose loss or gradient is not finite is left out. Default false: it is an error. */
  readonly skipNonfinite?: boolean;
  /** Whether ops look for the first number that is not finite. Default false. */
  readonly detectAnomaly?: boolean;
}

/** What one update did. */
export interface Update {
  /** Mean loss of the batch before it. */
  readonly loss: number;
  /** Over how many things, such as target tokens, the loss is the mean. */
  readonly count: number;
  /** Whether no parameter was changed, as the loss or a gradient was not finite. */
  readonly skipped: boolean;
}

/**
 * One update: the loss, its gradients (times its scale), clipped to `clipNorm`, and the optimiser's step. Everything
 * computed on the way ends with it.
 *
 * Throws `Error` when the loss or a gradient is not finite, before any parameter changes, unless that is to be skipped; when a
 * parameter is not finite, before the step or after it; and with `detectAnomaly` what that throws, named after the parameters
 * that the op read.
 */
export function update(
  model: Module,
  optimizer: Optimizer,
  lossOf: () => BatchLoss,
  { clipNorm, where, skipNonfinite = false, detectAnomaly: isDetecting = false }: UpdateOptions,
): Update {
  return scope(() => {
    optimizer.zeroGrad();
    const computed = (): BatchLoss => withGradients(lossOf());
    const { loss, count } = isDetecting ? namingParameters(model, where, () => detectAnomaly(computed)) : computed();
    const fault = faultOf(optimizer, loss.item(), clipNorm);
    if (fault) {
      const parameter = firstBroken(model, (tensor) => tensor);
      if (!skipNonfinite || parameter !== null) throw notFinite(model, loss.item(), where, parameter, fault.cause);
      return { loss: loss.item(), count, skipped: true };
    }
    optimizer.step();
    checkWeights(model, optimizer, where);
    return { loss: loss.item(), count, skipped: false };
  });
}

function withGradients(batch: BatchLoss): BatchLoss {
  const { loss, scale = 1 } = batch;
  loss.backward(scale === 1 ? undefined : full(loss.shape, scale, { dtype: loss.dtype }));
  return batch;
}

/** Clips the gradients; null, unless they or the loss are not finite: nothing is changed then. */
function faultOf(optimizer: Optimizer, loss: number, clipNorm: number): { readonly cause?: unknown } | null {
  if (!Number.isFinite(loss)) return {};
  try {
    // No norm exceeds the largest number: nothing is clipped then, but what is not finite is still found.
    clipGradNorm(optimizer.parameters, Math.min(clipNorm, Number.MAX_VALUE), { errorIfNonfinite: true });
    return null;
  } catch (cause) {
    return { cause };
  }
}

/** Finite gradients may still lead to a weight that is not, as with a huge learning rate. */
function checkWeights(model: Module, optimizer: Optimizer, where: string): void {
  if (optimizer.parameters.every(isWhole)) return;
  const name = firstBroken(model, (tensor) => tensor) ?? "one that is not the model's";
  throw new Error(
    `train: expected finite weights after the update ${where}; the first parameter that is not is ${name}, with finite ` +
      "gradients. A lower learning rate may help",
  );
}

function notFinite(model: Module, loss: number, where: string, parameter: string | null, cause: unknown): Error {
  const gradient = firstBroken(model, gradOf);
  const first =
    parameter !== null
      ? `the first such parameter is ${parameter}`
      : gradient !== null
        ? `the first such gradient is that of ${gradient}`
        : "all parameters and gradients are finite";
  return new Error(
    `train: expected a finite loss and gradients, got loss ${loss} ${where}; ${first}. ` +
      "A lower learning rate or a smaller clip norm may help",
    { cause },
  );
}

/** What `body` returns. An anomaly's message is told with the names of the parameters that its op was given. */
function namingParameters<R>(model: Module, where: string, body: () => R): R {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof AnomalyError)) throw error;
    const names = new Map([...model.namedParameters()].map(([name, parameter]) => [parameter, name]));
    const read = error.inputs.flatMap((input) => (input && names.get(input)) ?? []);
    const given = read.length > 0 ? ` (it was given ${read.join(", ")})` : "";
    throw new Error(`train: ${where}: ${error.phase} of ${error.message}${given}`, { cause: error });
  }
}

/** The name of the first parameter that is not finite, or whose gradient is not; null when there is none. */
function firstBroken(model: Module, part: (parameter: Tensor) => Tensor | null): string | null {
  for (const [name, parameter] of model.namedParameters()) {
    const tensor = part(parameter);
    if (tensor && !isWhole(tensor)) return name;
  }
  return null;
}

function isWhole(tensor: Tensor): boolean {
  return allFinite(floatsOf(tensor));
}
