import { kernels, type View } from "../../../tensor/kernels/index.js";
import { allocate, allocateUnset, dtypeOf, type FloatArray } from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { begun, type Unset } from "../../unset.js";
import { attend, attendBackward } from "../attention/attend.js";
import { type AttentionOptions, viewOf } from "../attention/view.js";
import { checkShapeIs } from "../operands.js";
import { type Layout, rowsOf, stepByStep } from "../recurrent/layout.js";
import type { PackedWeights } from "../recurrent/packedWeights.js";
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
  /** [N, E] and [N, S], made by the first step that goes backward. */
  #gradients: { readonly dcontexts: FloatArray; readonly dscores: FloatArray } | null = null;

  /** Throws `RangeError` on shapes, lengths or columns that do not fit states [T, B, H]. */
  constructor(op: string, attended: Attended, layout: Layout, H: number, packed: PackedWeights | null) {
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
    this.#values = floatsOf(values);
    this.#H = H;
    this.#E = values.shape[2];
    this.#scoring = additive
      ? new AdditiveScoring(keys, additive.query, additive.v, layout, packed)
      : new DotScoring(keys, layout);
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
   * dstates [rows, H] += what the gradients of step t's contexts, which stand in `dcontextsAt(t)`, and of all weights [N, S],
   * where somebody looks at them, make of them.
   */
  backward(t: number, dstates: FloatArray, dweights: FloatArray | null): void {
    const view = this.#viewAt(t);
    const weights = this.#rowsOf(this.weights, t, this.places);
    const outer = dweights && this.#rowsOf(dweights, t, this.places);
    const dscores = attendBackward(null, this.dcontextsAt(t), outer, weights, this.#values, view, this.#E);
    this.#rowsOf(this.#all().dscores, t, this.places).set(dscores);
    this.#scoring.backward(dstates, dscores, view, t);
  }

  /** [rows, E] where the gradients of step t's contexts are added up before its `backward`. */
  dcontextsAt(t: number): FloatArray {
    return this.#rowsOf(this.#all().dcontexts, t, this.#E);
  }

  /**
   * Once every step has gone backward: the gradients of `attendedInputs`. Those of the memory are one product over all
   * steps: step by step, all of it would be read and written again each time.
   */
  gradients(accumulators: readonly Accumulator[], unset: Unset): void {
    const [dkeys, dvalues, dquery, dv] = accumulators.slice(0, 4).map((each) => each && begun(each, unset));
    const { dcontexts, dscores } = this.#all();
    const view = { ...this.#view, steps: this.#layout.counts.length };
    this.#scoring.gradients({ dkeys, dquery, dv }, this.states, dscores, view);
    if (!dvalues) return;
    const weights = stepByStep(this.weights, this.#layout, this.places);
    kernels.spreadRows(dvalues, weights, stepByStep(dcontexts, this.#layout, this.#E), view, this.#E);
  }

  #all() {
    const dtype = dtypeOf(this.#values);
    const { total } = this.#layout;
    this.#gradients ??= {
      dcontexts: allocate(total * this.#E, dtype),
      dscores: allocateUnset(total * this.places, dtype),
    };
    return this.#gradients;
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
