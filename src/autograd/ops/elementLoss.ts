import { anything, checkOptions, type OptionTable } from "../../options.js";
import { checkTensors } from "../../tensor/checks.js";
import { kernels } from "../../tensor/kernels/index.js";
import { broadcastShapes, formatShape, numel, sameShape } from "../../tensor/shape.js";
import { allocate, type FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { checkConstant, checkDtypes, checkShapeIs, expanded } from "./operands.js";
import { type LossBackward, type Reduction, reduceLoss, reductionOption } from "./reduction.js";

export interface MseLossOptions {
  /** Default "mean", over all elements. */
  readonly reduction?: Reduction;
}

export const mseLossOptions: OptionTable<MseLossOptions> = { reduction: reductionOption };

/**
 * Squared error: loss = (x − target)².  dx = dloss · 2 (x − target), dtarget = −dx
 * x and target of one shape → scalar, or that shape for reduction "none".
 * Throws `RangeError` on shapes that differ: stretching one to the other is seldom meant.
 *
 * @example
 * mseLoss(tensor([1, 2]), tensor([1, 4])).item(); // 2
 */
export function mseLoss(x: Tensor, target: Tensor, options: MseLossOptions = {}): Tensor {
  checkOptions("mseLoss", mseLossOptions, options);
  checkTarget("mseLoss", x, target);
  const n = numel(x.shape);
  const losses = allocate(n, x.dtype);
  kernels.squaredError(losses, floatsOf(x), floatsOf(target));
  const { reduction = "mean" } = options;
  const inputs = [x, target];
  const flow: LossBackward = ([dx, dtarget], dloss) => {
    if (dx) kernels.squaredErrorBackward(dx, dloss, floatsOf(x), floatsOf(target));
    if (dtarget) kernels.squaredErrorBackward(dtarget, dloss, floatsOf(target), floatsOf(x));
  };
  return reduceLoss("mseLoss", inputs, losses, x.shape, reduction, n, flow, { saved: inputs });
}

export interface BinaryCrossEntropyOptions {
  /** w, a factor of each loss; broadcasts to the input. Default 1. */
  readonly weight?: Tensor;
  /** Default "mean", over all elements, whatever the weights. */
  readonly reduction?: Reduction;
  /** p, the weight of positive targets, such as one for each class; broadcasts to the input. Default 1. */
  readonly posWeight?: Tensor;
}

export const binaryCrossEntropyOptions: OptionTable<BinaryCrossEntropyOptions> = {
  weight: anything(),
  reduction: reductionOption,
  posWeight: anything(),
};

/**
 * Binary cross-entropy of logits, σ and loss as one op, so that no large logit overflows:
 * loss = −w (p t ln σ(x) + (1 − t) ln(1 − σ(x))), t the target, from 0 to 1.
 * dx = dloss · w ((1 − t) − (1 + (p − 1) t) (1 − σ(x))); dt = dloss · w (ln(1 − σ(x)) − p ln σ(x)); none to the weights
 * x and target of one shape → scalar, or that shape for reduction "none".
 * Throws `RangeError` on shapes that differ, on weights that do not broadcast to them, and on weights that want
 * a gradient.
 *
 * @example
 * binaryCrossEntropyWithLogits(tensor([0, 2]), tensor([1, 0])).item(); // 1.41…
 */
export function binaryCrossEntropyWithLogits(
  x: Tensor,
  target: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  const op = "binaryCrossEntropyWithLogits";
  checkOptions(op, binaryCrossEntropyOptions, options);
  checkTarget(op, x, target);
  const weight = stretched(op, "weight", options.weight, x);
  const posWeight = stretched(op, "posWeight", options.posWeight, x);
  const n = numel(x.shape);
  const losses = allocate(n, x.dtype);
  kernels.binaryCrossEntropy(losses, floatsOf(x), floatsOf(target), weight, posWeight);
  const { reduction = "mean" } = options;
  const inputs = [x, target];
  const saved = [...inputs, options.weight, options.posWeight].filter((tensor) => tensor !== undefined);
  const flow: LossBackward = ([dx, dtarget], dloss) => {
    if (dx) kernels.binaryCrossEntropyBackward(dx, dloss, floatsOf(x), floatsOf(target), weight, posWeight);
    if (dtarget) kernels.binaryCrossEntropyBackwardTarget(dtarget, dloss, floatsOf(x), weight, posWeight);
  };
  return reduceLoss(op, inputs, losses, x.shape, reduction, n, flow, { saved });
}

function checkTarget(op: string, x: Tensor, target: Tensor): void {
  checkTensors(op, x, target);
  checkDtypes(op, x, target);
  checkShapeIs(op, "a target", target, x.shape);
}

/** The weights stretched to the shape of x; null without any. */
function stretched(op: string, name: string, weight: Tensor | undefined, x: Tensor): FloatArray | null {
  if (!weight) return null;
  checkDtypes(op, x, weight);
  if (!sameShape(broadcastShapes(op, x.shape, weight.shape), x.shape)) {
    const [expected, got] = [formatShape(x.shape), formatShape(weight.shape)];
    throw new RangeError(`${op}: expected ${name} that broadcasts to ${expected}, got ${got}`);
  }
  checkConstant(op, `a ${name}`, weight);
  return expanded(weight, x.shape);
}
