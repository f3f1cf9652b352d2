import { checkNumber, checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { checkShape, formatShape, numel, type Shape, sameShape } from "../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { type Backward, record } from "../record.js";
import { checkDtypes, checkShapeIs } from "./operands.js";

/**
 * The last dimensions of x, those of `normalizedShape`, brought to mean 0 and variance 1 together, then scaled and shifted
 * element by element: y = x̂ · weight + bias, with x̂ = (x − μ) r and r = 1 / √(σ² + eps), σ² the mean of (x − μ)².
 * (Ba, Kiros and Hinton, 2016)
 * dx = r (g − mean g − x̂ · mean(g · x̂)), with g = dy · weight; dweight = Σ dy · x̂ and dbias = Σ dy over the rows
 * x [..., ...normalizedShape], weight and bias of `normalizedShape` (1 and 0 where they are missing) → the shape of x.
 * Throws `RangeError` on shapes that do not fit, and on an eps below 0.
 *
 * @example
 * layerNorm(tensor([[1, 2, 3]]), [3]).toArray(); // [[-1.2247…, 0, 1.2247…]]
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: Shape,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  eps = 1e-5,
): Tensor {
  checkArguments(x, normalizedShape, weight, bias, eps);
  const n = numel(normalizedShape);
  const rows = numel(x.shape.slice(0, x.shape.length - normalizedShape.length));
  const [mean, rstd] = [new Float64Array(rows), new Float64Array(rows)];
  const w = weight && floatsOf(weight);
  const y = empty("layerNorm", x.shape, x.dtype);
  kernels.layerNorm(floatsOf(y), mean, rstd, floatsOf(x), w, bias && floatsOf(bias), rows, n, eps);
  const backward: Backward = (dy, [dx, dweight, dbias]) => {
    if (dx) kernels.layerNormBackward(dx, dy, floatsOf(x), mean, rstd, weight && floatsOf(weight), rows, n);
    if (dweight) kernels.layerNormBackwardWeight(dweight, dy, floatsOf(x), mean, rstd, rows, n);
    if (dbias) kernels.sum(dbias, dy, 1, rows, n);
  };
  return record("layerNorm", y, [x, weight, bias], backward, { saved: [x, weight] });
}

function checkArguments(x: Tensor, shape: Shape, weight: Tensor | null, bias: Tensor | null, eps: number): void {
  checkTensors("layerNorm", x);
  checkShape("layerNorm", shape);
  checkDtypes("layerNorm", x, weight, bias);
  checkNumber("layerNorm", "eps", eps);
  if (!(eps >= 0)) throw new RangeError(`layerNorm: expected eps ≥ 0, got ${eps}`);
  if (shape.length === 0 || !sameShape(x.shape.slice(-shape.length), shape)) {
    const expected = `a normalizedShape of one dimension or more that x ends with`;
    throw new RangeError(`layerNorm: expected ${expected}, got ${formatShape(shape)} for ${formatShape(x.shape)}`);
  }
  if (weight) checkShapeIs("layerNorm", "weight", weight, shape);
  if (bias) checkShapeIs("layerNorm", "bias", bias, shape);
}
