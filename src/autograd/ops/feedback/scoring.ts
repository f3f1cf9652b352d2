/**
 * How the states of one step are held against the keys, forward and backward; each kind's equation stands in
 * ../attention. Rows are in packed order; `t` says whose turn it is, `view` which sentences its rows look at.
 */
import { kernels, type View } from "../../../tensor/kernels/index.js";
import { allocate, allocateUnset, dtypeOf, type FloatArray } from "../../../tensor/storage.js";
import { floatsOf, type Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { type Layout, rowsOf, stepByStep } from "../recurrent/layout.js";
import type { PackedWeights } from "../recurrent/packedWeights.js";
import { Projection } from "../recurrent/projection.js";

export interface Scoring {
  /** scores [rows, S] += how well the states [rows, H] of step t fit each place. */
  forward(scores: FloatArray, states: FloatArray, view: View, t: number): void;
  /** dstates [rows, H] += what the gradients of step t's scores make of them. */
  backward(dstates: FloatArray, dscores: FloatArray, view: View, t: number): void;
  /**
   * Once every step has gone backward, adds the gradients of the keys and of what weights there are; states [N, H] and
   * dscores [N, S] of all steps, `view` of all sequences.
   */
  gradients(accumulators: ScoringGradients, states: FloatArray, dscores: FloatArray, view: View): void;
}

export interface ScoringGradients {
  readonly dkeys: Accumulator;
  readonly dquery: Accumulator;
  readonly dv: Accumulator;
}

/** score = state · key */
export class DotScoring implements Scoring {
  readonly #keys: FloatArray;
  readonly #width: number;
  readonly #layout: Layout;

  constructor(keys: Tensor, layout: Layout) {
    this.#keys = floatsOf(keys);
    this.#width = keys.shape[2];
    this.#layout = layout;
  }

  forward(scores: FloatArray, states: FloatArray, view: View): void {
    kernels.scoreRows(scores, states, this.#keys, view, this.#width);
  }

  backward(dstates: FloatArray, dscores: FloatArray, view: View): void {
    kernels.mixRows(dstates, dscores, this.#keys, view, this.#width);
  }

  gradients({ dkeys }: ScoringGradients, states: FloatArray, dscores: FloatArray, view: View): void {
    if (!dkeys) return;
    const all = stepByStep(dscores, this.#layout, view.places);
    kernels.spreadRows(dkeys, all, stepByStep(states, this.#layout, this.#width), view, this.#width);
  }
}

/** score = v · tanh(W·state + key);  query is W [A, H] */
export class AdditiveScoring implements Scoring {
  readonly #keys: FloatArray;
  readonly #v: FloatArray;
  readonly #width: number;
  readonly #layout: Layout;
  readonly #projection: Projection;
  /** [N, A] the states as projected. */
  readonly #queries: FloatArray;
  /** [N, A]; [S, B, A]; and, a row for each sequence, [B, A]. Made by the first step that goes backward. */
  #gradients: { readonly dqueries: FloatArray; readonly dkeys: FloatArray; readonly dv: FloatArray } | null = null;

  constructor(keys: Tensor, query: Tensor, v: Tensor, layout: Layout, packed: PackedWeights | null) {
    this.#keys = floatsOf(keys);
    this.#v = floatsOf(v);
    this.#width = v.shape[0];
    this.#layout = layout;
    this.#projection = new Projection({ weight: query }, null, { isRepeated: layout.counts.length > 1, packed });
    this.#queries = allocateUnset(layout.total * this.#width, keys.dtype);
  }

  forward(scores: FloatArray, states: FloatArray, view: View, t: number): void {
    const queries = rowsOf(this.#queries, this.#layout, t, this.#width);
    this.#projection.forward(queries, states, view.columns.length);
    kernels.additiveScores(scores, queries, this.#keys, this.#v, view, this.#width);
  }

  backward(dstates: FloatArray, dscores: FloatArray, view: View, t: number): void {
    const rows = view.columns.length;
    const { dqueries, dkeys, dv } = this.#all();
    const own = rowsOf(dqueries, this.#layout, t, this.#width);
    const ownV = dv.subarray(0, rows * this.#width);
    const queries = rowsOf(this.#queries, this.#layout, t, this.#width);
    kernels.additiveScoresBackward(own, dkeys, ownV, dscores, queries, this.#keys, this.#v, view, this.#width);
    this.#projection.backward(dstates, own, rows);
  }

  gradients({ dkeys, dquery, dv }: ScoringGradients, states: FloatArray): void {
    const all = this.#all();
    if (dkeys) kernels.addScaled(dkeys, all.dkeys, 1);
    this.#projection.weightGradients(
      { dweight: dquery, dbias: null, dgain: null },
      all.dqueries,
      states,
      this.#layout.total,
    );
    if (dv) kernels.sum(dv, all.dv, 1, this.#layout.batch, this.#width);
  }

  #all() {
    const room = (length: number): FloatArray => allocate(length, dtypeOf(this.#keys));
    const { total, batch } = this.#layout;
    this.#gradients ??= {
      dqueries: room(total * this.#width),
      dkeys: room(this.#keys.length),
      dv: room(batch * this.#width),
    };
    return this.#gradients;
  }
}
