import { nonlinearityOption, rnnRules } from "../autograd/ops/recurrent/rnn.js";
import type { OptionTable } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import {
  RecurrentBase,
  type RecurrentModuleOptions,
  recurrentModuleOptions,
  type SequenceOptions,
} from "./recurrentBase.js";
import { changed } from "./repr.js";

export interface RnnModuleOptions extends RecurrentModuleOptions {
  /** Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

const OPTIONS: OptionTable<RnnModuleOptions> = { ...recurrentModuleOptions, nonlinearity: nonlinearityOption };

/** Simple recurrent layers: h(t) = tanh(Wᵢₕ·x(t) + bᵢₕ + Wₕₕ·h(t−1) + bₕₕ).  (Elman, 1990) */
export class RNN extends RecurrentBase {
  readonly nonlinearity: "tanh" | "relu";

  constructor(inputSize: number, hiddenSize: number, options: RnnModuleOptions = {}) {
    super(rnnRules[options?.nonlinearity ?? "tanh"], inputSize, hiddenSize, options, OPTIONS);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  /**
   * x [T, B, F] (or [B, T, F]), h0 [layers · directions, B, H] (zeros unless given)
   * → [output [T, B, directions · H], hN [layers · directions, B, H]]. Throws `RangeError` on shapes that do not fit.
   */
  forward(x: Tensor, h0?: Tensor | null, options: SequenceOptions = {}): [Tensor, Tensor] {
    const [output, [hN]] = this.runLayers(x, h0, options);
    return [output, hN];
  }

  protected override extraRepr(): string {
    return [super.extraRepr(), ...changed({ nonlinearity: this.nonlinearity }, { nonlinearity: "tanh" })].join(", ");
  }
}
