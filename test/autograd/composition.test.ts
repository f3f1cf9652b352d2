/** Every fused op equals its composition from small ops, forward and backward, in both precisions. */
import { describe, it } from "vitest";
import {
  add,
  additiveAttention,
  attentionMix,
  concat,
  crossEntropy,
  div,
  dotAttention,
  embedding,
  exp,
  gru,
  indexSelect,
  linear,
  log,
  logSoftmax,
  logsumexp,
  lstm,
  matmul,
  max,
  mean,
  mul,
  neg,
  nllLoss,
  pow,
  type RecurrentOptions,
  type RecurrentWeights,
  reshape,
  rnn,
  sigmoid,
  slice,
  softmax,
  sqrt,
  stack,
  sub,
  sum,
  tanh,
  transpose,
} from "../../src/autograd/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { composed, type Kind } from "../support/composed.js";
import { additiveScore, composedAttention, dotScore } from "../support/composedAttention.js";
import { expectEqual, type Fn } from "../support/expectEqual.js";
import { leaf, positive } from "../support/leaves.js";

const [T, B, F, H] = [5, 4, 3, 5];
const GATES: Record<Kind, number> = { rnn: 1, "rnn relu": 1, gru: 3, lstm: 4 };

function fused(
  kind: Kind,
  x: Tensor,
  [h0 = null, c0 = null]: (Tensor | null)[],
  weights: RecurrentWeights,
  options: RecurrentOptions,
) {
  if (kind === "gru") return gru(x, h0, weights, options);
  if (kind === "lstm") return lstm(x, h0, c0, weights, options);
  return rnn(x, h0, weights, { ...options, nonlinearity: kind === "rnn" ? "tanh" : "relu" });
}

describe.each(["float64", "float32"] as const)("in %s", (dtype) => {
  describe.each(Object.keys(GATES) as Kind[])("%s", (kind) => {
    const variants = [undefined, [2, 5, 1, 3], [4, 4, 4, 4]].flatMap((lengths) =>
      [false, true].flatMap((reverse) =>
        [false, true].flatMap((given) => [false, true].map((normed) => ({ lengths, reverse, given, normed }))),
      ),
    );
    const label = "lengths $lengths, reverse $reverse, states and biases $given, normalised $normed";
    it.each(variants)(label, ({ lengths, reverse, given, normed }) => {
      const rows = GATES[kind] * H;
      const states = given ? Array.from({ length: kind === "lstm" ? 2 : 1 }, () => leaf(B, H)) : [];
      const biases = given ? [leaf(rows), leaf(rows)] : [];
      const gains = normed ? [leaf(rows), leaf(rows)] : [];
      const leaves = [leaf(T, B, F), leaf(rows, F), leaf(rows, H), ...biases, ...gains, ...states];
      const with_ =
        (op: typeof fused | typeof composed): Fn =>
        (x, weightIh, weightHh, ...rest) => {
          const [biasIh = null, biasHh = null] = given ? rest : [];
          const [gainIh = null, gainHh = null] = normed ? rest.slice(biases.length) : [];
          const weights = { weightIh, weightHh, biasIh, biasHh, gainIh, gainHh };
          return op(kind, x, rest.slice(biases.length + gains.length), weights, { lengths, reverse });
        };
      expectEqual(dtype, leaves, with_(fused), with_(composed), normed ? 100 : 1);
    });
  });

  describe.each([undefined, [3, 7, 1, 4]])("attention, lengths %s", (lengths) => {
    const S = 7;
    it("dot", () => {
      expectEqual(
        dtype,
        [leaf(T, B, H), leaf(S, B, H), leaf(S, B, F)],
        (query, keys, values) => dotAttention(query, keys, values, { lengths }),
        (query, keys, values) => composedAttention(dotScore, query, keys, values, { lengths }),
      );
    });
    it("a mixture", () => {
      const own = (b: number): number => lengths?.[b] ?? S;
      const mixed: Fn = (weights, values) =>
        stack(
          Array.from({ length: B }, (_, b) => {
            const column = (x: Tensor, dim: number): Tensor => slice(x, dim, b, b + 1);
            const real = slice(reshape(column(weights, 1), [T, S]), 1, 0, own(b));
            return matmul(real, slice(reshape(column(values, 1), [S, F]), 0, 0, own(b)));
          }),
          1,
        );
      expectEqual(dtype, [leaf(T, B, S), leaf(S, B, F)], (w, values) => attentionMix(w, values, { lengths }), mixed);
    });
    it("additive", () => {
      expectEqual(
        dtype,
        [leaf(T, B, H), leaf(S, B, H), leaf(H), leaf(S, B, F)],
        (query, keys, v, values) => additiveAttention(query, keys, v, values, { lengths }),
        (query, keys, v, values) => composedAttention(additiveScore(v), query, keys, values, { lengths }),
      );
    });
  });

  const cases: Record<string, [readonly Tensor[], Fn, Fn]> = {
    linear: [
      [leaf(6, 7), leaf(5, 7), leaf(5)],
      (x, w, b) => linear(x, w, b),
      (x, w, b) => add(matmul(x, transpose(w, 0, 1)), b),
    ],
    "linear of one row": [
      [leaf(1, 7), leaf(5, 7), leaf(5)],
      (x, w, b) => linear(x, w, b),
      (x, w, b) => add(matmul(x, transpose(w, 0, 1)), b),
    ],
    matmul: [[leaf(3, 4), leaf(4, 2)], (a, b) => matmul(a, b), (a, b) => sum(mul(reshape(a, [3, 4, 1]), b), 1)],
    "batched matmul": [
      [leaf(2, 3, 4), leaf(2, 4, 2)],
      (a, b) => matmul(a, b),
      (a, b) => sum(mul(reshape(a, [2, 3, 4, 1]), reshape(b, [2, 1, 4, 2])), 2),
    ],
    softmax: [[leaf(3, 4)], (x) => softmax(x), (x) => div(exp(x), sum(exp(x), -1, true))],
    "softmax, dim 0": [[leaf(3, 4)], (x) => softmax(x, 0), (x) => div(exp(x), sum(exp(x), 0, true))],
    logSoftmax: [[leaf(3, 4)], (x) => logSoftmax(x), (x) => log(softmax(x))],
    logsumexp: [[leaf(3, 4)], (x) => logsumexp(x), (x) => log(sum(exp(x), -1))],
    "logsumexp, dim 1": [[leaf(2, 3, 4)], (x) => logsumexp(x, 1), (x) => log(sum(exp(x), 1))],
    "cross-entropy": [
      [leaf(4, 5)],
      (x) => crossEntropy(x, [1, 4, 0, 1], { ignoreIndex: 4 }),
      (x) => nllLoss(logSoftmax(x), [1, 4, 0, 1], { ignoreIndex: 4 }),
    ],
    "smoothed cross-entropy": [
      [leaf(4, 5)],
      (x) => crossEntropy(x, [1, 4, 0, 1], { reduction: "none", labelSmoothing: 0.3 }),
      (x) =>
        add(
          mul(nllLoss(logSoftmax(x), [1, 4, 0, 1], { reduction: "none" }), 0.7),
          mul(neg(mean(logSoftmax(x), 1)), 0.3),
        ),
    ],
    "negative log-likelihood": [
      [leaf(3, 4)],
      (x) => nllLoss(x, [2, 0, 3]),
      (x) =>
        div(
          neg(
            add(add(slice(slice(x, 0, 0, 1), 1, 2, 3), slice(slice(x, 0, 1, 2), 1, 0, 1)), slice(slice(x, 0, 2), 1, 3)),
          ),
          3,
        ),
    ],
    mean: [[leaf(3, 4)], (x) => mean(x, 1), (x) => div(sum(x, 1), 4)],
    "sum over two dims": [[leaf(3, 4, 2)], (x) => sum(x, [0, 2]), (x) => sum(sum(x, 2), 0)],
    sub: [[leaf(3), leaf(2, 3)], (a, b) => sub(a, b), (a, b) => add(a, neg(b))],
    div: [[leaf(3), positive(2, 3)], (a, b) => div(a, b), (a, b) => mul(a, pow(b, -1))],
    sqrt: [[positive(3)], (x) => sqrt(x), (x) => pow(x, 0.5)],
    sigmoid: [[leaf(3)], (x) => sigmoid(x), (x) => div(1, add(1, exp(neg(x))))],
    tanh: [[leaf(3)], (x) => tanh(x), (x) => sub(mul(sigmoid(mul(x, 2)), 2), 1)],
    stack: [[leaf(2, 3), leaf(2, 3)], (a, b) => stack([a, b], 1), (a, b) => reshape(concat([a, b], 1), [2, 2, 3])],
    ...Object.fromEntries(
      [0, 1, 2].map((dim) => [
        `indexSelect, dim ${dim}`,
        [
          [leaf(3, 4, 3)],
          (x) => indexSelect(x, dim, [2, 0, 2]),
          (x) =>
            concat(
              [2, 0, 2].map((i) => slice(x, dim, i, i + 1)),
              dim,
            ),
        ],
      ]),
    ),
    embedding: [
      [leaf(4, 3)],
      (w) => embedding([2, 0, 2], w),
      (w) => concat([2, 0, 2].map((id) => slice(w, 0, id, id + 1))),
    ],
    max: [
      [leaf(1, 2)],
      (x) => max(x, 1),
      (x) => div(add(sum(x, 1), sqrt(pow(sub(slice(x, 1, 0, 1), slice(x, 1, 1)), 2))), 2),
    ],
  };
  // Only the numbers are compared: the small version may keep a dimension of 1.
  it.each(Object.entries(cases))("%s", (_, [leaves, one, small]) => expectEqual(dtype, leaves, one, small));
});
