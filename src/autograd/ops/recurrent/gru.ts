import { checkOptions } from "../../../options.js";
import { kernels } from "../../../tensor/kernels/index.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { type CellRule, type RecurrentOptions, type RecurrentWeights, recurrentOptions } from "./cell.js";
import { recurrentSequence } from "./sequence.js";

/**
 * Gates r, z, n side by side. PyTorch's variant: r is applied after the hidden product, which has its own bias.
 *
 * r = σ(Wᵢᵣ·x + bᵢᵣ + Wₕᵣ·h + bₕᵣ)                                                            (Cho et al., 2014)
 * z = σ(Wᵢ_z·x + bᵢ_z + Wₕ_z·h + bₕ_z)
 * n = tanh(Wᵢₙ·x + bᵢₙ + r · (Wₕₙ·h + bₕₙ))
 * h(t) = (1 − z) · n + z · h(t−1)
 *
 * With a the sum inside each activation:
 * da_n = dh · (1 − z) · (1 − n²)
 * da_z = dh · (h(t−1) − n) · z · (1 − z)
 * da_r = da_n · (Wₕₙ·h + bₕₙ) · r · (1 − r)
 * dh(t−1) = dh · z + Wₕₕᵀ·(da_r, da_z, da_n · r)
 */
export const gruRule: CellRule = {
  name: "gru",
  gates: 3,
  states: 1,
  splitGradient: true,
  forward: (h, _c, gh, { gates, kept, rows, hidden }) => kernels.gruForward(h, kept, gates, gh, rows, hidden),
  backward: (dgates, dgh, dh, _dc, { gates, kept, hPrev, rows, hidden }) =>
    kernels.gruBackward(dgates, dgh, dh, gates, kept, hPrev, rows, hidden),
};

/**
 * A whole sequence through a gated recurrent unit, as one op.
 * x [T, B, F], h0 [B, H] or null, weights [3H, F] and [3H, H] → [output [T, B, H], hN [B, H]].
 * Throws `RangeError` on shapes or lengths that do not fit.
 */
export function gru(
  x: Tensor,
  h0: Tensor | null,
  weights: RecurrentWeights,
  options: RecurrentOptions = {},
): [Tensor, Tensor] {
  checkOptions("gru", recurrentOptions, options);
  const [output, hN] = recurrentSequence(gruRule, x, h0, null, weights, options);
  return [output, hN];
}
