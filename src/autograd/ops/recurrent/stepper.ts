import { empty, zeroed } from "../../../tensor/create.js";
import { kernels, type Packed } from "../../../tensor/kernels/index.js";
import {
  allocatePersistentUnset,
  allocateUnset,
  type DType,
  dispose,
  type FloatArray,
} from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import { checkDtypes, checkShapeIs } from "../operands.js";
import { type CellRule, layerColumns, type RecurrentWeights } from "./cell.js";
import { PackedWeights } from "./packedWeights.js";

interface PackedLayer {
  readonly ih: Packed;
  readonly hh: Packed;
  readonly biasIh: FloatArray;
  readonly biasHh: FloatArray;
}

/**
 * Layers on top of one another, one step at a time and without history, for decoding: the equations and the bits of
 * `recurrentSequence`, over weights packed once. They are copies: later changes of the weights are not seen.
 */
export class RecurrentStepper {
  /** Width of a state, H. */
  readonly hidden: number;
  /** Width of an input projection, G·H. */
  readonly width: number;
  readonly #rule: CellRule;
  readonly #dtype: DType;
  readonly #weights: PackedWeights;
  readonly #layers: readonly PackedLayer[];

  constructor(rule: CellRule, layers: readonly RecurrentWeights[]) {
    [this.width, this.hidden] = layers[0].weightHh.shape;
    this.#rule = rule;
    this.#dtype = layers[0].weightHh.dtype;
    const copy = (bias: Tensor | null): FloatArray => {
      const kept = allocatePersistentUnset(this.width, this.#dtype);
      if (bias) kept.set(floatsOf(bias));
      return bias ? kept : kept.fill(0);
    };
    this.#weights = new PackedWeights(layers.flatMap(layerColumns));
    this.#layers = layers.map(({ weightIh, weightHh, biasIh, biasHh }) => ({
      ih: this.#weights.get(weightIh),
      hh: this.#weights.get(weightHh),
      biasIh: copy(biasIh),
      biasHh: copy(biasHh),
    }));
  }

  /** The first layer's input projections: x [rows, F] → out [rows, G·H]. */
  project(out: FloatArray, x: FloatArray, rows: number): void {
    const [{ ih, biasIh }] = this.#layers;
    kernels.matmulPacked(out, x, ih, rows, biasIh);
  }

  /**
   * One step of `rows` sequences. `gates` [rows, G·H] are the first layer's input projections, and are written over, as
   * are the states h (and c) [layers, rows, H]. Returns the last layer's states [rows, H], a part of h.
   */
  step(gates: FloatArray, h: FloatArray, c: FloatArray | null, rows: number): FloatArray {
    const size = rows * this.hidden;
    const gh = allocateUnset(rows * this.width, this.#dtype);
    const kept = allocateUnset(size, this.#dtype);
    const part = (state: FloatArray, layer: number): FloatArray => state.subarray(layer * size, (layer + 1) * size);
    this.#layers.forEach(({ ih, hh, biasIh, biasHh }, layer) => {
      const own = part(h, layer);
      if (layer > 0) kernels.matmulPacked(gates, part(h, layer - 1), ih, rows, biasIh);
      kernels.matmulPacked(gh, own, hh, rows, biasHh);
      // No backward will ask for the states before.
      const step = { rows, hidden: this.hidden, gates, kept, hPrev: own, cPrev: null };
      this.#rule.forward(own, c && part(c, layer), gh, step);
    });
    return part(h, this.#layers.length - 1);
  }

  /**
   * One step of a single layer: x [B, F], h0 and c0 [B, H] or null (zeros) → h [B, H], and for an LSTM c [B, H].
   * Throws `RangeError` on shapes that do not fit and `TypeError` on another kind of float.
   */
  single(x: Tensor, h0: Tensor | null, c0: Tensor | null): Tensor[] {
    const op = this.#rule.name;
    const [rows] = x.shape;
    const shape = [rows, this.hidden];
    checkShapeIs(op, "input", x, [rows, this.#layers[0].ih.k]);
    for (const state of [h0, c0]) if (state) checkShapeIs(op, "initial state", state, shape);
    checkDtypes(op, x, h0, c0);
    if (x.dtype !== this.#dtype) throw new TypeError(`${op}: expected an input of ${this.#dtype}, got ${x.dtype}`);
    const states = [h0, c0].slice(0, this.#rule.states).map((state) => {
      if (!state) return zeroed(op, shape, this.#dtype);
      const copy = empty(op, shape, this.#dtype);
      floatsOf(copy).set(floatsOf(state));
      return copy;
    });
    const gates = allocateUnset(rows * this.width, this.#dtype);
    this.project(gates, floatsOf(x), rows);
    this.step(gates, floatsOf(states[0]), states[1] ? floatsOf(states[1]) : null, rows);
    return states;
  }

  /** Frees the copies at once instead of when they are collected. */
  dispose(): void {
    this.#weights.dispose();
    for (const { biasIh, biasHh } of this.#layers) [biasIh, biasHh].forEach(dispose);
  }
}
