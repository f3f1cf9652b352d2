import { kernels } from "../../../tensor/kernels/index.js";
import { allocate, allocateUnset, type DType, type FloatArray } from "../../../tensor/storage.js";
import type { Unset } from "../../unset.js";
import type { CellRule, LayerGradients, RecurrentWeights } from "../recurrent/cell.js";
import { CellSteps } from "../recurrent/cellSteps.js";
import { type Layout, rowsOf, running } from "../recurrent/layout.js";
import type { PackedWeights } from "../recurrent/packedWeights.js";
import { normOf, Projection } from "../recurrent/projection.js";

export interface UpperOptions {
  /** [N, width] what the states below are multiplied by before they are read. */
  readonly mask: FloatArray | null;
  /** Whether what is below is added to the output. */
  readonly residual: boolean;
  readonly packed: PackedWeights | null;
}

/** A layer that reads the output of the one below step by step, dropped out by a mask where there is one. */
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
  readonly #residual: boolean;

  constructor(
    rule: CellRule,
    { weightIh, weightHh, biasIh, biasHh, gainIh, gainHh }: RecurrentWeights,
    layout: Layout,
    { mask, residual, packed }: UpperOptions,
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
    this.#residual = residual;
  }

  /** Step t: below [rows, width] → h (and c) [B, H], in the rows that are running. Returns the output [rows, H]. */
  forward(t: number, below: FloatArray, h: FloatArray, c?: FloatArray): FloatArray {
    const read = this.#rowsOf(this.#read, t);
    if (this.#mask) kernels.mul(read, below, this.#rowsOf(this.#mask, t));
    else read.set(below);
    this.#input.forward(this.#cells.gatesAt(t), read, this.#layout.counts[t], this.#layout.starts[t]);
    this.#cells.forward(t, h, c);
    const own = running(h, this.#layout, t, h.length / this.#layout.batch);
    if (!this.#residual) return own;
    const output = allocateUnset(own.length, this.#dtype);
    kernels.add(output, own, below);
    return output;
  }

  /**
   * dbelow [rows, width] += (dgates · Wᵢₕ) · mask, and dh (and dc) as in `CellSteps`. Where the layer is residual, dbelow
   * comes as the gradient of its output, which is that of h as well.
   */
  backward(t: number, dbelow: FloatArray, dh: FloatArray, dc?: FloatArray): void {
    const rows = this.#layout.counts[t];
    if (this.#residual) kernels.addScaled(running(dh, this.#layout, t, this.#width), dbelow, 1);
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
