import { checkOptions, type OptionTable, oneOf } from "../../../options.js";
import { kernels } from "../../../tensor/kernels/index.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { type CellRule, type RecurrentOptions, type RecurrentWeights, recurrentOptions } from "./cell.js";
import { recurrentSequence } from "./sequence.js";

export interface RnnOptions extends RecurrentOptions {
  /** Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

export const nonlinearityOption = oneOf(["tanh", "relu"]);
const OPTIONS: OptionTable<RnnOptions> = { ...recurrentOptions, nonlinearity: nonlinearityOption };

/**
 * h(t) = tanh(Wᵢₕ·x(t) + bᵢₕ + Wₕₕ·h(t−1) + bₕₕ)   (or relu)                                      (Elman, 1990)
 *
 * dh flows from the output at t and from step t + 1;  da = dh · (1 − h²) (or dh where h > 0);  dh(t−1) = Wₕₕᵀ·da
 */
function ruleOf(isRelu: boolean): CellRule {
  return {
    name: "rnn",
    gates: 1,
    states: 1,
    splitGradient: false,
    forward: (h, _c, gh, { gates }) => kernels.rnnForward(h, gates, gh, isRelu),
    backward: (dgates, _dgh, dh, _dc, { gates }) => kernels.rnnBackward(dgates, dh, gates, isRelu),
  };
}

export const rnnRules = { tanh: ruleOf(false), relu: ruleOf(true) } as const;

/**
 * A whole sequence through a simple recurrent layer, as one op.
 * x [T, B, F], h0 [B, H] or null, weights [H, F] and [H, H] → [output [T, B, H], hN [B, H]].
 * Throws `RangeError` on shapes or lengths that do not fit.
 */
export function rnn(
  x: Tensor,
  h0: Tensor | null,
  weights: RecurrentWeights,
  options: RnnOptions = {},
): [Tensor, Tensor] {
  checkOptions("rnn", OPTIONS, options);
  const [output, hN] = recurrentSequence(rnnRules[options.nonlinearity ?? "tanh"], x, h0, null, weights, options);
  return [output, hN];
}
