import { allocateUnset, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { startOf, type Unset } from "../../unset.js";
import type { CellRule, RecurrentWeights } from "../recurrent/cell.js";
import { CellSteps } from "../recurrent/cellSteps.js";
import { type Layout, rowsOf, sideBySide } from "../recurrent/layout.js";
import type { PackedWeights, WeightColumns } from "../recurrent/packedWeights.js";
import { Projection } from "../recurrent/projection.js";

/**
 * The lowest layer, which reads [x(t); f(t−1)]: its weightIh [G·H, F + O] is Wₓ and W_f side by side.
 *
 * gates = b + Wₓ·x(t), for all t in one product, and then + W_f·f(t−1) step by step.  df(t−1) += W_fᵀ·dgates
 */
export class FedLayer {
  readonly #layout: Layout;
  readonly #weightIh: Tensor;
  readonly #inputs: FloatArray; // [N, F]
  readonly #fed: FloatArray; // [N, O]
  readonly #O: number;
  readonly #input: Projection;
  readonly #feed: Projection;
  readonly #cells: CellSteps;

  constructor(
    rule: CellRule,
    weights: RecurrentWeights,
    inputs: FloatArray,
    layout: Layout,
    O: number,
    packed: PackedWeights | null,
  ) {
    const { weightIh, weightHh, biasIh, biasHh } = weights;
    const { dtype } = weightIh;
    const [input, feed] = fedColumns(weights, O);
    const options = { isRepeated: layout.counts.length > 1, packed };
    this.#layout = layout;
    this.#weightIh = weightIh;
    this.#inputs = inputs;
    this.#fed = allocateUnset(layout.total * O, dtype);
    this.#O = O;
    this.#input = new Projection(input, biasIh, { packed });
    this.#feed = new Projection(feed, null, options);
    const hidden = new Projection({ weight: weightHh }, biasHh, options);
    this.#cells = new CellSteps(rule, layout, hidden, weightHh.shape[1], dtype);
    this.#input.forward(this.#cells.gates, inputs, layout.total);
  }

  /** Step t: f [rows, O] of the step before; h (and c) [B, H] as in `CellSteps`. */
  forward(t: number, f: FloatArray, h: FloatArray, c?: FloatArray): void {
    rowsOf(this.#fed, this.#layout, t, this.#O).set(f);
    this.#feed.add(this.#cells.gatesAt(t), f, this.#layout.counts[t]);
    this.#cells.forward(t, h, c);
  }

  /** df [rows, O] += what reaches the step before; dh (and dc) as in `CellSteps`. */
  backward(t: number, df: FloatArray, dh: FloatArray, dc?: FloatArray): void {
    this.#cells.backward(t, dh, dc);
    this.#feed.backward(df, this.#cells.dgatesAt(t), this.#layout.counts[t]);
  }

  gradients(dinputs: Accumulator, [dwIh, dwHh, dbIh, dbHh]: readonly Accumulator[], unset: Unset): void {
    const { total } = this.#layout;
    const read = allocateUnset(this.#inputs.length + this.#fed.length, this.#weightIh.dtype); // [N, F + O]
    sideBySide(read, this.#inputs, this.#fed, total);
    const { dgates } = this.#cells;
    new Projection({ weight: this.#weightIh }, null).weightGradients(dwIh, dbIh, dgates, read, total, unset);
    this.#cells.weightGradients(dwHh, dbHh, unset);
    if (dinputs)
      this.#input.backward(dinputs, dgates, total, startOf(dinputs, this.#weightIh.shape[1] - this.#O, unset));
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
