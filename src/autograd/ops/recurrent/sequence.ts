import { checkTensors } from "../../../tensor/checks.js";
import { kernels } from "../../../tensor/kernels/index.js";
import { formatShape } from "../../../tensor/shape.js";
import { allocateUnset, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { startOf, type Unset } from "../../unset.js";
import { checkDtypes, checkShapeIs } from "../operands.js";
import {
  type CellRule,
  checkWeights,
  gradientsOf,
  type RecurrentOptions,
  type RecurrentWeights,
  weightList,
} from "./cell.js";
import { CellSteps } from "./cellSteps.js";
import { type Layout, rowsOf, running } from "./layout.js";
import type { PackedWeights } from "./packedWeights.js";
import { normOf, Projection } from "./projection.js";
import { type Steps, sequence } from "./steps.js";

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
  options: RecurrentOptions,
  packed: PackedWeights | null = null,
): Tensor[] {
  const { name, gates } = rule;
  checkTensors(name, x, weights.weightIh, weights.weightHh);
  const [, B, F] = x.shape;
  const [, inputSize = 0] = weights.weightIh.shape;
  const [, H = 0] = weights.weightHh.shape;
  if (x.shape.length !== 3 || F !== inputSize) {
    throw new RangeError(`${name}: expected an input [T, B, ${inputSize}], got ${formatShape(x.shape)}`);
  }
  checkDtypes(name, x, h0, c0, ...weightList(weights));
  checkWeights(name, weights, gates, F, H);
  for (const state of [h0, c0]) if (state) checkShapeIs(name, "initial state", state, [B, H]);
  const initial = [h0, c0].slice(0, rule.states).map((given) => ({ given, width: H }));
  return sequence(
    name,
    x,
    initial,
    weightList(weights),
    options,
    (inputs, layout) => new LayerSteps(rule, weights, packed, inputs, layout),
  );
}

class LayerSteps implements Steps {
  readonly outputs: Steps["outputs"];
  readonly #y: FloatArray; // [N, H]
  readonly #F: number;
  readonly #H: number;
  readonly #inputs: FloatArray; // [N, F]
  readonly #layout: Layout;
  readonly #weights: RecurrentWeights;
  readonly #input: Projection;
  readonly #cells: CellSteps;

  constructor(
    rule: CellRule,
    weights: RecurrentWeights,
    packed: PackedWeights | null,
    inputs: FloatArray,
    layout: Layout,
  ) {
    const { weightIh, weightHh, biasIh, biasHh, gainIh, gainHh } = weights;
    const { dtype } = weightHh;
    this.#weights = weights;
    this.#F = weightIh.shape[1];
    this.#H = weightHh.shape[1];
    this.#inputs = inputs;
    this.#layout = layout;
    const { total, counts } = layout;
    const [normIh, normHh] = [normOf(gainIh, biasIh, total), normOf(gainHh, biasHh, total)];
    this.#input = new Projection({ weight: weightIh }, biasIh, { packed, norm: normIh });
    const repeated = { isRepeated: counts.length > 1, packed, norm: normHh };
    const hidden = new Projection({ weight: weightHh }, biasHh, repeated);
    this.#cells = new CellSteps(rule, layout, hidden, this.#H, dtype);
    this.#input.forward(this.#cells.gates, inputs, layout.total);
    this.#y = allocateUnset(layout.total * this.#H, dtype);
    this.outputs = [{ rows: this.#y, width: this.#H }];
  }

  forward(t: number, [h, c]: readonly FloatArray[]): void {
    this.#cells.forward(t, h, c);
    kernels.copy(rowsOf(this.#y, this.#layout, t, this.#H), running(h, this.#layout, t, this.#H));
  }

  backward(t: number, [dh, dc]: readonly FloatArray[], [dy]: readonly (FloatArray | null)[], isWanted: boolean): void {
    if (dy) kernels.addScaled(running(dh, this.#layout, t, this.#H), rowsOf(dy, this.#layout, t, this.#H), 1);
    this.#cells.backward(t, dh, dc, isWanted);
  }

  gradients(dinputs: Accumulator, dparameters: readonly Accumulator[], unset: Unset): void {
    const { total } = this.#layout;
    const [{ ih, hh }] = gradientsOf([this.#weights], dparameters);
    this.#input.weightGradients(ih, this.#cells.dgates, this.#inputs, total, unset);
    this.#cells.weightGradients(hh, unset);
    if (dinputs) this.#input.backward(dinputs, this.#cells.dgates, total, 0, startOf(dinputs, this.#F, unset));
  }
}
