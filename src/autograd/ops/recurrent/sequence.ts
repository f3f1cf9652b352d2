import { empty, zeroed } from "../../../tensor/create.js";
import { kernels } from "../../../tensor/kernels/index.js";
import { formatShape } from "../../../tensor/shape.js";
import { allocate, allocateUnset, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { record } from "../../record.js";
import { checkDtypes, checkShapeIs } from "../operands.js";
import type { CellRule, RecurrentOptions, RecurrentWeights, Step } from "./cell.js";
import { addScattered, gathered, layoutOf } from "./layout.js";
import type { PackedWeights } from "./packedWeights.js";

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
  { weightIh, weightHh, biasIh, biasHh }: RecurrentWeights,
  { lengths, reverse = false }: RecurrentOptions,
  packed: PackedWeights | null = null,
): Tensor[] {
  const op = rule.name;
  const hasCell = op === "lstm";
  const [T, B, F] = x.shape;
  const [, inputSize = 0] = weightIh.shape;
  const [, H = 0] = weightHh.shape;
  if (x.shape.length !== 3 || F !== inputSize) {
    throw new RangeError(`${op}: expected an input [T, B, ${inputSize}], got ${formatShape(x.shape)}`);
  }
  const GH = rule.gates * H;
  checkDtypes(op, x, h0, c0, weightIh, weightHh, biasIh, biasHh);
  checkShapeIs(op, "weightIh", weightIh, [GH, F]);
  checkShapeIs(op, "weightHh", weightHh, [GH, H]);
  for (const bias of [biasIh, biasHh]) if (bias) checkShapeIs(op, "bias", bias, [GH]);
  for (const state of [h0, c0]) if (state) checkShapeIs(op, "initial state", state, [B, H]);
  const { dtype } = x;
  const { total: N, counts, starts, tokens, order } = layoutOf(op, T, B, lengths);
  const times = Array.from({ length: T }, (_, t) => (reverse ? T - 1 - t : t));

  // Everything below is in packed order: step by step, longest sequence first.
  const inputs = gathered(x.data, tokens, F); // [N, F]
  const gates = (biasIh ? allocateUnset : allocate)(N * GH, dtype);
  if (packed) kernels.matmulPacked(gates, inputs, packed.ih, N, biasIh?.data);
  else kernels.matmulNT(gates, inputs, weightIh.data, N, F, GH, biasIh?.data);
  const kept = allocateUnset(N * H, dtype);
  const hPrev = allocateUnset(N * H, dtype);
  const cPrev = hasCell ? allocateUnset(N * H, dtype) : null;
  const stepAt = (t: number): Step => {
    const [from, to] = [starts[t], starts[t] + counts[t]];
    const rowsOf = (all: FloatArray, width: number): FloatArray => all.subarray(from * width, to * width);
    return {
      rows: counts[t],
      hidden: H,
      gates: rowsOf(gates, GH),
      kept: rowsOf(kept, H),
      hPrev: rowsOf(hPrev, H),
      cPrev: cPrev ? rowsOf(cPrev, H) : null,
    };
  };

  const h = initialState(h0); // [B, H], sorted; every step updates the rows still running
  const c = hasCell ? initialState(c0) : null;
  const y = tokens ? allocateUnset(N * H, dtype) : null;
  const output = (tokens ? zeroed : empty)(op, [T, B, H], dtype);
  const packedOutput = y ?? output.data; // [N, H]
  // For a single step packing would cost more than it saves.
  const packedWeight = packed?.hh ?? (T > 1 ? kernels.packTransposed(weightHh.data, H, GH) : null);
  const gh = allocateUnset(B * GH, dtype);
  for (const t of times) {
    const step = stepAt(t);
    const running = h.subarray(0, step.rows * H);
    const runningC = c ? c.subarray(0, step.rows * H) : null;
    const projection = gh.subarray(0, step.rows * GH);
    step.hPrev.set(running);
    if (runningC) step.cPrev?.set(runningC);
    if (!biasHh) projection.fill(0);
    if (packedWeight) kernels.matmulPacked(projection, running, packedWeight, step.rows, biasHh?.data);
    else kernels.matmulNT(projection, running, weightHh.data, step.rows, H, GH, biasHh?.data);
    rule.forward(running, runningC, projection, step);
    packedOutput.set(running, starts[t] * H);
  }
  if (y) addScattered(output.data, y, tokens, H);
  const finals = [h, ...(c ? [c] : [])].map((state) => {
    const final = zeroed(op, [B, H], dtype);
    addScattered(final.data, state, order, H);
    return final;
  });

  const parts = [x, h0, c0, weightIh, weightHh, biasIh, biasHh];
  return record(op, [output, ...finals], parts, ([dOutput, dhN, dcN], [dx, dh0, dc0, dwIh, dwHh, dbIh, dbHh]) => {
    const dh = initialGradient(dhN); // [B, H], sorted
    const dc = hasCell ? initialGradient(dcN) : null;
    const dy = dOutput && gathered(dOutput, tokens, H); // [N, H]
    const dgates = allocateUnset(N * GH, dtype);
    const dgh = rule.splitGradient ? allocateUnset(N * GH, dtype) : dgates;
    const packedBack = T > 1 ? kernels.pack(weightHh.data, GH, H) : null;
    for (const t of times.toReversed()) {
      const step = stepAt(t);
      const [from, to] = [starts[t], starts[t] + step.rows];
      const running = dh.subarray(0, step.rows * H);
      const dghStep = dgh.subarray(from * GH, to * GH);
      if (dy) kernels.addScaled(running, dy.subarray(from * H, to * H), 1);
      rule.backward(
        dgates.subarray(from * GH, to * GH),
        dghStep,
        running,
        dc ? dc.subarray(0, step.rows * H) : null,
        step,
      );
      // dh(t−1) += dgh · Wₕₕ
      if (packedBack) kernels.matmulPacked(running, dghStep, packedBack, step.rows);
      else kernels.matmul(running, dghStep, weightHh.data, step.rows, GH, H);
    }
    if (dwIh) kernels.matmulTN(dwIh, dgates, inputs, GH, N, F);
    if (dwHh) kernels.matmulTN(dwHh, dgh, hPrev, GH, N, H);
    if (dbIh) kernels.sum(dbIh, dgates, 1, N, GH);
    if (dbHh) kernels.sum(dbHh, dgh, 1, N, GH);
    if (dh0) addScattered(dh0, dh, order, H);
    if (dc0 && dc) addScattered(dc0, dc, order, H);
    if (dx) {
      const packedDx = tokens ? allocate(N * F, dtype) : dx;
      kernels.matmul(packedDx, dgates, weightIh.data, N, GH, F);
      if (tokens) addScattered(dx, packedDx, tokens, F);
    }
  }) as Tensor[];

  function initialState(state: Tensor | null): FloatArray {
    const sorted = allocate(B * H, dtype);
    if (state) sorted.set(gathered(state.data, order, H));
    return sorted;
  }

  function initialGradient(gradient: FloatArray | null): FloatArray {
    const sorted = allocate(B * H, dtype);
    if (gradient) sorted.set(gathered(gradient, order, H));
    return sorted;
  }
}
