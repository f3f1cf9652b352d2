import { gruRule } from "../autograd/ops/recurrent/gru.js";
import type { Tensor } from "../tensor/tensor.js";
import { RecurrentBase, type RecurrentModuleOptions, type SequenceOptions } from "./recurrentBase.js";

/**
 * Gated recurrent units (Cho et al., 2014), in PyTorch's variant: the reset gate is applied after the hidden product.
 * Gates stand in the order r, z, n.
 *
 * @example
 * const gru = new GRU(8, 16, { numLayers: 2 });
 * const [output, hN] = gru.forward(randn([5, 3, 8]), null, { lengths: [5, 2, 4] }); // [5, 3, 16] and [2, 3, 16]
 */
export class GRU extends RecurrentBase {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentModuleOptions = {}) {
    super(gruRule, inputSize, hiddenSize, options);
  }

  /**
   * x [T, B, F] (or [B, T, F]), h0 [layers · directions, B, H] (zeros unless given)
   * → [output [T, B, directions · H], hN [layers · directions, B, H]]. Throws `RangeError` on shapes that do not fit.
   */
  forward(x: Tensor, h0?: Tensor | null, options: SequenceOptions = {}): [Tensor, Tensor] {
    const [output, [hN]] = this.runLayers(x, h0, options);
    return [output, hN];
  }
}
