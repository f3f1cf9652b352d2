import { allocateUnset, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { startOf, type Unset } from "../../unset.js";
import type { CellRule, LayerGradients, RecurrentWeights } from "../recurrent/cell.js";
import { CellSteps } from "../recurrent/cellSteps.js";
import { type Layout, rowsOf, sideBySide } from "../recurrent/layout.js";
import type { PackedWeights, WeightColumns } from "../recurrent/packedWeights.js";
import { normOf, Projection } from "../recurrent/projection.js";
import type { RowNorm } from "../recurrent/rowNorm.js";

/**
 * The lowest layer, which reads [x(t); f(t−1)]: its weightIh [G·H, F + O] is Wₓ and W_f side by side.
 *
 * gates = b + Wₓ·x(t), for all t in one product, and then + W_f·f(t−1) step by step.  df(t−1) += W_fᵀ·dgates
 * With a gain both products meet before they are normalised, and b comes after.
 */
export class FedLayer {
  readonly #layout: Layout;
  readonly #weightIh: Tensor;
  readonly #inputs: FloatArray; // [N, F]
  readonly #fed: FloatArray; // [N, O]
  readonly #O: number;
  readonly #input: Projection;
  readonly #feed: Projection;
  readonly #norm: RowNorm | null;
  readonly #cells: CellSteps;

  constructor(
    rule: CellRule,
    weights: RecurrentWeights,
    inputs: FloatArray,
    layout: Layout,
    O: number,
    packed: PackedWeights | null,
  ) {
    const { weightIh, weightHh, biasIh, biasHh, gainIh, gainHh } = weights;
    const { dtype } = weightIh;
    const [input, feed] = fedColumns(weights, O);
    const options = { isRepeated: layout.counts.length > 1, packed };
    this.#layout = layout;
    this.#weightIh = weightIh;
    this.#inputs = inputs;
    this.#fed = allocateUnset(layout.total * O, dtype);
    this.#O = O;
    this.#norm = normOf(gainIh, biasIh, layout.total);
    this.#input = new Projection(input, this.#norm ? null : biasIh, { packed });
    this.#feed = new Projection(feed, null, options);
    const norm = normOf(gainHh, biasHh, layout.total);
    const hidden = new Projection({ weight: weightHh }, biasHh, { ...options, norm });
    this.#cells = new CellSteps(rule, layout, hidden, weightHh.shape[1], dtype);
    this.#input.forward(this.#norm?.products ?? this.#cells.gates, inputs, layout.total);
  }

  /** Step t: f [rows, O] of the step before; h (and c) [B, H] as in `CellSteps`. */
  forward(t: number, f: FloatArray, h: FloatArray, c?: FloatArray): void {
    rowsOf(this.#fed, this.#layout, t, this.#O).set(f);
    const [at, rows, gates] = [this.#layout.starts[t], this.#layout.counts[t], this.#cells.gatesAt(t)];
    this.#feed.add(this.#norm?.productsAt(at, rows) ?? gates, f, rows);
    this.#norm?.forward(gates, at, rows);
    this.#cells.forward(t, h, c);
  }

  /** df [rows, O] += what reaches the step before; dh (and dc) as in `CellSteps`. */
  backward(t: number, df: FloatArray, dh: FloatArray, dc?: FloatArray): void {
    this.#cells.backward(t, dh, dc);
    const [at, rows, dgates] = [this.#layout.starts[t], this.#layout.counts[t], this.#cells.dgatesAt(t)];
    this.#feed.backward(df, this.#norm?.backward(dgates, at, rows) ?? dgates, rows);
  }

  gradients(dinputs: Accumulator, { ih, hh }: LayerGradients, unset: Unset): void {
    const { total } = this.#layout;
    const read = allocateUnset(this.#inputs.length + this.#fed.length, this.#weightIh.dtype); // [N, F + O]
    sideBySide(read, this.#inputs, this.#fed, total);
    const dgates = this.#norm?.dproducts ?? this.#cells.dgates;
    const whole = this.#norm ? { ...ih, dbias: null } : ih;
    new Projection({ weight: this.#weightIh }, null).weightGradients(whole, dgates, read, total, unset);
    this.#norm?.gradients(ih.dgain, ih.dbias, this.#cells.dgates, unset);
    this.#cells.weightGradients(hh, unset);
    if (dinputs)
      this.#input.backward(dinputs, dgates, total, 0, startOf(dinputs, this.#weightIh.shape[1] - this.#O, unset));
  }
}

/** Wₓ and W_f of a lowest layer that reads features of width O. */
export function fedColumns({ weightIh }: RecurrentWeights, O: number): [input: WeightColumns, feed: WeightColumns] {
  const from = weightIh.shape[1] - O;
  return [
    { weight: weightIh, to: from },
    { weight: weightIh, from },
  ];
}
