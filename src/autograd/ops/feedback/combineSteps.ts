import { kernels } from "../../../tensor/kernels/index.js";
import { allocate, allocateUnset, type DType, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { begun, type Unset } from "../../unset.js";
import { type Layout, rowsOf, sideBySide } from "../recurrent/layout.js";
import type { PackedWeights } from "../recurrent/packedWeights.js";
import { Projection } from "../recurrent/projection.js";

/**
 * f(t) = tanh(W·[context(t); h(t)] + b);  ds = df · (1 − f²),  (dcontext, dh) += Wᵀ·ds
 * weight [O, E + H]
 */
export class CombineSteps {
  /** [N, O] */
  readonly features: FloatArray;
  readonly #layout: Layout;
  readonly #dtype: DType;
  readonly #O: number;
  readonly #E: number;
  readonly #H: number;
  readonly #projection: Projection;
  /** [N, E + H] contexts and states */
  readonly #read: FloatArray;
  /** [N, O] the gradients of what tanh is taken of; made by the first step that goes backward. */
  #dsums: FloatArray | null = null;

  constructor(weight: Tensor, bias: Tensor | null, layout: Layout, H: number, packed: PackedWeights | null) {
    const [O, width] = weight.shape;
    this.#layout = layout;
    this.#dtype = weight.dtype;
    this.#O = O;
    this.#E = width - H;
    this.#H = H;
    this.#projection = new Projection({ weight }, bias, { isRepeated: layout.counts.length > 1, packed });
    this.#read = allocateUnset(layout.total * width, weight.dtype);
    this.features = allocateUnset(layout.total * O, weight.dtype);
  }

  /** contexts [rows, E] and states [rows, H] of step t → its features [rows, O] */
  forward(t: number, contexts: FloatArray, states: FloatArray): FloatArray {
    const rows = this.#layout.counts[t];
    const read = rowsOf(this.#read, this.#layout, t, this.#E + this.#H);
    const features = rowsOf(this.features, this.#layout, t, this.#O);
    sideBySide(read, contexts, states, rows);
    this.#projection.forward(features, read, rows);
    kernels.tanh(features, features);
    return features;
  }

  /** dcontexts [rows, E] and dstates [rows, H] += what the gradients of step t's features [rows, O] make of them. */
  backward(t: number, dfeatures: FloatArray, dcontexts: FloatArray, dstates: FloatArray): void {
    const rows = this.#layout.counts[t];
    const [E, H] = [this.#E, this.#H];
    this.#dsums ??= allocate(this.features.length, this.#dtype);
    const dsums = rowsOf(this.#dsums, this.#layout, t, this.#O);
    kernels.tanhBackward(dsums, dfeatures, rowsOf(this.features, this.#layout, t, this.#O));
    const dread = allocate(rows * (E + H), this.#dtype);
    this.#projection.backward(dread, dsums, rows);
    const walk = (width: number, offset = 0) => ({ offset, strides: [width, 1] });
    kernels.addStrided(dcontexts, walk(E), dread, walk(E + H), [rows, E]);
    kernels.addStrided(dstates, walk(H), dread, walk(E + H, E), [rows, H]);
  }

  weightGradients(dweight: Accumulator, dbias: Accumulator, unset: Unset): void {
    if (!this.#dsums) {
      for (const each of [dweight, dbias]) if (each) begun(each, unset);
      return;
    }
    this.#projection.weightGradients(
      { dweight, dbias, dgain: null },
      this.#dsums,
      this.#read,
      this.#layout.total,
      unset,
    );
  }
}
