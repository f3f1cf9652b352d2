import { anything, checkOptions, fraction, integer, type OptionTable } from "../../options.js";
import { checkTensors } from "../../tensor/checks.js";
import { type Indices, intTensor } from "../../tensor/intTensor.js";
import { kernels } from "../../tensor/kernels/index.js";
import { formatShape } from "../../tensor/shape.js";
import { allocate, allocateUnset, type FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import type { RecordOptions } from "../record.js";
import { isGradEnabled } from "../switches.js";
import { type ClassWeights, classWeights, scaledRows, totalWeight } from "./classWeights.js";
import { type LossBackward, type Reduction, reduceLoss, reductionOption } from "./reduction.js";

export interface NllLossOptions {
  /** Rows with this target count for nothing. Default −100. */
  readonly ignoreIndex?: number;
  /** Default "mean", over the targets that are not ignored, each counting as much as its weight; "none" gives one per row. */
  readonly reduction?: Reduction;
  /** w [classes]: how much each class counts, such as more for a rare one. Default 1. */
  readonly weight?: Tensor;
}

export interface CrossEntropyOptions extends NllLossOptions {
  /** ε of Szegedy et al. (2016): this much of the target's probability is spread over all classes. Default 0. */
  readonly labelSmoothing?: number;
}

export const nllLossOptions: OptionTable<NllLossOptions> = {
  ignoreIndex: integer(Number.MIN_SAFE_INTEGER),
  reduction: reductionOption,
  weight: anything(),
};
export const crossEntropyOptions: OptionTable<CrossEntropyOptions> = { ...nllLossOptions, labelSmoothing: fraction() };

/**
 * Negative log-likelihood: loss = −w[target] · logp[target].  dlogp[target] = −dloss · w[target]
 * logp [rows, classes] (log-probabilities), targets [rows] → scalar, or [rows] for reduction "none".
 * Throws `RangeError` on shapes that do not fit and on a target outside the classes, `TypeError` on a weight of another dtype.
 */
export function nllLoss(logp: Tensor, targets: Indices, options: NllLossOptions = {}): Tensor {
  checkOptions("nllLoss", nllLossOptions, options);
  const { rows, n, classes } = checkTargets("nllLoss", logp, targets, options);
  const weights = classWeights("nllLoss", logp, classes, options.weight);
  const losses = allocate(rows, logp.dtype);
  kernels.nll(losses, floatsOf(logp), classes, rows, n);
  const weighted = scaledRows(losses, weights?.ofTargets);
  const { reduction = "mean" } = options;
  const divisor = totalWeight(classes, weights);
  const flow: LossBackward = ([dx], dloss) => {
    if (dx) kernels.nllBackward(dx, scaledRows(dloss, weights?.ofTargets), classes, rows, n);
  };
  return reduceLoss("nllLoss", [logp], weighted, [rows], reduction, divisor, flow, { saved: [] });
}

/**
 * log-softmax and negative log-likelihood as one op:
 * loss = −(1 − ε) · logp[target] − ε/classes · Σ logp, with logp = x − ln Σ eˣ.
 * dx = dloss · (softmax(x) − (1 − ε) · [target] − ε/classes)
 * With weights w of the classes: loss = −(1 − ε) · w[target] · logp[target] − ε/classes · Σ w · logp, and dx alike.
 * x [rows, classes] (logits), targets [rows] → scalar, or [rows] for reduction "none".
 * Throws `RangeError` on shapes that do not fit, a target outside the classes, or ε outside 0…1,
 * `TypeError` on a weight of another dtype.
 *
 * @example
 * crossEntropy(tensor([[2, 0, 0]]), [0]).item(); // 0.2395…
 */
export function crossEntropy(x: Tensor, targets: Indices, options: CrossEntropyOptions = {}): Tensor {
  checkOptions("crossEntropy", crossEntropyOptions, options);
  const { labelSmoothing = 0 } = options;
  const { rows, n, classes } = checkTargets("crossEntropy", x, targets, options);
  const weights = classWeights("crossEntropy", x, classes, options.weight);
  const losses = allocate(rows, x.dtype);
  const lse = new Float64Array(rows);
  const { reduction = "mean" } = options;
  // The exponentials are most of the work: kept, they serve the backward, which turns them into the gradient in place.
  const p = x.requiresGrad && isGradEnabled() ? allocateUnset(rows * n, x.dtype) : null;
  if (weights) return weightedCrossEntropy(x, classes, losses, lse, p, weights, labelSmoothing, reduction);
  kernels.crossEntropy(losses, lse, p, floatsOf(x), classes, rows, n, labelSmoothing);
  const divisor = totalWeight(classes, null);
  const flow: LossBackward = ([dx], dloss, unset) => {
    if (dx && p) kernels.crossEntropyBackward(dx, dloss, p, classes, rows, n, labelSmoothing, unset.delete(dx));
  };
  return reduceLoss("crossEntropy", [x], losses, [rows], reduction, divisor, flow, inPlaceOf(p));
}

/** The options of a record whose backward turns the softmax into the gradient. */
function inPlaceOf(p: FloatArray | null): RecordOptions {
  return { saved: [], overwrites: true, places: [p] };
}

/**
 * (1 − ε) · w[target] · (lse − x[target]) + ε/classes · Σ w · (lse − x): both parts send the softmax back, so that one call
 * of the unweighted loss's backward serves them, with a = (1 − ε) · w[target] + ε/classes · Σ w as each row's factor.
 */
function weightedCrossEntropy(
  x: Tensor,
  classes: Int32Array,
  losses: FloatArray,
  lse: Float64Array,
  p: FloatArray | null,
  weights: ClassWeights,
  labelSmoothing: number,
  reduction: Reduction,
): Tensor {
  const [rows, n] = x.shape;
  const { ofTargets } = weights;
  const weight = floatsOf(weights.weight);
  let even = 0;
  for (let c = 0; c < n; c++) even += (weight[c] * labelSmoothing) / n;
  const factors = ofTargets.map((own) => (1 - labelSmoothing) * own);
  kernels.crossEntropy(losses, lse, p, floatsOf(x), classes, rows, n, 0);
  const weighted = scaledRows(losses, factors);
  if (labelSmoothing > 0)
    kernels.weightedSmoothing(weighted, lse, floatsOf(x), classes, weight, rows, n, labelSmoothing);
  const divisor = totalWeight(classes, weights);
  const flow: LossBackward = ([dx], dloss, unset) => {
    if (!dx || !p) return;
    const scaled = scaledRows(
      dloss,
      factors.map((factor) => factor + even),
    );
    kernels.crossEntropyBackward(dx, scaled, p, classes, rows, n, 0, unset.delete(dx));
    if (labelSmoothing > 0) kernels.weightedSmoothingBackward(dx, dloss, classes, weight, rows, n, labelSmoothing);
  };
  const options = { ...inPlaceOf(p), saved: [weights.weight] };
  return reduceLoss("crossEntropy", [x], weighted, [rows], reduction, divisor, flow, options);
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
