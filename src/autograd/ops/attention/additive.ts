import { checkOptions } from "../../../options.js";
import { checkTensors } from "../../../tensor/checks.js";
import { zeroed } from "../../../tensor/create.js";
import { kernels } from "../../../tensor/kernels/index.js";
import { allocate } from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import { record } from "../../record.js";
import { checkDtypes, checkShapeIs } from "../operands.js";
import { attend, attendBackward } from "./attend.js";
import { type AttentionOptions, attentionOptions, refuseColumns, viewOf } from "./view.js";

/**
 * As {@link dotAttention}, with other scores; query and keys are already projected.             (Bahdanau et al., 2015)
 *
 * score[t, r, s] = v · y,  y = tanh(query[t, r] + keys[s, c])
 * du = dscore[t, r, s] · v · (1 − y²),  dquery[t, r] = Σₛ du,  dkeys[s, c] = Σₜ du,  dv = Σ dscore[t, r, s] · y
 *
 * The backward computes y anew: it would be the largest array of a training step, S times the queries.
 *
 * query [T, R, A], keys [S, B, A], v [A], values [S, B, E] → [context [T, R, E], weights [T, R, S]].
 * Throws `RangeError` on shapes, lengths or columns that do not fit, and on columns where a gradient is wanted.
 *
 * @example
 * const [context] = additiveAttention(randn([7, 2, 4]), randn([5, 2, 4]), randn([4]), memory); // memory [5, 2, 8]
 */
export function additiveAttention(
  query: Tensor,
  keys: Tensor,
  v: Tensor,
  values: Tensor,
  options: AttentionOptions = {},
): [context: Tensor, weights: Tensor] {
  const op = "additiveAttention";
  checkTensors(op, query, keys, v, values);
  checkOptions(op, attentionOptions, options);
  checkDtypes(op, query, keys, v, values);
  refuseColumns(op, options.columns, [query, keys, v, values]);
  const view = viewOf(op, query.shape, keys, values, options);
  const [T, R, A] = query.shape;
  const [S, , E] = values.shape;
  checkShapeIs(op, "v", v, [A]);
  const scores = allocate(T * R * S, query.dtype);
  kernels.additiveScores(scores, floatsOf(query), floatsOf(keys), floatsOf(v), view, A);
  const context = zeroed(op, [T, R, E], query.dtype);
  const weights = zeroed(op, [T, R, S], query.dtype);
  attend(floatsOf(context), floatsOf(weights), scores, floatsOf(values), view, E);
  return record(
    op,
    [context, weights] as [Tensor, Tensor],
    [query, keys, v, values],
    ([dcontext, dweights], [dquery, dkeys, dv, dvalues]) => {
      const dscores = attendBackward(dvalues, dcontext, dweights, floatsOf(weights), floatsOf(values), view, E);
      // One kernel makes all three, since each needs y; what is not wanted goes nowhere.
      const dvRows = allocate(R * A, query.dtype);
      kernels.additiveScoresBackward(
        dquery ?? allocate(floatsOf(query).length, query.dtype),
        dkeys ?? allocate(floatsOf(keys).length, query.dtype),
        dvRows,
        dscores,
        floatsOf(query),
        floatsOf(keys),
        floatsOf(v),
        view,
        A,
      );
      if (dv) kernels.sum(dv, dvRows, 1, R, A);
    },
  );
}
