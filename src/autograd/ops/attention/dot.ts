import { checkOptions } from "../../../options.js";
import { checkTensors } from "../../../tensor/checks.js";
import { zeroed } from "../../../tensor/create.js";
import { kernels } from "../../../tensor/kernels/index.js";
import { allocate } from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import { record } from "../../record.js";
import { checkDtypes } from "../operands.js";
import { attend, attendBackward } from "./attend.js";
import { type AttentionOptions, attentionOptions, refuseColumns, viewOf } from "./view.js";

/**
 * Each query looks at the places of its sentence; c is the sentence of row r.                      (Luong et al., 2015)
 *
 * score[t, r, s] = query[t, r] · keys[s, c]
 * weights[t, r] = softmax(score[t, r]) over s < lengths[c], exactly 0 past that
 * context[t, r] = Σₛ weights[t, r, s] · values[s, c]
 *
 * dquery[t, r] = Σₛ dscore[t, r, s] · keys[s, c],  dkeys[s, c] = Σₜ dscore[t, r, s] · query[t, r]
 *
 * query [T, R, D], keys [S, B, D], values [S, B, E] → [context [T, R, E], weights [T, R, S]].
 * Throws `RangeError` on shapes, lengths or columns that do not fit, and on columns where a gradient is wanted.
 *
 * @example
 * const [context, weights] = dotAttention(randn([7, 2, 8]), memory, memory, { lengths: [5, 3] }); // memory [5, 2, 8]
 */
export function dotAttention(
  query: Tensor,
  keys: Tensor,
  values: Tensor,
  options: AttentionOptions = {},
): [context: Tensor, weights: Tensor] {
  const op = "dotAttention";
  checkTensors(op, query, keys, values);
  checkOptions(op, attentionOptions, options);
  checkDtypes(op, query, keys, values);
  refuseColumns(op, options.columns, [query, keys, values]);
  const view = viewOf(op, query.shape, keys, values, options);
  const [T, R, D] = query.shape;
  const [S, , E] = values.shape;
  const scores = allocate(T * R * S, query.dtype);
  kernels.scoreRows(scores, floatsOf(query), floatsOf(keys), view, D);
  const context = zeroed(op, [T, R, E], query.dtype);
  const weights = zeroed(op, [T, R, S], query.dtype);
  attend(floatsOf(context), floatsOf(weights), scores, floatsOf(values), view, E);
  return record(
    op,
    [context, weights] as [Tensor, Tensor],
    [query, keys, values],
    ([dcontext, dweights], [dquery, dkeys, dvalues]) => {
      const dscores = attendBackward(dvalues, dcontext, dweights, floatsOf(weights), floatsOf(values), view, E);
      if (dquery) kernels.mixRows(dquery, dscores, floatsOf(keys), view, D);
      if (dkeys) kernels.spreadRows(dkeys, dscores, floatsOf(query), view, D);
    },
  );
}
