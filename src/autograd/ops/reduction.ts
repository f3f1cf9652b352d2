import { oneOf } from "../../options.js";
import { empty, zeroed } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { numel, type Shape } from "../../tensor/shape.js";
import { allocate, dtypeOf, type FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import type { Accumulator } from "../engine.js";
import { type Backward, type RecordOptions, record } from "../record.js";
import type { Unset } from "../unset.js";

/** What becomes of the losses: their mean, their sum, or each for itself. */
export type Reduction = "mean" | "sum" | "none";

export const reductionOption = oneOf(["mean", "sum", "none"]);

/** Adds to the gradients of the inputs, given the gradient of every loss. */
export type LossBackward = (dxs: Accumulator[], dloss: FloatArray, unset: Unset) => void;

/**
 * Records the reduced loss: Σ losses / `divisor` for a mean, Σ losses, or the losses as they are, of `shape`. `options` are
 * those of the record.
 */
export function reduceLoss(
  op: string,
  inputs: readonly Tensor[],
  losses: FloatArray,
  shape: Shape,
  reduction: Reduction,
  divisor: number,
  flow: LossBackward,
  options: RecordOptions,
): Tensor {
  const dtype = dtypeOf(losses);
  if (reduction === "none") {
    const y = empty(op, shape, dtype);
    floatsOf(y).set(losses);
    return record(op, y, inputs, (dy, dxs, unset) => flow(dxs, dy, unset), options);
  }
  const n = numel(shape);
  const scale = reduction === "mean" ? 1 / divisor : 1;
  const total = zeroed(op, [], dtype);
  kernels.sum(floatsOf(total), losses, 1, n, 1);
  // 0 · ∞ is NaN: the mean over nothing at all, as in PyTorch.
  floatsOf(total)[0] *= scale;
  const spread: Backward = (dy, dxs, unset) => flow(dxs, allocate(n, dtype).fill(dy[0] * scale), unset);
  return record(op, total, inputs, spread, options);
}
