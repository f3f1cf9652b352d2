import { checkTensors } from "../../tensor/checks.js";
import { empty, zeroed } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { broadcastShapes, broadcastStrides, formatShape, numel, type Shape } from "../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { type Backward, record } from "../record.js";
import { begun, startOf } from "../unset.js";
import { checkDtypes, checkShapeIs } from "./operands.js";
import type { PackedWeights } from "./recurrent/packedWeights.js";

/**
 * C = A · B over the last two dimensions; leading ones are a batch, and broadcast.  dA = dC · Bᵀ, dB = Aᵀ · dC
 * a [..., m, k], b [..., k, n] → [..., m, n].  Throws `RangeError` on vectors and on inner sizes that differ.
 *
 * @example
 * matmul(tensor([[1, 2]]), tensor([[3], [4]])).toArray(); // [[11]]
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkTensors("matmul", a, b);
  checkDtypes("matmul", a, b);
  const [m, k] = a.shape.slice(-2);
  const [inner, n] = b.shape.slice(-2);
  if (a.shape.length < 2 || b.shape.length < 2 || k !== inner) {
    const got = `${formatShape(a.shape)} × ${formatShape(b.shape)}`;
    throw new RangeError(`matmul: expected [..., m, k] × [..., k, n] with equal inner sizes, got ${got}`);
  }
  const batch = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const c = zeroed("matmul", [...batch, m, n], a.dtype);
  // One shared right matrix: the whole batch is one tall product.
  const shared = b.shape.length === 2;
  const rows = shared ? numel(batch) * m : m;
  const count = shared ? 1 : numel(batch);
  const aAt = shared ? [0] : matrixOffsets(a.shape, batch);
  const bAt = shared ? [0] : matrixOffsets(b.shape, batch);
  for (let i = 0; i < count; i++) {
    const left = floatsOf(a).subarray(aAt[i], aAt[i] + rows * k);
    const right = floatsOf(b).subarray(bAt[i], bAt[i] + k * n);
    kernels.matmul(floatsOf(c).subarray(i * rows * n, (i + 1) * rows * n), left, right, rows, k, n);
  }
  const flow: Backward = (dc, [da, db]) => {
    for (let i = 0; i < count; i++) {
      const left = floatsOf(a).subarray(aAt[i], aAt[i] + rows * k);
      const right = floatsOf(b).subarray(bAt[i], bAt[i] + k * n);
      const dy = dc.subarray(i * rows * n, (i + 1) * rows * n);
      if (da) kernels.matmulNT(da.subarray(aAt[i], aAt[i] + rows * k), dy, right, rows, n, k);
      if (db) kernels.matmulTN(db.subarray(bAt[i], bAt[i] + k * n), left, dy, k, rows, n);
    }
  };
  return record("matmul", c, [a, b], flow, { saved: [a, b] });
}

/** Where each matrix of the batch starts; matrices that broadcast are met again and again. */
function matrixOffsets(shape: Shape, batch: Shape): number[] {
  const size = numel(shape.slice(-2));
  const strides = broadcastStrides(shape.slice(0, -2), batch);
  let offsets = [0];
  for (let d = 0; d < batch.length; d++) {
    offsets = offsets.flatMap((at) => Array.from({ length: batch[d] }, (_, i) => at + i * strides[d] * size));
  }
  return offsets;
}

/**
 * y = x · Wᵀ + b.  dx = dy · W, dW = dyᵀ · x, db = Σ dy over all rows
 * x [..., inFeatures], weight [outFeatures, inFeatures], bias [outFeatures] or null → [..., outFeatures].
 * `packed` holds the weight, where somebody has packed it for many calls without history.
 * Throws `RangeError` on sizes that differ.
 */
export function linear(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  packed: PackedWeights | null = null,
): Tensor {
  checkTensors("linear", x, weight);
  checkDtypes("linear", x, weight, bias);
  const k = x.shape[x.shape.length - 1];
  if (weight.shape.length !== 2 || x.shape.length === 0 || k !== weight.shape[1]) {
    const got = `${formatShape(x.shape)} and ${formatShape(weight.shape)}`;
    throw new RangeError(`linear: expected [..., inFeatures] and [outFeatures, inFeatures], got ${got}`);
  }
  const n = weight.shape[0];
  if (bias) checkShapeIs("linear", "bias", bias, [n]);
  const rows = numel(x.shape.slice(0, -1));
  const y = (bias ? empty : zeroed)("linear", [...x.shape.slice(0, -1), n], x.dtype);
  const b = bias ? floatsOf(bias) : undefined;
  if (packed) kernels.matmulPacked(floatsOf(y), floatsOf(x), packed.get(weight), rows, b);
  else kernels.matmulNT(floatsOf(y), floatsOf(x), floatsOf(weight), rows, k, n, b);
  return record(
    "linear",
    y,
    [x, weight, bias],
    (dy, [dx, dw, db], unset) => {
      if (dx) kernels.matmul(dx, dy, floatsOf(weight), rows, n, k, startOf(dx, k, unset));
      if (dw) kernels.matmulTN(dw, dy, floatsOf(x), n, rows, k, startOf(dw, k, unset));
      if (db) kernels.sum(begun(db, unset), dy, 1, rows, n);
    },
    { saved: [x, weight], overwrites: true },
  );
}
