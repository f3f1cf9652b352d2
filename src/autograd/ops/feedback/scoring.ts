/**
 * How the states of one step are held against the keys, forward and backward; each kind's equation stands in
 * ../attention. Rows are in packed order; `t` says whose turn it is, `view` which sentences its rows look at.
 */
import { kernels, type View } from "../../../tensor/kernels/index.js";
import { allocate, allocateUnset, dtypeOf, type FloatArray } from "../../../tensor/storage.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Accumulator } from "../../engine.js";
import { type Layout, rowsOf } from "../recurrent/layout.js";
import { Projection } from "../recurrent/projection.js";

export interface Scoring {
  /** scores [rows, S] += how well states [rows, H] fit each place. */
  forward(scores: FloatArray, states: FloatArray, view: View, t: number): void;
  /** dstates and dkeys += what dscores makes of them. */
  backward(
    dstates: FloatArray,
    dkeys: Accumulator,
    dscores: FloatArray,
    states: FloatArray,
    view: View,
    t: number,
  ): void;
  /** The gradients of what weights there are, once every step has gone backward; states [N, H] of all. */
  weightGradients(dquery: Accumulator, dv: Accumulator, states: FloatArray): void;
}

/** score = state · key */
export class DotScoring implements Scoring {
  readonly #keys: FloatArray;
  readonly #width: number;

  constructor(keys: Tensor) {
    this.#keys = keys.data;
    this.#width = keys.shape[2];
  }

  forward(scores: FloatArray, states: FloatArray, view: View): void {
    kernels.scoreRows(scores, states, this.#keys, view, this.#width);
  }

  backward(dstates: FloatArray, dkeys: Accumulator, dscores: FloatArray, states: FloatArray, view: View): void {
    kernels.mixRows(dstates, dscores, this.#keys, view, this.#width);
    if (dkeys) kernels.spreadRows(dkeys, dscores, states, view, this.#width);
  }

  weightGradients(): void {}
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
  /** [N, A] and, a row for each sequence, [B, A]: made by the first step that goes backward. */
  #gradients: { readonly dqueries: FloatArray; readonly dv: FloatArray } | null = null;

  constructor(keys: Tensor, query: Tensor, v: Tensor, layout: Layout) {
    this.#keys = keys.data;
    this.#v = v.data;
    this.#width = v.shape[0];
    this.#layout = layout;
    this.#projection = new Projection(query, null, layout.counts.length > 1);
    this.#queries = allocateUnset(layout.total * this.#width, keys.dtype);
  }

  forward(scores: FloatArray, states: FloatArray, view: View, t: number): void {
    const queries = rowsOf(this.#queries, this.#layout, t, this.#width);
    this.#projection.forward(queries, states, view.columns.length);
    kernels.additiveScores(scores, queries, this.#keys, this.#v, view, this.#width);
  }

  backward(dstates: FloatArray, dkeys: Accumulator, dscores: FloatArray, _: FloatArray, view: View, t: number): void {
    const rows = view.columns.length;
    const { dqueries, dv } = this.#bothGradients();
    const own = rowsOf(dqueries, this.#layout, t, this.#width);
    kernels.additiveScoresBackward(
      own,
      dkeys ?? allocate(this.#keys.length, dtypeOf(this.#keys)),
      dv.subarray(0, rows * this.#width),
      dscores,
      rowsOf(this.#queries, this.#layout, t, this.#width),
      this.#keys,
      this.#v,
      view,
      this.#width,
    );
    this.#projection.backward(dstates, own, rows);
  }

  weightGradients(dquery: Accumulator, dv: Accumulator, states: FloatArray): void {
    const gradients = this.#bothGradients();
    this.#projection.weightGradients(dquery, null, gradients.dqueries, states, this.#layout.total);
    if (dv) kernels.sum(dv, gradients.dv, 1, this.#layout.batch, this.#width);
  }

  #bothGradients() {
    const room = (rows: number): FloatArray => allocate(rows * this.#width, dtypeOf(this.#keys));
    this.#gradients ??= { dqueries: room(this.#layout.total), dv: room(this.#layout.batch) };
    return this.#gradients;
  }
}
