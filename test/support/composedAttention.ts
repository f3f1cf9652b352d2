/** The attention ops once more, made of small ops, one query at a time: slow, and easy to believe. */
import { concat, matmul, mul, reshape, slice, softmax, sum, tanh, transpose } from "../../src/autograd/index.js";
import { add } from "../../src/autograd/ops/index.js";
import { type Tensor, zeros } from "../../src/tensor/index.js";

/** query [1, width], keys [n, width] → [1, n] */
type Score = (query: Tensor, keys: Tensor) => Tensor;

export const dotScore: Score = (query, keys) => matmul(query, transpose(keys, 0, 1));

/** v [A] */
export const additiveScore =
  (v: Tensor): Score =>
  (query, keys) =>
    reshape(sum(mul(tanh(add(keys, query)), v), 1), [1, -1]);

/** query [T, R, D], keys [S, B, D], values [S, B, E] → [context [T, R, E], weights [T, R, S]] */
export function composedAttention(
  score: Score,
  query: Tensor,
  keys: Tensor,
  values: Tensor,
  { lengths, columns }: { lengths?: readonly number[]; columns?: Int32Array } = {},
): [Tensor, Tensor] {
  const [T, R, D] = query.shape;
  const [S, , E] = values.shape;
  const contexts: Tensor[] = [];
  const weights: Tensor[] = [];
  for (let t = 0; t < T; t++) {
    for (let r = 0; r < R; r++) {
      const c = columns?.[r] ?? r;
      const n = lengths?.[c] ?? S;
      const real = (memory: Tensor, width: number): Tensor =>
        reshape(slice(slice(memory, 0, 0, n), 1, c, c + 1), [n, width]);
      const own = softmax(score(reshape(slice(slice(query, 0, t, t + 1), 1, r, r + 1), [1, D]), real(keys, D)));
      contexts.push(matmul(own, real(values, E)));
      weights.push(concat([own, zeros([1, S - n], { dtype: query.dtype })], 1));
    }
  }
  return [reshape(concat(contexts), [T, R, E]), reshape(concat(weights), [T, R, S])];
}
