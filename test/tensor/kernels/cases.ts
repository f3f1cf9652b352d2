import type { Kernels, View } from "../../../src/tensor/kernels/index.js";
import type { FloatArray } from "../../../src/tensor/storage.js";

/** How to call one kernel on arrays of a size n. */
export interface Case {
  /** Lengths of the float arrays it takes, in their order. */
  lengths(n: number): number[];
  /** Whatever number it returns is compared, too. */
  run(kernels: Kernels, arrays: FloatArray[], n: number): unknown;
  /** Which arrays hold nothing below 0.1: what is divided by, or has a root or a logarithm. */
  readonly positive?: readonly number[];
  /** Largest |difference| from the reference in double precision, relative to 1 + |reference|. Default 1e-6. */
  readonly bound?: number;
}

const same =
  (count: number) =>
  (n: number): number[] =>
    new Array<number>(count).fill(n);
const ROWS = 3;
/** Row indices with one taken twice. */
const picked = Int32Array.of(2, 0, 2, 1);
/** Row indices that differ. */
const some = Int32Array.of(3, 0, 1);
const classes = (n: number): Int32Array => Int32Array.of(n - 1, -1, 0);
/** Two steps of three rows, two of which look at sentences of several places; the last place is nobody's. */
const view: View = {
  ...{ steps: 2, places: 5, sentences: 4 },
  ...{ columns: Int32Array.of(3, 0, 2), lengths: Int32Array.of(4, 1, 3) },
};
const [QUERIES, SCORES, PLACES] = [2 * 3, 2 * 3 * 5, 5 * 4];
/** The same for a sum over `n` places or steps, at a width of 5. */
const longView = (n: number): View => ({
  ...{ steps: 3, places: n, sentences: 2 },
  ...{ columns: Int32Array.of(1, 0), lengths: Int32Array.of(n, n >> 1) },
});
const mask = (values: FloatArray): FloatArray => values.map((value) => (value > 0 ? 1 : 0));

/** At least one case for every kernel; several for those with options. */
export const cases: Record<string, Case> = {
  zero: { lengths: same(1), run: (k, [y]) => k.zero(y) },
  copy: { lengths: same(2), run: (k, [y, x]) => k.copy(y, x) },
  add: { lengths: same(3), run: (k, [y, a, b]) => k.add(y, a, b) },
  sub: { lengths: same(3), run: (k, [y, a, b]) => k.sub(y, a, b) },
  mul: { lengths: same(3), run: (k, [y, a, b]) => k.mul(y, a, b) },
  div: { lengths: same(3), run: (k, [y, a, b]) => k.div(y, a, b), positive: [2] },
  addScaled: { lengths: same(2), run: (k, [dx, dy]) => k.addScaled(dx, dy, 0.3) },
  addProduct: { lengths: same(3), run: (k, [dx, dy, v]) => k.addProduct(dx, dy, v) },
  addQuotient: { lengths: same(3), run: (k, [dx, dy, v]) => k.addQuotient(dx, dy, v), positive: [2], bound: 5e-6 },
  divBackwardDivisor: {
    lengths: same(4),
    run: (k, [db, dy, y, b]) => k.divBackwardDivisor(db, dy, y, b),
    positive: [3],
    bound: 1e-5,
  },
  affine: { lengths: same(2), run: (k, [y, x]) => k.affine(y, x, -1.7, 0.4) },
  "affine in place": { lengths: same(1), run: (k, [x]) => k.affine(x, x, 0.5, 0) },
  exp: { lengths: same(2), run: (k, [y, x]) => k.exp(y, x) },
  log: { lengths: same(2), run: (k, [y, x]) => k.log(y, x), positive: [1] },
  sqrt: { lengths: same(2), run: (k, [y, x]) => k.sqrt(y, x), positive: [1] },
  sqrtBackward: { lengths: same(3), run: (k, [dx, dy, y]) => k.sqrtBackward(dx, dy, y), positive: [2], bound: 5e-6 },
  pow: { lengths: same(2), run: (k, [y, x]) => k.pow(y, x, 2.5), positive: [1] },
  powBackward: { lengths: same(3), run: (k, [dx, dy, x]) => k.powBackward(dx, dy, x, 2.5), positive: [2] },
  tanh: { lengths: same(2), run: (k, [y, x]) => k.tanh(y, x) },
  tanhBackward: { lengths: same(3), run: (k, [dx, dy, y]) => k.tanhBackward(dx, dy, y) },
  sigmoid: { lengths: same(2), run: (k, [y, x]) => k.sigmoid(y, x) },
  sigmoidBackward: { lengths: same(3), run: (k, [dx, dy, y]) => k.sigmoidBackward(dx, dy, y), bound: 2e-6 },
  relu: { lengths: same(2), run: (k, [y, x]) => k.relu(y, x) },
  reluBackward: { lengths: same(3), run: (k, [dx, dy, y]) => k.reluBackward(dx, dy, y) },
  maskedFill: { lengths: same(3), run: (k, [y, x, m]) => k.maskedFill(y, x, mask(m), -2.5) },
  maskedFillBackward: { lengths: same(3), run: (k, [dx, dy, m]) => k.maskedFillBackward(dx, dy, mask(m)) },
  abs: { lengths: same(2), run: (k, [y, x]) => k.abs(y, x) },
  absBackward: { lengths: same(3), run: (k, [dx, dy, x]) => k.absBackward(dx, dy, x) },
  clamp: { lengths: same(2), run: (k, [y, x]) => k.clamp(y, x, -0.5, 0.75) },
  clampBackward: { lengths: same(3), run: (k, [dx, dy, x]) => k.clampBackward(dx, dy, x, -0.5, 0.75) },
  where: { lengths: same(4), run: (k, [out, m, x, y]) => k.where(out, mask(m), x, y) },
  whereBackward: { lengths: same(3), run: (k, [dx, dy, m]) => k.whereBackward(dx, dy, mask(m)) },

  matmul: { lengths: (n) => [ROWS * n, ROWS * 7, 7 * n], run: (k, [c, a, b], n) => k.matmul(c, a, b, ROWS, 7, n) },
  matmulNT: { lengths: (n) => [ROWS * n, ROWS * 7, n * 7], run: (k, [c, a, b], n) => k.matmulNT(c, a, b, ROWS, 7, n) },
  matmulTN: { lengths: (n) => [ROWS * n, 7 * ROWS, 7 * n], run: (k, [c, a, b], n) => k.matmulTN(c, a, b, ROWS, 7, n) },
  "matmul from a row": {
    lengths: (n) => [ROWS * n, ROWS * 7, 7 * n, n],
    run: (k, [c, a, b, row], n) => k.matmul(c, a, b, ROWS, 7, n, row),
  },
  "matmulTN from a row": {
    lengths: (n) => [ROWS * n, 7 * ROWS, 7 * n, n],
    run: (k, [c, a, b, row], n) => k.matmulTN(c, a, b, ROWS, 7, n, row),
  },
  "matmulTN of long sums from a row": {
    lengths: (n) => [n * ROWS, 33 * n, 33 * ROWS, ROWS],
    run: (k, [c, a, b, row], n) => k.matmulTN(c, a, b, n, 33, ROWS, row),
    bound: 5e-6,
  },
  "matmulNT from a row": {
    lengths: (n) => [ROWS * n, ROWS * 7, n * 7, n],
    run: (k, [c, a, b, row], n) => k.matmulNT(c, a, b, ROWS, 7, n, row),
  },
  "packed, from a row": {
    lengths: (n) => [ROWS * n, ROWS * 7, n * 7, n],
    run: (k, [c, a, b, row], n) => k.matmulPacked(c, a, k.pack(b, 7, n), ROWS, row),
  },
  "pack and matmulPacked": {
    lengths: (n) => [ROWS * n, ROWS * 7, 7 * n],
    run: (k, [c, a, b], n) => k.matmulPacked(c, a, k.pack(b, 7, n), ROWS),
  },
  "packTransposed and matmulPacked": {
    lengths: (n) => [ROWS * n, ROWS * 7, n * 7],
    run: (k, [c, a, b], n) => k.matmulPacked(c, a, k.packTransposed(b, 7, n), ROWS),
  },

  sgdStep: { lengths: same(3), run: (k, [p, g]) => k.sgdStep(p, g, null, 0.1, 0, 0, 0, false, false) },
  sgdStepRows: { lengths: (n) => [4 * n, 4 * n], run: (k, [p, g], n) => k.sgdStepRows(p, g, some, n, 0.1, false) },
  "sgdStepRows uphill": {
    lengths: (n) => [4 * n, 4 * n],
    run: (k, [p, g], n) => k.sgdStepRows(p, g, some, n, 0.1, true),
  },
  "sgdStep with all options": {
    lengths: same(3),
    run: (k, [p, g, b]) => k.sgdStep(p, g, b, 0.1, 0.9, 0.2, 0.01, false, true),
  },
  "sgdStep with nesterov": {
    lengths: same(3),
    run: (k, [p, g, b]) => k.sgdStep(p, g, b, 0.1, 0.9, 0, 0.01, true, false),
  },
  adagradStep: {
    lengths: same(3),
    run: (k, [p, g, s]) => k.adagradStep(p, g, s, 0.1, 1e-8, 0.01, false),
    positive: [2],
  },
  rmspropStep: {
    lengths: same(5),
    run: (k, [p, g, v, m, b]) => k.rmspropStep(p, g, v, m, b, 0.1, 0.9, 1e-3, 0.9, 0.01, false),
    positive: [2],
    bound: 1e-4, // v − m² may cancel
  },
  adadeltaStep: {
    lengths: same(4),
    run: (k, [p, g, v, u]) => k.adadeltaStep(p, g, v, u, 0.1, 0.9, 1e-6, 0.01, false),
    positive: [2, 3],
  },
  adamStep: {
    lengths: same(4),
    run: (k, [p, g, m, v]) => k.adamStep(p, g, m, v, null, 1e-2, 0.8, 0.9, 0.999, 1e-8, 0, 1, false),
    positive: [3],
  },
  "adamStep with all options": {
    lengths: same(5),
    run: (k, [p, g, m, v, top]) => k.adamStep(p, g, m, v, top, 1e-2, 0.8, 0.9, 0.999, 1e-8, 0.1, 0.99, true),
    positive: [3, 4],
  },
  maxAbs: { lengths: same(1), run: (k, [x]) => k.maxAbs(x) },

  rnnForward: { lengths: same(3), run: (k, [h, gates, gh]) => k.rnnForward(h, gates, gh, false) },
  "rnnForward with relu": { lengths: same(3), run: (k, [h, gates, gh]) => k.rnnForward(h, gates, gh, true) },
  rnnBackward: { lengths: same(3), run: (k, [dgates, dh, gates]) => k.rnnBackward(dgates, dh, gates, false) },
  "rnnBackward with relu": { lengths: same(3), run: (k, [dgates, dh, y]) => k.rnnBackward(dgates, dh, y, true) },
  gruForward: {
    lengths: (n) => [ROWS * n, ROWS * n, ROWS * 3 * n, ROWS * 3 * n],
    run: (k, [h, hn, gates, gh], n) => k.gruForward(h, hn, gates, gh, ROWS, n),
  },
  gruBackward: {
    lengths: (n) => [3, 3, 1, 3, 1, 1].map((gates) => ROWS * gates * n),
    run: (k, [dgates, dgh, dh, gates, hn, h], n) => k.gruBackward(dgates, dgh, dh, gates, hn, h, ROWS, n),
    bound: 5e-6,
  },
  lstmForward: {
    lengths: (n) => [1, 1, 1, 4, 4].map((gates) => ROWS * gates * n),
    run: (k, [h, c, tanhC, gates, gh], n) => k.lstmForward(h, c, tanhC, gates, gh, ROWS, n),
  },
  lstmBackward: {
    lengths: (n) => [4, 1, 1, 4, 1, 1].map((gates) => ROWS * gates * n),
    run: (k, [dgates, dh, dc, gates, tanhC, c], n) => k.lstmBackward(dgates, dh, dc, gates, tanhC, c, ROWS, n),
    bound: 5e-6,
  },

  sum: { lengths: (n) => [2 * n, 2 * 5 * n], run: (k, [y, x], n) => k.sum(y, x, 2, 5, n) },
  "sum of rows": { lengths: (n) => [ROWS, ROWS * n], run: (k, [y, x], n) => k.sum(y, x, ROWS, n, 1) },
  max: { lengths: (n) => [2 * n, 2 * 5 * n], run: (k, [y, x], n) => k.max(y, new Int32Array(2 * n), x, 2, 5, n) },
  min: { lengths: (n) => [2 * n, 2 * 5 * n], run: (k, [y, x], n) => k.min(y, new Int32Array(2 * n), x, 2, 5, n) },
  maxBackward: {
    lengths: (n) => [2 * 5 * n, 2 * n],
    run: (k, [dx, dy], n) => k.maxBackward(dx, dy, new Int32Array(2 * n).fill(3), 2, 5, n),
  },
  sumOfSquares: { lengths: same(1), run: (k, [x]) => k.sumOfSquares(x) },
  "sumOfSquares of some rows": { lengths: (n) => [4 * n], run: (k, [x], n) => k.sumOfSquares(x, n, 3, some) },
  "sumOfSquares, row by row": { lengths: (n) => [ROWS * n], run: (k, [x], n) => k.sumOfSquares(x, n, 3) },

  gatherRows: { lengths: (n) => [4 * n, 3 * n], run: (k, [y, x], n) => k.gatherRows(y, x, picked, n) },
  zeroRows: { lengths: (n) => [4 * n], run: (k, [x], n) => k.zeroRows(x, some, n) },
  scaleRows: { lengths: (n) => [4 * n], run: (k, [x], n) => k.scaleRows(x, some, n, 0.3) },
  scatterAddRows: { lengths: (n) => [3 * n, 4 * n], run: (k, [dx, dy], n) => k.scatterAddRows(dx, dy, picked, n) },

  softmax: { lengths: (n) => [ROWS * n, ROWS * n], run: (k, [y, x], n) => k.softmax(y, x, ROWS, n) },
  softmaxBackward: {
    lengths: (n) => [ROWS * n, ROWS * n, ROWS * n],
    run: (k, [dx, dy, y], n) => k.softmaxBackward(dx, dy, y, ROWS, n),
    bound: 5e-6,
  },
  logSoftmax: { lengths: (n) => [ROWS * n, ROWS * n], run: (k, [y, x], n) => k.logSoftmax(y, x, ROWS, n) },
  logSoftmaxBackward: {
    lengths: (n) => [ROWS * n, ROWS * n, ROWS * n],
    run: (k, [dx, dy, y], n) => k.logSoftmaxBackward(dx, dy, y, ROWS, n),
    bound: 5e-6,
  },
  logSumExp: {
    lengths: (n) => (n === 0 ? [0, 0] : [ROWS, ROWS * n]),
    run: (k, [lse, x], n) => inDouble(lse, (kept) => k.logSumExp(kept, x, n && ROWS, n)),
  },
  logSumExpBackward: {
    lengths: (n) => (n === 0 ? [0, 0, 0, 0] : [ROWS * n, ROWS, ROWS, ROWS * n]),
    run: (k, [dx, dlse, lse, x], n) => k.logSumExpBackward(dx, dlse, Float64Array.from(lse), x, n && ROWS, n),
    bound: 5e-6,
  },
  topIndices: {
    lengths: (n) => [ROWS * Math.min(n, 4), ROWS * n],
    run: (k, [ids, x], n) => inIntegers(ids, (own) => k.topIndices(own, x, ROWS, n, 0, Math.min(n, 4))),
  },
  "topIndices behind the first": {
    lengths: (n) => [ROWS * Math.max(0, n - 3), ROWS * n],
    run: (k, [ids, x], n) =>
      inIntegers(ids, (own) => k.topIndices(own, x, ROWS, n, Math.min(n, 3), Math.max(0, n - 3))),
  },
  crossEntropy: {
    lengths: (n) => (n === 0 ? [0, 0, 0] : [ROWS, ROWS, ROWS * n]),
    run: (k, [loss, lse, x], n) =>
      inDouble(lse, (kept) => k.crossEntropy(loss, kept, null, x, classes(n), n && ROWS, n, 0)),
  },
  "crossEntropy with smoothing": {
    lengths: (n) => (n === 0 ? [0, 0, 0] : [ROWS, ROWS, ROWS * n]),
    run: (k, [loss, lse, x], n) =>
      inDouble(lse, (kept) => k.crossEntropy(loss, kept, null, x, classes(n), n && ROWS, n, 0.1)),
  },
  "crossEntropy that keeps the softmax": {
    lengths: (n) => (n === 0 ? [0, 0, 0, 0] : [ROWS, ROWS, ROWS * n, ROWS * n]),
    run: (k, [loss, lse, p, x], n) =>
      inDouble(lse, (kept) => k.crossEntropy(loss, kept, p, x, classes(n), n && ROWS, n, 0)),
  },
  crossEntropyBackward: {
    lengths: (n) => (n === 0 ? [0, 0, 0] : [ROWS * n, ROWS, ROWS * n]),
    run: (k, [dx, dloss, p], n) => k.crossEntropyBackward(dx, dloss, p, classes(n), n && ROWS, n, 0, false),
  },
  "crossEntropyBackward with smoothing": {
    lengths: (n) => (n === 0 ? [0, 0, 0] : [ROWS * n, ROWS, ROWS * n]),
    run: (k, [dx, dloss, p], n) => k.crossEntropyBackward(dx, dloss, p, classes(n), n && ROWS, n, 0.1, false),
  },
  "crossEntropyBackward that overwrites": {
    lengths: (n) => (n === 0 ? [0, 0, 0] : [ROWS * n, ROWS, ROWS * n]),
    run: (k, [dx, dloss, p], n) => k.crossEntropyBackward(dx, dloss, p, classes(n), n && ROWS, n, 0.1, true),
  },
  "crossEntropyBackward in place": {
    lengths: (n) => (n === 0 ? [0, 0] : [ROWS, ROWS * n]),
    run: (k, [dloss, p], n) => k.crossEntropyBackward(p, dloss, p, classes(n), n && ROWS, n, 0, true),
  },
  nll: {
    lengths: (n) => (n === 0 ? [0, 0] : [ROWS, ROWS * n]),
    run: (k, [loss, logp], n) => k.nll(loss, logp, classes(n), n && ROWS, n),
  },
  nllBackward: {
    lengths: (n) => (n === 0 ? [0, 0] : [ROWS * n, ROWS]),
    run: (k, [dlogp, dloss], n) => k.nllBackward(dlogp, dloss, classes(n), n && ROWS, n),
  },
  layerNorm: {
    lengths: (n) => [ROWS * n, ROWS * n, n, n],
    run: (k, [y, x, w, b], n) => k.layerNorm(y, doubles(0), doubles(0), x, w, b, ROWS, n, 1e-5),
    bound: 5e-6,
  },
  "layerNorm, what is kept": {
    lengths: (n) => (n === 0 ? [0, 0, 0] : [ROWS, ROWS, ROWS * n]),
    run: (k, [mean, rstd, x], n) =>
      inDouble(mean, (means) =>
        inDouble(rstd, (rstds) => k.layerNorm(x.slice(), means, rstds, x, null, null, n && ROWS, n, 0.01)),
      ),
  },
  layerNormBackward: {
    lengths: (n) => [ROWS * n, ROWS * n, ROWS * n, n],
    run: (k, [dx, dy, x, w], n) => k.layerNormBackward(dx, dy, x, doubles(0.3), doubles(1.5), w, ROWS, n),
    bound: 5e-6,
  },
  "layerNormBackward without weight": {
    lengths: (n) => [ROWS * n, ROWS * n, ROWS * n],
    run: (k, [dx, dy, x], n) => k.layerNormBackward(dx, dy, x, doubles(0.3), doubles(1.5), null, ROWS, n),
    bound: 5e-6,
  },
  layerNormBackwardWeight: {
    lengths: (n) => [n, ROWS * n, ROWS * n],
    run: (k, [dw, dy, x], n) => k.layerNormBackwardWeight(dw, dy, x, doubles(0.3), doubles(1.5), ROWS, n),
    bound: 5e-6,
  },
  squaredError: { lengths: same(3), run: (k, [loss, x, t]) => k.squaredError(loss, x, t) },
  squaredErrorBackward: { lengths: same(4), run: (k, [dx, dloss, x, t]) => k.squaredErrorBackward(dx, dloss, x, t) },
  binaryCrossEntropy: { lengths: same(5), run: (k, [loss, x, t, w, p]) => k.binaryCrossEntropy(loss, x, t, w, p) },
  binaryCrossEntropyBackward: {
    lengths: same(6),
    run: (k, [dx, dloss, x, t, w, p]) => k.binaryCrossEntropyBackward(dx, dloss, x, t, w, p),
  },
  binaryCrossEntropyBackwardTarget: {
    lengths: same(5),
    run: (k, [dt, dloss, x, w, p]) => k.binaryCrossEntropyBackwardTarget(dt, dloss, x, w, p),
  },
  weightedSmoothing: {
    lengths: (n) => (n === 0 ? [0, 0, 0, 0] : [ROWS, ROWS, ROWS * n, n]),
    run: (k, [loss, lse, x, w], n) => k.weightedSmoothing(loss, lse, x, classes(n), w, n && ROWS, n, 0.1),
  },
  weightedSmoothingBackward: {
    lengths: (n) => (n === 0 ? [0, 0, 0] : [ROWS * n, ROWS, n]),
    run: (k, [dx, dloss, w], n) => k.weightedSmoothingBackward(dx, dloss, classes(n), w, n && ROWS, n, 0.1),
  },

  scoreRows: {
    lengths: (n) => [SCORES, QUERIES * n, PLACES * n],
    run: (k, [scores, query, memory], n) => k.scoreRows(scores, query, memory, view, n),
    bound: 3e-6,
  },
  "scoreRows of many places": {
    lengths: (n) => [6 * n, 6 * 5, 2 * 5 * n],
    run: (k, [scores, query, memory], n) => k.scoreRows(scores, query, memory, longView(n), 5),
  },
  mixRows: {
    lengths: (n) => [QUERIES * n, SCORES, PLACES * n],
    run: (k, [out, weights, memory], n) => k.mixRows(out, weights, memory, view, n),
  },
  "mixRows of many places": {
    lengths: (n) => [6 * 5, 6 * n, 2 * 5 * n],
    run: (k, [out, weights, memory], n) => k.mixRows(out, weights, memory, longView(n), 5),
    bound: 3e-6,
  },
  spreadRows: {
    lengths: (n) => [PLACES * n, SCORES, QUERIES * n],
    run: (k, [memory, weights, x], n) => k.spreadRows(memory, weights, x, view, n),
  },
  "spreadRows over many places": {
    lengths: (n) => [2 * 5 * n, 6 * n, 6 * 5],
    run: (k, [memory, weights, x], n) => k.spreadRows(memory, weights, x, longView(n), 5),
  },
  additiveScores: {
    lengths: (n) => [SCORES, QUERIES * n, PLACES * n, n],
    run: (k, [scores, query, keys, v], n) => k.additiveScores(scores, query, keys, v, view, n),
    bound: 3e-6,
  },
  additiveScoresBackward: {
    lengths: (n) => [QUERIES * n, PLACES * n, 3 * n, SCORES, QUERIES * n, PLACES * n, n],
    run: (k, [dquery, dkeys, dv, dscores, query, keys, v], n) =>
      k.additiveScoresBackward(dquery, dkeys, dv, dscores, query, keys, v, view, n),
    bound: 3e-6,
  },
  maskScores: { lengths: (n) => [6 * n], run: (k, [scores], n) => k.maskScores(scores, longView(n)) },

  addStrided: {
    lengths: (n) => [2 * 3 * n, 2 * 3 * n],
    run: (k, [y, x], n) => k.addStrided(y, walk(0, [3 * n, n, 1]), x, walk(0, [3 * n, n, 1]), [2, 3, n]),
  },
  "addStrided, broadcasting": {
    lengths: (n) => [2 * 3 * n, 3],
    run: (k, [y, x], n) => k.addStrided(y, walk(0, [3 * n, n, 1]), x, walk(0, [0, 1, 0]), [2, 3, n]),
  },
  "addStrided, summing": {
    lengths: (n) => [3, 2 * 3 * n],
    run: (k, [y, x], n) => k.addStrided(y, walk(0, [0, 1, 0]), x, walk(0, [3 * n, n, 1]), [2, 3, n]),
    bound: 5e-6,
  },
  "addStrided, transposing": {
    lengths: (n) => [2 * 3 * n, 2 * 3 * n],
    run: (k, [y, x], n) => k.addStrided(y, walk(0, [n * 3, 3, 1]), x, walk(0, [3 * n, 1, n]), [2, n, 3]),
  },
  "addStrided of four dimensions from an offset": {
    lengths: (n) => [2 * 2 * 2 * n + 1, 2 * 2 * 2 * n + 2],
    run: (k, [y, x], n) => {
      const strides = [4 * n, 2 * n, n, 1];
      k.addStrided(y, walk(1, strides), x, walk(2, strides), [2, 2, 2, n]);
    },
  },
  "addStrided of a number": {
    lengths: () => [1, 1],
    run: (k, [y, x]) => k.addStrided(y, walk(0, []), x, walk(0, []), []),
  },
};

/** Of the three rows, each its own. */
function doubles(value: number): Float64Array {
  return Float64Array.of(value, -value, 2 * value);
}

/** ln Σ e^x is always kept in double precision. */
function inDouble(lse: FloatArray, run: (kept: Float64Array) => void): void {
  const kept = Float64Array.from(lse);
  run(kept);
  lse.set(kept);
}

/** Indices always live in arrays of integers. */
function inIntegers(ids: FloatArray, run: (own: Int32Array) => void): void {
  const own = new Int32Array(ids.length);
  run(own);
  ids.set(own);
}

function walk(offset: number, strides: number[]) {
  return { offset, strides };
}
