import { kernels } from "../../../tensor/kernels/index.js";
import { allocate, allocateUnset, type DType, type FloatArray } from "../../../tensor/storage.js";
import type { Unset } from "../../unset.js";
import type { CellRule, LayerGradients, RecurrentWeights } from "../recurrent/cell.js";
import { CellSteps } from "../recurrent/cellSteps.js";
import { type Layout, rowsOf } from "../recurrent/layout.js";
import type { PackedWeights } from "../recurrent/packedWeights.js";
import { normOf, Projection } from "../recurrent/projection.js";

/** A layer that reads the states of the one below step by step, dropped out by a mask where there is one. */
export class UpperLayer {
  readonly #layout: Layout;
  readonly #width: number;
  readonly #dtype: DType;
  readonly #input: Projection;
  readonly #cells: CellSteps;
  /** [N, width] what it read. */
  readonly #read: FloatArray;
  /** [N, width] */
  readonly #mask: FloatArray | null;

  constructor(
    rule: CellRule,
    { weightIh, weightHh, biasIh, biasHh, gainIh, gainHh }: RecurrentWeights,
    layout: Layout,
    mask: FloatArray | null,
    packed: PackedWeights | null,
  ) {
    const options = { isRepeated: layout.counts.length > 1, packed };
    const [normIh, normHh] = [normOf(gainIh, biasIh, layout.total), normOf(gainHh, biasHh, layout.total)];
    const hidden = new Projection({ weight: weightHh }, biasHh, { ...options, norm: normHh });
    this.#layout = layout;
    this.#width = weightIh.shape[1];
    this.#dtype = weightIh.dtype;
    this.#input = new Projection({ weight: weightIh }, biasIh, { ...options, norm: normIh });
    this.#cells = new CellSteps(rule, layout, hidden, weightHh.shape[1], this.#dtype);
    this.#read = allocateUnset(layout.total * this.#width, this.#dtype);
    this.#mask = mask;
  }

  /** Step t: below [rows, width] → h (and c) [B, H], in the rows that are running. */
  forward(t: number, below: FloatArray, h: FloatArray, c?: FloatArray): void {
    const read = this.#rowsOf(this.#read, t);
    if (this.#mask) kernels.mul(read, below, this.#rowsOf(this.#mask, t));
    else read.set(below);
    this.#input.forward(this.#cells.gatesAt(t), read, this.#layout.counts[t], this.#layout.starts[t]);
    this.#cells.forward(t, h, c);
  }

  /** dbelow [rows, width] += (dgates · Wᵢₕ) · mask, and dh (and dc) as in `CellSteps`. */
  backward(t: number, dbelow: FloatArray, dh: FloatArray, dc?: FloatArray): void {
    const rows = this.#layout.counts[t];
    this.#cells.backward(t, dh, dc);
    const dread = this.#mask ? allocate(dbelow.length, this.#dtype) : dbelow;
    this.#input.backward(dread, this.#cells.dgatesAt(t), rows, this.#layout.starts[t]);
    if (this.#mask) kernels.addProduct(dbelow, dread, this.#rowsOf(this.#mask, t));
  }

  weightGradients({ ih, hh }: LayerGradients, unset: Unset): void {
    this.#input.weightGradients(ih, this.#cells.dgates, this.#read, this.#layout.total, unset);
    this.#cells.weightGradients(hh, unset);
  }

  #rowsOf(all: FloatArray, t: number): FloatArray {
    return rowsOf(all, this.#layout, t, this.#width);
  }
}
