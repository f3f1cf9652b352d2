import { lstmRule } from "../autograd/ops/recurrent/lstm.js";
import type { Tensor } from "../tensor/tensor.js";
import { RecurrentBase, type RecurrentModuleOptions, type SequenceOptions } from "./recurrentBase.js";

/** Long short-term memory (Hochreiter and Schmidhuber, 1997; Gers et al., 2000). Gates stand in the order i, f, g, o. */
export class LSTM extends RecurrentBase {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentModuleOptions = {}) {
    super(lstmRule, inputSize, hiddenSize, options);
  }

  /**
   * x [T, B, F] (or [B, T, F]), h0 and c0 [layers · directions, B, H] (zeros unless given)
   * → [output [T, B, directions · H], [hN, cN]], both [layers · directions, B, H].
   * Throws `RangeError` on shapes that do not fit.
   */
  forward(
    x: Tensor,
    state?: readonly [Tensor, Tensor] | null,
    options: SequenceOptions = {},
  ): [Tensor, [Tensor, Tensor]] {
    const [output, [hN, cN]] = this.runLayers(x, state, options);
    return [output, [hN, cN]];
  }
}
