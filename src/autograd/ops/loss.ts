import { checkOptions, fraction, integer, type OptionTable, oneOf } from "../../options.js";
import { checkTensors } from "../../tensor/checks.js";
import { empty, zeroed } from "../../tensor/create.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import { kernels } from "../../tensor/kernels/index.js";
import { formatShape } from "../../tensor/shape.js";
import { allocate, type FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { type Backward, record } from "../record.js";

/** "mean" divides by the number of targets that are not ignored; "none" gives one loss per row. */
/** dx += what the gradients of the losses, one a row, make of it. */
type Flow = (dx: FloatArray, dloss: FloatArray) => void;

export type Reduction = "mean" | "sum" | "none";

export interface NllLossOptions {
  /** Rows with this target count for nothing. Default −100. */
  readonly ignoreIndex?: number;
  /** Default "mean". */
  readonly reduction?: Reduction;
}

export interface CrossEntropyOptions extends NllLossOptions {
  /** ε of Szegedy et al. (2016): this much of the target's probability is spread over all classes. Default 0. */
  readonly labelSmoothing?: number;
}

export const nllLossOptions: OptionTable<NllLossOptions> = {
  ignoreIndex: integer(Number.MIN_SAFE_INTEGER),
  reduction: oneOf(["mean", "sum", "none"]),
};
export const crossEntropyOptions: OptionTable<CrossEntropyOptions> = { ...nllLossOptions, labelSmoothing: fraction() };

/**
 * Negative log-likelihood: loss = −logp[target].  dlogp[target] = −dloss
 * logp [rows, classes] (log-probabilities), targets [rows] → scalar, or [rows] for reduction "none".
 * Throws `RangeError` on shapes that do not fit and on a target outside the classes.
 */
export function nllLoss(logp: Tensor, targets: Indices, options: NllLossOptions = {}): Tensor {
  checkOptions("nllLoss", nllLossOptions, options);
  const { rows, n, classes } = checkTargets("nllLoss", logp, targets, options);
  const losses = allocate(rows, logp.dtype);
  kernels.nll(losses, floatsOf(logp), classes, rows, n);
  const flow: Flow = (dx, dloss) => kernels.nllBackward(dx, dloss, classes, rows, n);
  return reduceLoss("nllLoss", logp, losses, classes, options, flow, []);
}

/**
 * log-softmax and negative log-likelihood as one op:
 * loss = −(1 − ε) · logp[target] − ε/classes · Σ logp, with logp = x − ln Σ eˣ.
 * dx = dloss · (softmax(x) − (1 − ε) · [target] − ε/classes)
 * x [rows, classes] (logits), targets [rows] → scalar, or [rows] for reduction "none".
 * Throws `RangeError` on shapes that do not fit, a target outside the classes, or ε outside 0…1.
 *
 * @example
 * crossEntropy(tensor([[2, 0, 0]]), [0]).item(); // 0.2395…
 */
export function crossEntropy(x: Tensor, targets: Indices, options: CrossEntropyOptions = {}): Tensor {
  checkOptions("crossEntropy", crossEntropyOptions, options);
  const { labelSmoothing = 0 } = options;
  const { rows, n, classes } = checkTargets("crossEntropy", x, targets, options);
  const losses = allocate(rows, x.dtype);
  const lse = new Float64Array(rows);
  kernels.crossEntropy(losses, lse, floatsOf(x), classes, rows, n, labelSmoothing);
  const flow: Flow = (dx, dloss) =>
    kernels.crossEntropyBackward(dx, dloss, lse, floatsOf(x), classes, rows, n, labelSmoothing);
  return reduceLoss("crossEntropy", x, losses, classes, options, flow, [x]);
}

/** Checks shapes and ranges; gives the targets with −1 in the place of every ignored one. */
function checkTargets(op: string, x: Tensor, targets: Indices, { ignoreIndex = -100 }: NllLossOptions) {
  checkTensors(op, x);
  const given = intTensor(targets);
  if (x.shape.length !== 2 || given.shape.length !== 1 || given.shape[0] !== x.shape[0]) {
    const got = `${formatShape(x.shape)} and ${formatShape(given.shape)}`;
    throw new RangeError(`${op}: expected [rows, classes] and targets [rows], got ${got}; reshape brings them there`);
  }
  const [rows, n] = x.shape;
  const classes = given.data.map((target) => (target === ignoreIndex ? -1 : target));
  for (let r = 0; r < rows; r++) {
    const target = given.data[r];
    if (target !== ignoreIndex && (target < 0 || target >= n)) {
      throw new RangeError(
        `${op}: expected targets from 0 to ${n - 1} (or ${ignoreIndex}, ignored), got ${target} at position ${r}`,
      );
    }
  }
  return { rows, n, classes };
}

/** Records the reduced loss; `flow` adds to dx, given the gradient of every row's loss. */
function reduceLoss(
  op: string,
  x: Tensor,
  losses: FloatArray,
  classes: Int32Array,
  { reduction = "mean" }: NllLossOptions,
  flow: Flow,
  saved: readonly Tensor[],
): Tensor {
  const rows = losses.length;
  if (reduction === "none") {
    const y = empty(op, [rows], x.dtype);
    floatsOf(y).set(losses);
    const backward: Backward = (dy, [dx]) => {
      if (dx) flow(dx, dy);
    };
    return record(op, y, [x], backward, { saved });
  }
  const counted = classes.reduce((count, target) => count + (target < 0 ? 0 : 1), 0);
  const scale = reduction === "mean" ? 1 / counted : 1;
  const total = zeroed(op, [], x.dtype);
  kernels.sum(floatsOf(total), losses, 1, rows, 1);
  // 0 · ∞ is NaN: the mean over no target at all, as in PyTorch.
  floatsOf(total)[0] *= scale;
  const backward: Backward = (dy, [dx]) => {
    if (dx) flow(dx, allocate(rows, x.dtype).fill(dy[0] * scale));
  };
  return record(op, total, [x], backward, { saved });
}
