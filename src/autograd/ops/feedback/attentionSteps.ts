import type { View } from "../../../tensor/kernels/index.js";
import { allocate, allocateUnset, dtypeOf, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { attend, attendBackward } from "../attention/attend.js";
import { type AttentionOptions, viewOf } from "../attention/view.js";
import { checkShapeIs } from "../operands.js";
import { type Layout, rowsOf } from "../recurrent/layout.js";
import { AdditiveScoring, DotScoring, type Scoring } from "./scoring.js";

/** What the states of a sequence look at, and how they are scored. */
export interface Attended extends AttentionOptions {
  /** [S, B, D]; D is H, the width of a state, unless `additive` is given. */
  readonly keys: Tensor;
  /** [S, B, E] */
  readonly values: Tensor;
  /** score = v · tanh(query·state + key) rather than state · key; query [D, H], v [D]. */
  readonly additive?: { readonly query: Tensor; readonly v: Tensor };
}

/** The tensors of what is attended, as an op records them and {@link AttentionSteps} takes their accumulators. */
export function attendedInputs({ keys, values, additive }: Attended): readonly (Tensor | null)[] {
  return [keys, values, additive?.query ?? null, additive?.v ?? null];
}

/** Attention at each step of a sequence. Rows are in packed order, N in all. */
export class AttentionSteps {
  /** [N, H] the states that looked. */
  readonly states: FloatArray;
  /** [N, E] */
  readonly contexts: FloatArray;
  /** [N, S] */
  readonly weights: FloatArray;
  /** S */
  readonly places: number;
  readonly #layout: Layout;
  /** Of all sequences, longest first. */
  readonly #view: View;
  readonly #values: FloatArray;
  readonly #H: number;
  readonly #E: number;
  readonly #scoring: Scoring;

  /** Throws `RangeError` on shapes, lengths or columns that do not fit states [T, B, H]. */
  constructor(op: string, attended: Attended, layout: Layout, H: number) {
    const { keys, values, additive } = attended;
    const [S, , D] = keys.shape;
    this.places = S;
    if (additive) {
      checkShapeIs(op, "query", additive.query, [D, H]);
      checkShapeIs(op, "v", additive.v, [D]);
    }
    const view = viewOf(op, [layout.counts.length, layout.batch, additive ? D : H], keys, values, attended);
    const sorted = (each: Int32Array): Int32Array => layout.order?.map((row) => each[row]) ?? each;
    this.#view = { ...view, steps: 1, columns: sorted(view.columns), lengths: sorted(view.lengths) };
    this.#layout = layout;
    this.#values = values.data;
    this.#H = H;
    this.#E = values.shape[2];
    this.#scoring = additive ? new AdditiveScoring(keys, additive.query, additive.v, layout) : new DotScoring(keys);
    this.states = allocateUnset(layout.total * H, values.dtype);
    this.contexts = allocate(layout.total * this.#E, values.dtype);
    this.weights = allocateUnset(layout.total * S, values.dtype);
  }

  /** The contexts [rows, E] of the states [rows, H] of step t. */
  forward(t: number, states: FloatArray): FloatArray {
    const view = this.#viewAt(t);
    const scores = allocate(view.columns.length * this.places, dtypeOf(states));
    const contexts = this.#rowsOf(this.contexts, t, this.#E);
    this.#rowsOf(this.states, t, this.#H).set(states);
    this.#scoring.forward(scores, states, view, t);
    attend(contexts, this.#rowsOf(this.weights, t, this.places), scores, this.#values, view, this.#E);
    return contexts;
  }

  /**
   * dstates [rows, H], dkeys and dvalues += what the gradients of step t's contexts [rows, E], and of the weights [N, S] of
   * all steps where somebody looks at them, make of them.
   */
  backward(
    t: number,
    dstates: FloatArray,
    dcontexts: FloatArray,
    dweights: FloatArray | null,
    [dkeys, dvalues]: readonly Accumulator[],
  ): void {
    const view = this.#viewAt(t);
    const weights = this.#rowsOf(this.weights, t, this.places);
    const outer = dweights && this.#rowsOf(dweights, t, this.places);
    const dscores = attendBackward(dvalues, dcontexts, outer, weights, this.#values, view, this.#E);
    this.#scoring.backward(dstates, dkeys, dscores, this.#rowsOf(this.states, t, this.#H), view, t);
  }

  /** The gradients of the scores' own weights, once every step has gone backward. */
  weightGradients(dquery: Accumulator, dv: Accumulator): void {
    this.#scoring.weightGradients(dquery, dv, this.states);
  }

  #viewAt(t: number): View {
    const { columns, lengths } = this.#view;
    const rows = this.#layout.counts[t];
    return { ...this.#view, columns: columns.subarray(0, rows), lengths: lengths.subarray(0, rows) };
  }

  #rowsOf(all: FloatArray, t: number, width: number): FloatArray {
    return rowsOf(all, this.#layout, t, width);
  }
}
