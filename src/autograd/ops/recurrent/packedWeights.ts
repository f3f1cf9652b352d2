import { kernels, type Packed } from "../../../tensor/kernels/index.js";
import { allocatePersistentUnset, dispose } from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import { noGrad } from "../../switches.js";
import { slice } from "../shape.js";

/** A weight [M, K], or its columns `from` to `to` alone, as where it is several side by side. */
export interface WeightColumns {
  readonly weight: Tensor;
  readonly from?: number;
  readonly to?: number;
}

/** Weights laid out once for many products. They are copies: later changes are not seen. */
export class PackedWeights {
  /** Of each weight, by its first column: Wᵀ, K × M. */
  readonly #packed = new Map<Tensor, Map<number, Packed>>();

  constructor(parts: readonly WeightColumns[]) {
    for (const { weight, from = 0, to } of parts) {
      const columns = columnsOf(weight, from, to); // [M, K]
      const [m, k] = columns.shape;
      const packed = kernels.packTransposed(floatsOf(columns), k, m, allocatePersistentUnset);
      const byColumn = this.#packed.get(weight) ?? new Map<number, Packed>();
      this.#packed.set(weight, byColumn.set(from, packed));
    }
  }

  /** Wᵀ from that column on, K × M; throws `Error` when it is not among what was packed. */
  get(weight: Tensor, from = 0): Packed {
    const packed = this.#packed.get(weight)?.get(from);
    if (!packed)
      throw new Error(`PackedWeights: expected a weight that was packed, got [${weight.shape}] from ${from}`);
    return packed;
  }

  /** Frees the copies at once instead of when they are collected. */
  dispose(): void {
    for (const byColumn of this.#packed.values()) for (const { data } of byColumn.values()) dispose(data);
  }
}

/** Some columns of a weight, copied; the weight itself where they are all. */
export function columnsOf(weight: Tensor, from = 0, to = weight.shape[1]): Tensor {
  return from === 0 && to === weight.shape[1] ? weight : noGrad(() => slice(weight, 1, from, to));
}
