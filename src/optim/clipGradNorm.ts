import { setTouchedRows, touchedRowsOf } from "../autograd/touchedRows.js";
import { flag, nonNegative, type OptionTable, readOptions } from "../options.js";
import { show } from "../show.js";
import { Tensor } from "../tensor/index.js";
import { kernels } from "../tensor/kernels/index.js";
import { floatsOf, gradOf, writableFloats } from "../tensor/tensor.js";
import { rowWidth, touchedRows } from "./touchedRows.js";

export interface ClipGradNormOptions {
  /** 2, the Euclidean norm, or Infinity, the largest magnitude. Default 2. */
  readonly normType?: number;
  /** Throws, before anything is scaled, when the norm is infinite or NaN. Default false. */
  readonly errorIfNonfinite?: boolean;
}

const OPTIONS: OptionTable<Required<ClipGradNormOptions>> = {
  normType: { initial: 2, expected: "2 or Infinity", accepts: (value) => value === 2 || value === Infinity },
  errorIfNonfinite: flag(false),
};

/**
 * Scales all gradients together so that their norm is at most `maxNorm` ≥ 0, and returns the norm they had: Pascanu,
 * Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013).
 *
 *     g ← g · min(1, maxNorm / (‖g‖ + 1e-6)),  ‖g‖ over all gradients as one vector
 *
 * Only the touched rows of a gradient are visited; the bits are those of visiting all. Parameters without a gradient
 * are passed over; without any the norm is 0. As in PyTorch, a NaN norm makes every gradient NaN and an infinite one
 * makes them 0 (NaN where infinite), unless `errorIfNonfinite` is set.
 *
 * Throws `RangeError` on a bad `maxNorm` or option and, when asked to, on a norm that is not finite; `TypeError` on
 * what is not a tensor. Nothing is changed then.
 *
 * @example
 * loss.backward();
 * const norm = clipGradNorm(model.parameters(), 1);
 * optimizer.step();
 */
export function clipGradNorm(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options: ClipGradNormOptions = {},
): number {
  const op = "clipGradNorm";
  const { normType, errorIfNonfinite } = readOptions(op, OPTIONS, options);
  const { maxNorm: limit } = readOptions<{ maxNorm: number }>(op, { maxNorm: nonNegative() }, { maxNorm });
  const grads = gradients(op, parameters);
  const norm = normType === 2 ? euclidean(grads) : largest(grads);
  if (errorIfNonfinite && !Number.isFinite(norm)) {
    throw new RangeError(`${op}: expected gradients with a finite norm, got ${norm}`);
  }
  const coefficient = limit / (norm + 1e-6);
  if (coefficient >= 1) return norm;
  for (const grad of grads) {
    // NaN times the zero of an untouched row is NaN.
    const touched = Number.isNaN(coefficient) ? null : touchedRowsOf(grad);
    const rows = touched && touchedRows(grad);
    const array = writableFloats(grad);
    if (rows) kernels.scaleRows(array, rows, rowWidth(grad), coefficient);
    else kernels.affine(array, array, coefficient, 0);
    setTouchedRows(grad, touched); // a change, which left the other rows at zero
  }
  return norm;
}

/** √Σ g², summed row by row, so that leaving out rows of zeros changes no bit, whatever order a row's own sum has. */
function euclidean(grads: readonly Tensor[]): number {
  let total = 0;
  for (const grad of grads) total = kernels.sumOfSquares(floatsOf(grad), rowWidth(grad), total, touchedRows(grad));
  return Math.sqrt(total);
}

function largest(grads: readonly Tensor[]): number {
  let largest = 0;
  for (const grad of grads) {
    const [g, width] = [floatsOf(grad), rowWidth(grad)];
    for (const row of touchedRows(grad) ?? [null]) {
      const part = row === null ? g : g.subarray(row * width, (row + 1) * width);
      largest = Math.max(largest, kernels.maxAbs(part));
    }
  }
  return largest;
}

function gradients(op: string, parameters: Tensor | Iterable<Tensor>): Tensor[] {
  if (
    typeof (parameters as Iterable<Tensor> | null)?.[Symbol.iterator] !== "function" &&
    !(parameters instanceof Tensor)
  ) {
    throw new TypeError(`${op}: expected a tensor or an iterable of them, got ${show(parameters)}`);
  }
  const list = parameters instanceof Tensor ? [parameters] : [...parameters];
  return list.flatMap((parameter, i) => {
    if (!(parameter instanceof Tensor)) {
      throw new TypeError(`${op}: expected parameter ${i} to be a tensor, got ${show(parameter)}`);
    }
    return gradOf(parameter) ?? [];
  });
}
