import { kernels, type Packed } from "../../../tensor/kernels/index.js";
import { allocate, type FloatArray } from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { begun, startOf, type Unset } from "../../unset.js";
import { columnsOf, type PackedWeights, type WeightColumns } from "./packedWeights.js";
import { RowNorm } from "./rowNorm.js";

export interface ProjectionOptions {
  /** Whether there is a product at every step of several: then the weight is laid out once for all of them. */
  readonly isRepeated?: boolean;
  /** The weight, among others, where somebody has laid it out already. */
  readonly packed?: PackedWeights | null;
  /** Normalises the product, and adds the bias, in the projection's stead. */
  readonly norm?: RowNorm | null;
}

/** Where the gradients of a projection go. */
export interface ProjectionGradients {
  readonly dweight: Accumulator;
  readonly dbias: Accumulator;
  /** Of the norm. */
  readonly dgain: Accumulator;
}

/** The norm of a product of all N rows, where there is a gain for one. */
export function normOf(gain: Tensor | null | undefined, bias: Tensor | null, rows: number): RowNorm | null {
  return gain ? new RowNorm(gain, bias, rows) : null;
}

/**
 * y = x · Wᵀ + b, for all steps of a sequence at once or step by step.  dx += dy · W
 * dW += dyᵀ · x and db += Σ dy, once, over the rows of all steps.
 *
 * x [rows, K], y [rows, M], weight [M, K], bias [M] or null. With a norm, y is what that makes of the product, and `at` the
 * first of these rows in the sequence's packed order.
 */
export class Projection {
  readonly #columns: WeightColumns;
  readonly #bias: FloatArray | undefined;
  readonly #inputs: number;
  readonly #outputs: number;
  readonly #isRepeated: boolean;
  readonly #norm: RowNorm | null;
  /** W as it stands, Wᵀ packed, K × M, and W packed, M × K, once somebody has asked for them. */
  #weight: FloatArray | null = null;
  #packed: Packed | null;
  #packedBack: Packed | null = null;

  constructor(
    columns: WeightColumns,
    bias: Tensor | null,
    { isRepeated = false, packed, norm = null }: ProjectionOptions = {},
  ) {
    const { weight, from = 0, to = weight.shape[1] } = columns;
    this.#columns = columns;
    this.#norm = norm;
    // A product that starts from a row of zeros need not be cleared.
    this.#bias = norm ? allocate(weight.shape[0], weight.dtype) : bias ? floatsOf(bias) : undefined;
    this.#inputs = to - from;
    this.#outputs = weight.shape[0];
    this.#isRepeated = isRepeated;
    this.#packed = packed?.get(weight, from) ?? null;
  }

  /** y = x · Wᵀ + b, whatever y holds. */
  forward(y: FloatArray, x: FloatArray, rows: number, at = 0): void {
    const product = this.#norm ? this.#norm.productsAt(at, rows) : y;
    if (!this.#bias) kernels.zero(product);
    this.#multiply(product, x, rows, this.#bias);
    this.#norm?.forward(y, at, rows);
  }

  /** y += x · Wᵀ, without the bias: where several inputs meet in one sum. */
  add(y: FloatArray, x: FloatArray, rows: number): void {
    this.#multiply(y, x, rows);
  }

  /** dx, where it is wanted, += dy · W; given a row of zeros, dx = dy · W. */
  backward(dx: FloatArray | null, dy: FloatArray, rows: number, at = 0, start?: FloatArray): void {
    const dproduct = this.#norm ? this.#norm.backward(dy, at, rows) : dy;
    if (!dx) return;
    if (this.#isRepeated) {
      this.#packedBack ??= kernels.pack(this.#floats(), this.#outputs, this.#inputs);
      kernels.matmulPacked(dx, dproduct, this.#packedBack, rows, start);
    } else kernels.matmul(dx, dproduct, this.#floats(), rows, this.#outputs, this.#inputs, start);
  }

  /** dW += dyᵀ · x,  db += Σ dy, over the rows of all steps. */
  weightGradients(
    { dweight, dbias, dgain }: ProjectionGradients,
    dy: FloatArray,
    x: FloatArray,
    rows: number,
    unset: Unset = new Set(),
  ): void {
    const [M, K] = [this.#outputs, this.#inputs];
    const dproduct = this.#norm ? this.#norm.backward(dy, 0, rows) : dy;
    if (dweight) kernels.matmulTN(dweight, dproduct, x, M, rows, K, startOf(dweight, K, unset));
    if (this.#norm) this.#norm.gradients(dgain, dbias, dy, unset);
    else if (dbias) kernels.sum(begun(dbias, unset), dy, 1, rows, M);
  }

  #multiply(y: FloatArray, x: FloatArray, rows: number, bias?: FloatArray): void {
    // For a single product packing would cost more than it saves.
    if (this.#isRepeated) this.#packed ??= kernels.packTransposed(this.#floats(), this.#inputs, this.#outputs);
    if (this.#packed) kernels.matmulPacked(y, x, this.#packed, rows, bias);
    else kernels.matmulNT(y, x, this.#floats(), rows, this.#inputs, this.#outputs, bias);
  }

  #floats(): FloatArray {
    const { weight, from, to } = this.#columns;
    this.#weight ??= floatsOf(columnsOf(weight, from, to));
    return this.#weight;
  }
}
