import { kernels } from "../../tensor/kernels/index.js";
import { allocate, type FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { checkConstant, checkDtypes, checkShapeIs } from "./operands.js";

/** What the weights of classes make of a loss over rows; without weights every class has 1. */
export interface ClassWeights {
  /** [classes] */
  readonly weight: Tensor;
  /** [rows], the weight of each row's target; 0 for a negative one, which is ignored. */
  readonly ofTargets: FloatArray;
}

/** Throws `TypeError` on a weight of another dtype, `RangeError` unless there is one for each class, and on one that wants a gradient. */
export function classWeights(
  op: string,
  x: Tensor,
  targets: Int32Array,
  weight: Tensor | undefined,
): ClassWeights | null {
  if (!weight) return null;
  checkDtypes(op, x, weight);
  checkShapeIs(op, "weight", weight, [x.shape[1]]);
  checkConstant(op, "a weight", weight);
  const ofClass = floatsOf(weight);
  const ofTargets = allocate(targets.length, x.dtype);
  for (let r = 0; r < targets.length; r++) ofTargets[r] = targets[r] < 0 ? 0 : ofClass[targets[r]];
  return { weight, ofTargets };
}

/** Σ of the targets' weights, which a mean divides by: without weights, how many targets are not ignored. */
export function totalWeight(targets: Int32Array, weights: ClassWeights | null): number {
  let total = 0;
  for (let r = 0; r < targets.length; r++) total += targets[r] < 0 ? 0 : (weights?.ofTargets[r] ?? 1);
  return total;
}

/** Every row's value times its factor; the values as they are where there are no factors. */
export function scaledRows(values: FloatArray, factors: FloatArray | undefined): FloatArray {
  if (!factors) return values;
  const scaled = allocate(values.length, factors instanceof Float64Array ? "float64" : "float32");
  kernels.mul(scaled, values, factors);
  return scaled;
}
