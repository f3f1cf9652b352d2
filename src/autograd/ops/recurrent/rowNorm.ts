import { kernels } from "../../../tensor/kernels/index.js";
import { allocate, allocateUnset, type DType, type FloatArray } from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { begun, type Unset } from "../../unset.js";

/** Added to a variance, as `layerNorm` does by default. */
export const EPS = 1e-5;

/**
 * Layer normalisation of the products of all steps of a sequence, row by row and step by step: y = x̂ · gain + bias, x̂ being
 * a product brought to mean 0 and variance 1.  (Ba, Kiros and Hinton, 2016, equation 20; the backward stands in ../layerNorm)
 *
 * Rows are those of a sequence in packed order, N in all, `at` the first of a step; gain and bias [M].
 */
export class RowNorm {
  /** [N, M] the products, which the caller writes. */
  readonly products: FloatArray;
  readonly #gain: FloatArray;
  readonly #bias: FloatArray | null;
  readonly #width: number;
  readonly #dtype: DType;
  readonly #total: number;
  readonly #mean: Float64Array;
  readonly #rstd: Float64Array;
  /** [N, M] the gradients of the products, and of how many rows they are there. */
  #dproducts: FloatArray | null = null;
  #done = 0;

  constructor(gain: Tensor, bias: Tensor | null, total: number) {
    [this.#width] = gain.shape;
    this.#total = total;
    this.#gain = floatsOf(gain);
    this.#bias = bias && floatsOf(bias);
    this.#mean = new Float64Array(total);
    this.#rstd = new Float64Array(total);
    this.products = allocateUnset(total * this.#width, gain.dtype);
    this.#dtype = gain.dtype;
  }

  /** Those of some rows, [rows, M]. */
  productsAt(at: number, rows: number): FloatArray {
    return this.#rowsOf(this.products, at, rows);
  }

  /** y [rows, M] of these products. */
  forward(y: FloatArray, at: number, rows: number): void {
    const [mean, rstd] = this.#statistics(at, rows);
    kernels.layerNorm(y, mean, rstd, this.productsAt(at, rows), this.#gain, this.#bias, rows, this.#width, EPS);
  }

  /** The gradients [rows, M] of these products from those of y. */
  backward(dy: FloatArray, at: number, rows: number): FloatArray {
    const dproducts = this.#rowsOf(this.dproducts, at, rows);
    if (this.#done === this.#total) return dproducts;
    const [mean, rstd] = this.#statistics(at, rows);
    kernels.layerNormBackward(dproducts, dy, this.productsAt(at, rows), mean, rstd, this.#gain, rows, this.#width);
    this.#done += rows;
    return dproducts;
  }

  /** [N, M] the gradients of all products, as `backward` gets to them. */
  get dproducts(): FloatArray {
    this.#dproducts ??= allocate(this.products.length, this.#dtype);
    return this.#dproducts;
  }

  /** The gradients of gain and bias from those of all y [N, M]. */
  gradients(dgain: Accumulator, dbias: Accumulator, dy: FloatArray, unset: Unset): void {
    const [rows, n] = [this.#total, this.#width];
    if (dgain) {
      const into = begun(dgain, unset);
      kernels.layerNormBackwardWeight(into, dy, this.products, this.#mean, this.#rstd, rows, n);
    }
    if (dbias) kernels.sum(begun(dbias, unset), dy, 1, rows, n);
  }

  #rowsOf(all: FloatArray, at: number, rows: number): FloatArray {
    return all.subarray(at * this.#width, (at + rows) * this.#width);
  }

  #statistics(at: number, rows: number): readonly [mean: Float64Array, rstd: Float64Array] {
    return [this.#mean.subarray(at, at + rows), this.#rstd.subarray(at, at + rows)];
  }
}
