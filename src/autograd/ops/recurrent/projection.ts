import { kernels, type Packed } from "../../../tensor/kernels/index.js";
import type { FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";

/**
 * y = x · Wᵀ + b, for all steps of a sequence at once or step by step.  dx += dy · W
 * dW += dyᵀ · x and db += Σ dy, once, over the rows of all steps.
 *
 * x [rows, K], y [rows, M], weight [M, K], bias [M] or null. A weight that is used again and again is laid out once for
 * all its products; for a single one that would cost more than it saves.
 */
export class Projection {
  /** As a tensor: whoever takes its floats counts as having changed them, and what is packed would be packed anew. */
  readonly #weight: Tensor;
  readonly #bias: FloatArray | undefined;
  readonly #outputs: number;
  readonly #inputs: number;
  readonly #isRepeated: boolean;
  /** Wᵀ packed, K × M; null where it is used as it stands. */
  readonly #packed: Packed | null;
  /** W packed, M × K, once a backward has asked for it. */
  #packedBack: Packed | null = null;

  /** `packed` is Wᵀ where somebody has packed it already. */
  constructor(weight: Tensor, bias: Tensor | null, isRepeated: boolean, packed: Packed | null = null) {
    const [outputs, inputs] = weight.shape;
    this.#weight = weight;
    this.#bias = bias?.data;
    this.#outputs = outputs;
    this.#inputs = inputs;
    this.#isRepeated = isRepeated;
    this.#packed = packed ?? (isRepeated ? kernels.packTransposed(weight.data, inputs, outputs) : null);
  }

  /** y = x · Wᵀ + b, whatever y holds. */
  forward(y: FloatArray, x: FloatArray, rows: number): void {
    if (!this.#bias) kernels.zero(y);
    this.#multiply(y, x, rows, this.#bias);
  }

  /** y += x · Wᵀ, without the bias: where several inputs meet in one sum. */
  add(y: FloatArray, x: FloatArray, rows: number): void {
    this.#multiply(y, x, rows);
  }

  /** dx += dy · W */
  backward(dx: FloatArray, dy: FloatArray, rows: number): void {
    if (this.#isRepeated) {
      this.#packedBack ??= kernels.pack(this.#weight.data, this.#outputs, this.#inputs);
      kernels.matmulPacked(dx, dy, this.#packedBack, rows);
    } else kernels.matmul(dx, dy, this.#weight.data, rows, this.#outputs, this.#inputs);
  }

  /** dW += dyᵀ · x,  db += Σ dy, over the rows of all steps. */
  weightGradients(dweight: Accumulator, dbias: Accumulator, dy: FloatArray, x: FloatArray, rows: number): void {
    if (dweight) kernels.matmulTN(dweight, dy, x, this.#outputs, rows, this.#inputs);
    if (dbias) kernels.sum(dbias, dy, 1, rows, this.#outputs);
  }

  #multiply(y: FloatArray, x: FloatArray, rows: number, bias?: FloatArray): void {
    if (this.#packed) kernels.matmulPacked(y, x, this.#packed, rows, bias);
    else kernels.matmulNT(y, x, this.#weight.data, rows, this.#inputs, this.#outputs, bias);
  }
}
