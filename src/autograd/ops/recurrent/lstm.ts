import { checkOptions } from "../../../options.js";
import { kernels } from "../../../tensor/kernels/index.js";
import type { FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { type CellRule, type RecurrentOptions, type RecurrentWeights, recurrentOptions } from "./cell.js";
import { recurrentSequence } from "./sequence.js";

/**
 * Gates i, f, g, o side by side, each from a = Wᵢ·x + bᵢ + Wₕ·h + bₕ.
 *
 * i, f, o = σ(a),  g = tanh(a_g)                                    (Hochreiter and Schmidhuber, 1997; Gers et al., 2000)
 * c(t) = f · c(t−1) + i · g
 * h(t) = o · tanh(c(t))
 *
 * dc' = dc + dh · o · (1 − tanh²c)
 * da_i = dc' · g · i(1 − i),  da_f = dc' · c(t−1) · f(1 − f),  da_g = dc' · i · (1 − g²),  da_o = dh · tanh(c) · o(1 − o)
 * dc(t−1) = dc' · f,  dh(t−1) = Wₕₕᵀ·(da_i, da_f, da_g, da_o)
 */
export const lstmRule: CellRule = {
  name: "lstm",
  gates: 4,
  states: 2,
  splitGradient: false,
  forward: (h, c, gh, { gates, kept, rows, hidden }) =>
    kernels.lstmForward(h, c as FloatArray, kept, gates, gh, rows, hidden),
  backward: (dgates, _dgh, dh, dc, { gates, kept, cPrev, rows, hidden }) =>
    kernels.lstmBackward(dgates, dh, dc as FloatArray, gates, kept, cPrev as FloatArray, rows, hidden),
};

/**
 * A whole sequence through a long short-term memory, as one op.
 * x [T, B, F], h0 and c0 [B, H] or null, weights [4H, F] and [4H, H] → [output [T, B, H], hN [B, H], cN [B, H]].
 * Throws `RangeError` on shapes or lengths that do not fit.
 */
export function lstm(
  x: Tensor,
  h0: Tensor | null,
  c0: Tensor | null,
  weights: RecurrentWeights,
  options: RecurrentOptions = {},
): [Tensor, Tensor, Tensor] {
  checkOptions("lstm", recurrentOptions, options);
  const [output, hN, cN] = recurrentSequence(lstmRule, x, h0, c0, weights, options);
  return [output, hN, cN];
}
