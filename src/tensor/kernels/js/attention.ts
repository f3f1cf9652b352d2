/**
 * The products and scores of attention: each query is met by the rows of one sentence of a padded memory.
 *
 * Letters: T steps, R rows of queries, S places of the memory, B sentences in it, c = columns[r] the sentence that row r
 * looks at. A row's sums run over its own sentence's real places alone, so padding is neither read nor written.
 */
import type { FloatArray } from "../../storage.js";

/** Who looks at what: queries [steps, rows, …] at a memory [places, sentences, …]. */
export interface View {
  /** T */
  readonly steps: number;
  /** S */
  readonly places: number;
  /** B */
  readonly sentences: number;
  /** [R], the sentence of each row. */
  readonly columns: Int32Array;
  /** [R], how many real places that sentence has. */
  readonly lengths: Int32Array;
}

/** scores[t, r, s] += query[t, r] · memory[s, c].  scores [T, R, S], query [T, R, width], memory [S, B, width] */
export function scoreRows(scores: FloatArray, query: FloatArray, memory: FloatArray, view: View, width: number): void {
  eachPair(view, width, (at, q, m) => {
    let total = 0;
    for (let i = 0; i < width; i++) total += query[q + i] * memory[m + i];
    scores[at] += total;
  });
}

/** out[t, r] += Σₛ weights[t, r, s] · memory[s, c].  out [T, R, width], weights [T, R, S], memory [S, B, width] */
export function mixRows(out: FloatArray, weights: FloatArray, memory: FloatArray, view: View, width: number): void {
  eachPair(view, width, (at, q, m) => {
    for (let i = 0; i < width; i++) out[q + i] += weights[at] * memory[m + i];
  });
}

/**
 * memory[s, c] += Σₜ weights[t, r, s] · x[t, r], the transpose of `mixRows`. No two rows may look at one sentence.
 * memory [S, B, width], weights [T, R, S], x [T, R, width]
 */
export function spreadRows(memory: FloatArray, weights: FloatArray, x: FloatArray, view: View, width: number): void {
  eachPair(view, width, (at, q, m) => {
    for (let i = 0; i < width; i++) memory[m + i] += weights[at] * x[q + i];
  });
}

/**
 * scores[t, r, s] += v · tanh(query[t, r] + keys[s, c])                                    (Bahdanau et al., 2015)
 * scores [T, R, S], query [T, R, width], keys [S, B, width], v [width]
 */
export function additiveScores(
  scores: FloatArray,
  query: FloatArray,
  keys: FloatArray,
  v: FloatArray,
  view: View,
  width: number,
): void {
  eachPair(view, width, (at, q, m) => {
    let total = 0;
    for (let i = 0; i < width; i++) total += v[i] * Math.tanh(query[q + i] + keys[m + i]);
    scores[at] += total;
  });
}

/**
 * With y = tanh(query + keys), which is computed anew:  du = dscores[t, r, s] · v · (1 − y²),
 * dquery[t, r] += Σₛ du,  dkeys[s, c] += Σₜ du,  dv[r] += Σₜₛ dscores[t, r, s] · y
 * dv [R, width] keeps the rows apart, for the caller to sum. No two rows may look at one sentence.
 */
export function additiveScoresBackward(
  dquery: FloatArray,
  dkeys: FloatArray,
  dv: FloatArray,
  dscores: FloatArray,
  query: FloatArray,
  keys: FloatArray,
  v: FloatArray,
  view: View,
  width: number,
): void {
  eachPair(view, width, (at, q, m, r) => {
    const dscore = dscores[at];
    for (let i = 0; i < width; i++) {
      const y = Math.tanh(query[q + i] + keys[m + i]);
      const du = dscore * v[i] * (1 - y * y);
      dquery[q + i] += du;
      dkeys[m + i] += du;
      dv[r * width + i] += dscore * y;
    }
  });
}

/** scores[t, r, s] = −∞ for every s past the sentence's end, so that softmax makes it exactly 0. */
export function maskScores(scores: FloatArray, { steps, places, lengths }: View): void {
  for (let t = 0, start = 0; t < steps; t++) {
    for (let r = 0; r < lengths.length; r++, start += places) {
      for (let s = lengths[r]; s < places; s++) scores[start + s] = Number.NEGATIVE_INFINITY;
    }
  }
}

/** Calls `visit` for every query and every real place it looks at, with where their numbers begin. */
function eachPair(
  { steps, places, sentences, columns, lengths }: View,
  width: number,
  visit: (score: number, query: number, memory: number, row: number) => void,
): void {
  const rows = columns.length;
  for (let r = 0; r < rows; r++) {
    for (let t = 0; t < steps; t++) {
      const row = t * rows + r;
      for (let s = 0; s < lengths[r]; s++) {
        visit(row * places + s, row * width, (s * sentences + columns[r]) * width, r);
      }
    }
  }
}
