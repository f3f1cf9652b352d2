/** The gradient check's rows of the attention ops, which also hold a gradient that comes through the weights. */
import { type AttentionOptions, additiveAttention, attentionMix, dotAttention } from "../../src/autograd/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { type Check, check } from "../support/checks.js";
import { joined } from "../support/compare.js";
import { leaf } from "../support/leaves.js";

/** Both outputs, or one of them, with lengths and without; one tensor in two places. */
function attending(
  own: readonly Tensor[],
  fn: (
    query: Tensor,
    keys: Tensor,
    values: Tensor,
    own: readonly Tensor[],
    options: AttentionOptions,
  ) => [Tensor, Tensor],
): Check[] {
  const [T, B, S, D] = [3, 3, 4, 2];
  return [undefined, [4, 1, 3]].flatMap((lengths) => {
    const leaves = () => [leaf(T, B, D), leaf(S, B, D), leaf(S, B, 3), ...own];
    return [
      check(`context and weights, lengths ${lengths}`, leaves(), (query, keys, values, ...rest) =>
        joined(fn(query, keys, values, rest, { lengths })),
      ),
      check(`context, lengths ${lengths}`, leaves(), (query, keys, values, ...rest) =>
        joined(fn(query, keys, values, rest, { lengths }).slice(0, 1)),
      ),
      check(`weights, lengths ${lengths}`, leaves(), (query, keys, values, ...rest) =>
        joined(fn(query, keys, values, rest, { lengths }).slice(1)),
      ),
      check(`keys that are the values, lengths ${lengths}`, [leaf(T, B, D), leaf(S, B, D), ...own], (q, k, ...rest) =>
        joined(fn(q, k, k, rest, { lengths })),
      ),
    ];
  });
}

export const attentionRows = {
  attentionMix: [undefined, [4, 1, 3]].map((lengths) =>
    check(`lengths ${lengths}`, [leaf(2, 3, 4), leaf(4, 3, 2)], (weights, values) =>
      attentionMix(weights, values, { lengths }),
    ),
  ),
  dotAttention: attending([], (query, keys, values, _, options) => dotAttention(query, keys, values, options)),
  additiveAttention: attending([leaf(2)], (query, keys, values, [v], options) =>
    additiveAttention(query, keys, v, values, options),
  ),
};
