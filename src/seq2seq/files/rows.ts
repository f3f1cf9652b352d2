import { formatShape, numel } from "../../tensor/shape.js";
import type { FloatArray } from "../../tensor/storage.js";
import { floatsOf, Tensor } from "../../tensor/tensor.js";

/** The largest whole number that a row's largest weight becomes; its opposite is the least. */
const MOST = 127;

/** Rows of whole numbers, and what each is multiplied by: w[i, j] = scales[i] · whole[i, j]. */
export interface QuantizedRows {
  readonly whole: Int8Array;
  /** [R], of the tensor's own kind of floats. */
  readonly scales: Tensor;
}

/** Whether a tensor takes less room with a scale a row: a vector's numbers are rows of their own. */
export function isWorthQuantizing({ shape }: Tensor): boolean {
  return shape.length >= 2 && numel(shape) >= 2 * shape[0] && numel(shape) > 0;
}

/**
 * A tensor of R rows as whole numbers from −127 to 127, symmetric around 0, each row by its largest number; a row of
 * zeros has the scale 0. (Jacob et al., 2018, "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", with a zero point of 0.) No number is off by more than half its row's scale.
 *
 * Throws `RangeError` on a number that is not finite.
 */
export function quantizeRows(op: string, tensor: Tensor): QuantizedRows {
  const floats = floatsOf(tensor);
  const rows = tensor.shape[0];
  const width = floats.length / rows;
  const whole = new Int8Array(floats.length);
  const scales: FloatArray = tensor.dtype === "float64" ? new Float64Array(rows) : new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    let largest = 0;
    for (let k = i * width; k < (i + 1) * width; k++) {
      if (!Number.isFinite(floats[k])) throw new RangeError(`${op}: expected finite numbers, got ${floats[k]} at ${k}`);
      largest = Math.max(largest, Math.abs(floats[k]));
    }
    scales[i] = largest / MOST;
    // Among the least floats there are, a scale may have been rounded to much less, or to 0.
    const rounded = (weight: number): number => Math.max(-MOST, Math.min(MOST, Math.round(weight / scales[i])));
    for (let k = i * width; k < (i + 1) * width; k++) whole[k] = rounded(floats[k]);
  }
  return { whole, scales: new Tensor(scales, [rows], op) };
}

/** What {@link quantizeRows} was given, up to rounding. Calls `fail` unless there is a finite scale ≥ 0 for each row. */
export function dequantizeRows(
  name: string,
  whole: ArrayLike<number>,
  shape: readonly number[],
  scales: Tensor,
  fail: (fault: string) => never,
): Tensor {
  if (shape.length === 0 || scales.shape.length !== 1 || scales.shape[0] !== shape[0]) {
    fail(`expected a scale for each row of ${formatShape(shape)}, got scales of ${formatShape(scales.shape)}`);
  }
  const factors = floatsOf(scales);
  const wrong = factors.findIndex((scale) => !(scale >= 0 && Number.isFinite(scale)));
  if (wrong >= 0) fail(`expected finite scales ≥ 0, got ${factors[wrong]} at ${wrong}`);
  const width = whole.length / shape[0];
  const floats: FloatArray =
    scales.dtype === "float64" ? new Float64Array(whole.length) : new Float32Array(whole.length);
  for (let i = 0; i < factors.length; i++) {
    for (let k = i * width; k < (i + 1) * width; k++) floats[k] = factors[i] * whole[k];
  }
  return new Tensor(floats, shape, name);
}
