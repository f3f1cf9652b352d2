import { empty, zeroed } from "../../../tensor/create.js";
import { kernels, type Packed } from "../../../tensor/kernels/index.js";
import {
  allocatePersistentUnset,
  allocateUnset,
  type DType,
  dispose,
  dtypeOf,
  type FloatArray,
} from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import { checkDtypes, checkShapeIs } from "../operands.js";
import { type CellRule, layerColumns, type RecurrentWeights } from "./cell.js";
import { PackedWeights } from "./packedWeights.js";
import { EPS } from "./rowNorm.js";

/** x · Wᵀ + b, or its norm. */
interface PackedProjection {
  readonly weight: Packed;
  readonly bias: FloatArray;
  readonly gain: FloatArray | null;
}

interface PackedLayer {
  readonly ih: PackedProjection;
  readonly hh: PackedProjection;
}

export interface StepperOptions {
  /** Whether every layer but the lowest adds what it reads to its output. */
  readonly residual?: boolean;
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

  /** [G·H] zeros, which a product that will be normalised starts from. */
  readonly #zeros: FloatArray;
  readonly #residual: boolean;

  constructor(rule: CellRule, layers: readonly RecurrentWeights[], { residual = false }: StepperOptions = {}) {
    [this.width, this.hidden] = layers[0].weightHh.shape;
    this.#rule = rule;
    this.#dtype = layers[0].weightHh.dtype;
    const copy = (bias: Tensor | null): FloatArray => {
      const kept = allocatePersistentUnset(this.width, this.#dtype);
      if (bias) kept.set(floatsOf(bias));
      return bias ? kept : kept.fill(0);
    };
    this.#weights = new PackedWeights(layers.flatMap(layerColumns));
    const projection = (weight: Tensor, bias: Tensor | null, gain: Tensor | null = null): PackedProjection => {
      return { weight: this.#weights.get(weight), bias: copy(bias), gain: gain && copy(gain) };
    };
    this.#layers = layers.map(({ weightIh, weightHh, biasIh, biasHh, gainIh, gainHh }) => ({
      ih: projection(weightIh, biasIh, gainIh),
      hh: projection(weightHh, biasHh, gainHh),
    }));
    this.#zeros = copy(null);
    this.#residual = residual;
  }

  /** The first layer's input projections: x [rows, F] → out [rows, G·H]. */
  project(out: FloatArray, x: FloatArray, rows: number): void {
    this.#multiply(out, x, this.#layers[0].ih, rows);
  }

  #multiply(out: FloatArray, x: FloatArray, { weight, bias, gain }: PackedProjection, rows: number): void {
    kernels.matmulPacked(out, x, weight, rows, gain ? this.#zeros : bias);
    if (!gain) return;
    const [mean, rstd] = [new Float64Array(rows), new Float64Array(rows)];
    kernels.layerNorm(out, mean, rstd, out, gain, bias, rows, this.width, EPS);
  }

  /**
   * One step of `rows` sequences. `gates` [rows, G·H] are the first layer's input projections, and are written over, as
   * are the states h (and c) [layers, rows, H]. Returns the last layer's output [rows, H], which may be a part of h.
   */
  step(gates: FloatArray, h: FloatArray, c: FloatArray | null, rows: number): FloatArray {
    const size = rows * this.hidden;
    const gh = allocateUnset(rows * this.width, this.#dtype);
    const kept = allocateUnset(size, this.#dtype);
    const part = (state: FloatArray, layer: number): FloatArray => state.subarray(layer * size, (layer + 1) * size);
    let output = part(h, 0);
    this.#layers.forEach(({ ih, hh }, layer) => {
      const own = part(h, layer);
      if (layer > 0) this.#multiply(gates, output, ih, rows);
      this.#multiply(gh, own, hh, rows);
      // No backward will ask for the states before.
      const step = { rows, hidden: this.hidden, gates, kept, hPrev: own, cPrev: null };
      this.#rule.forward(own, c && part(c, layer), gh, step);
      output = this.#residual && layer > 0 ? summed(own, output) : own;
    });
    return output;
  }

  /**
   * One step of a single layer: x [B, F], h0 and c0 [B, H] or null (zeros) → h [B, H], and for an LSTM c [B, H].
   * Throws `RangeError` on shapes that do not fit and `TypeError` on another kind of float.
   */
  single(x: Tensor, h0: Tensor | null, c0: Tensor | null): Tensor[] {
    const op = this.#rule.name;
    const [rows] = x.shape;
    const shape = [rows, this.hidden];
    checkShapeIs(op, "input", x, [rows, this.#layers[0].ih.weight.k]);
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
    dispose(this.#zeros);
    for (const { bias, gain } of this.#layers.flatMap(({ ih, hh }) => [ih, hh])) {
      dispose(bias);
      if (gain) dispose(gain);
    }
  }
}

function summed(a: FloatArray, b: FloatArray): FloatArray {
  const sum = allocateUnset(a.length, dtypeOf(a));
  kernels.add(sum, a, b);
  return sum;
}
