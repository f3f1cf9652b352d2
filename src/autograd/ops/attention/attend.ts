/** What every kind of attention does with its scores: weights by softmax over a sentence's real places, and their mixture. */
import { kernels, type View } from "../../../tensor/kernels/index.js";
import { allocate, dtypeOf, type FloatArray } from "../../../tensor/storage.js";

/**
 * weights[t, r] = softmax(scores[t, r]) over the real places, exactly 0 past them;  context[t, r] += Σₛ weights[t, r, s] · values[s, c]
 * context [T, R, E], weights and scores [T, R, S] (of which the scores are written over), values [S, B, E]
 */
export function attend(
  context: FloatArray,
  weights: FloatArray,
  scores: FloatArray,
  values: FloatArray,
  view: View,
  width: number,
): void {
  kernels.maskScores(scores, view);
  kernels.softmax(weights, scores, view.steps * view.columns.length, view.places);
  kernels.mixRows(context, weights, values, view, width);
}

/**
 * dweights[t, r, s] = what comes from outside + dcontext[t, r] · values[s, c];  dvalues[s, c] += Σₜ weights[t, r, s] · dcontext[t, r]
 * Returns dscores = weights · (dweights − Σₛ dweights · weights).
 */
export function attendBackward(
  dvalues: FloatArray | null,
  dcontext: FloatArray | null,
  outerDweights: FloatArray | null,
  weights: FloatArray,
  values: FloatArray,
  view: View,
  width: number,
): FloatArray {
  const dweights = allocate(weights.length, dtypeOf(weights));
  if (outerDweights) dweights.set(outerDweights);
  if (dcontext) kernels.scoreRows(dweights, dcontext, values, view, width);
  if (dcontext && dvalues) kernels.spreadRows(dvalues, weights, dcontext, view, width);
  const dscores = allocate(weights.length, dtypeOf(weights));
  kernels.softmaxBackward(dscores, dweights, weights, view.steps * view.columns.length, view.places);
  return dscores;
}
