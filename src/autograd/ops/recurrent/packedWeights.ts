import { kernels, type Packed } from "../../../tensor/kernels/index.js";
import { allocatePersistentUnset, dispose } from "../../../tensor/storage.js";
import type { RecurrentWeights } from "./cell.js";

/** The two weights of a layer, laid out once for many products. They are copies: later changes are not seen. */
export class PackedWeights {
  /** F × G·H */
  readonly ih: Packed;
  /** H × G·H */
  readonly hh: Packed;

  constructor({ weightIh, weightHh }: RecurrentWeights) {
    const packed = ({ data, shape: [width, k] }: RecurrentWeights["weightIh"]): Packed =>
      kernels.packTransposed(data, k, width, allocatePersistentUnset);
    this.ih = packed(weightIh);
    this.hh = packed(weightHh);
  }

  /** Frees the copies at once instead of when they are collected. */
  dispose(): void {
    for (const { data } of [this.ih, this.hh]) dispose(data);
  }
}
