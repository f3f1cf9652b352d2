import { kernels } from "../../../tensor/kernels/index.js";
import { formatShape } from "../../../tensor/shape.js";
import { allocate, allocateUnset, dtypeOf, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { record } from "../../record.js";
import { checkDtypes, checkShapeIs } from "../operands.js";
import type { CellRule, RecurrentOptions, RecurrentWeights } from "./cell.js";
import { CellSteps } from "./cellSteps.js";
import { addScattered, gathered, type Layout, layoutOf, padded, rowsOf, running, sorted, unsorted } from "./layout.js";
import type { PackedWeights } from "./packedWeights.js";
import { Projection } from "./projection.js";

/**
 * A whole sequence through one layer in one direction, as one op.
 *
 * Letters: T steps, B sequences, F features, H hidden units, G gates, N real tokens (Σ lengths).
 * x [T, B, F], h0 and c0 [B, H] or null (zeros) → output [T, B, H], hN [B, H], and cN [B, H] for an LSTM.
 *
 * The input projections of all N tokens are one product, and so is each weight gradient at the end; only the hidden
 * product runs step by step, over a weight packed once. `packed` holds the weights where somebody has packed them already.
 */
export function recurrentSequence(
  rule: CellRule,
  x: Tensor,
  h0: Tensor | null,
  c0: Tensor | null,
  weights: RecurrentWeights,
  { lengths, reverse = false }: RecurrentOptions,
  packed: PackedWeights | null = null,
): Tensor[] {
  const { weightIh, weightHh, biasIh, biasHh } = weights;
  const [T, B, F, H] = checkedSizes(rule, x, h0, c0, weights);
  const { dtype } = x;
  const op = rule.name;
  const layout = layoutOf(op, T, B, lengths);
  const times = Array.from({ length: T }, (_, t) => (reverse ? T - 1 - t : t));

  // Everything below is in packed order: step by step, longest sequence first.
  const inputs = gathered(x.data, layout.tokens, F); // [N, F]
  const input = new Projection(weightIh, biasIh, false, packed?.ih);
  const cells = new CellSteps(rule, layout, new Projection(weightHh, biasHh, T > 1, packed?.hh), H, dtype);
  input.forward(cells.gates, inputs, layout.total);
  const states = [h0, c0].slice(0, rule.states).map((state) => sorted(state?.data ?? null, layout, H, dtype));
  const [h, c = null] = states; // [B, H]; every step updates the rows still running
  const y = allocateUnset(layout.total * H, dtype); // [N, H]
  for (const t of times) {
    cells.forward(t, h, c);
    rowsOf(y, layout, t, H).set(running(h, layout, t, H));
  }

  const outputs = [padded(op, y, layout, H), ...states.map((state) => unsorted(op, state, layout, H))];
  const parts = [x, h0, c0, weightIh, weightHh, biasIh, biasHh];
  return record(op, outputs, parts, ([dOutput, ...dfinals], [dx, dh0, dc0, dwIh, dwHh, dbIh, dbHh]) => {
    const dy = dOutput && gathered(dOutput, layout.tokens, H); // [N, H]
    const [dh, dc = null] = dfinals.map((dfinal) => sorted(dfinal, layout, H, dtype));
    for (const t of times.toReversed()) {
      if (dy) kernels.addScaled(running(dh, layout, t, H), rowsOf(dy, layout, t, H), 1);
      cells.backward(t, dh, dc);
    }
    input.weightGradients(dwIh, dbIh, cells.dgates, inputs, layout.total);
    cells.weightGradients(dwHh, dbHh);
    if (dh0) addScattered(dh0, dh, layout.order, H);
    if (dc0 && dc) addScattered(dc0, dc, layout.order, H);
    if (dx) addInputGradient(dx, input, cells.dgates, layout, F);
  }) as Tensor[];
}

/** Throws `RangeError` on shapes that do not fit, `TypeError` on a mix of floats. */
function checkedSizes(
  rule: CellRule,
  x: Tensor,
  h0: Tensor | null,
  c0: Tensor | null,
  { weightIh, weightHh, biasIh, biasHh }: RecurrentWeights,
): readonly [T: number, B: number, F: number, H: number] {
  const op = rule.name;
  const [T, B, F] = x.shape;
  const [, inputSize = 0] = weightIh.shape;
  const [, H = 0] = weightHh.shape;
  if (x.shape.length !== 3 || F !== inputSize) {
    throw new RangeError(`${op}: expected an input [T, B, ${inputSize}], got ${formatShape(x.shape)}`);
  }
  const rows = rule.gates * H;
  checkDtypes(op, x, h0, c0, weightIh, weightHh, biasIh, biasHh);
  checkShapeIs(op, "weightIh", weightIh, [rows, F]);
  checkShapeIs(op, "weightHh", weightHh, [rows, H]);
  for (const bias of [biasIh, biasHh]) if (bias) checkShapeIs(op, "bias", bias, [rows]);
  for (const state of [h0, c0]) if (state) checkShapeIs(op, "initial state", state, [B, H]);
  return [T, B, F, H];
}

/** dx += dgates · Wᵢₕ, back from packed order. */
function addInputGradient(dx: FloatArray, input: Projection, dgates: FloatArray, layout: Layout, width: number): void {
  if (!layout.tokens) {
    input.backward(dx, dgates, layout.total);
    return;
  }
  const rows = allocate(layout.total * width, dtypeOf(dx));
  input.backward(rows, dgates, layout.total);
  addScattered(dx, rows, layout.tokens, width);
}
