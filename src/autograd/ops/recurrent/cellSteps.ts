import { kernels } from "../../../tensor/kernels/index.js";
import { allocateUnset, type DType, type FloatArray } from "../../../tensor/storage.js";
import type { Unset } from "../../unset.js";
import type { CellRule, Step } from "./cell.js";
import { type Layout, rowsOf, running } from "./layout.js";
import type { Projection, ProjectionGradients } from "./projection.js";

/**
 * The cells of one layer over all steps of a sequence, with the product h(t−1) · Wₕₕᵀ + bₕₕ that leads from one to the
 * next. Rows are in packed order (step by step, longest sequence first), N in all, of which step t has its own.
 */
export class CellSteps {
  /** [N, G·H] the input projections, which the caller writes; after `forward` the activated gates. */
  readonly gates: FloatArray;
  readonly #rule: CellRule;
  readonly #layout: Layout;
  readonly #hidden: number;
  readonly #dtype: DType;
  readonly #projection: Projection;
  /** [B, G·H] the hidden projections of the step at hand. */
  readonly #gh: FloatArray;
  readonly #kept: FloatArray;
  readonly #hPrev: FloatArray;
  readonly #cPrev: FloatArray | null;
  #gradients: { readonly dgates: FloatArray; readonly dgh: FloatArray } | null = null;

  /** `projection` is that of the hidden state, [G·H, H]. */
  constructor(rule: CellRule, layout: Layout, projection: Projection, hidden: number, dtype: DType) {
    this.#rule = rule;
    this.#layout = layout;
    this.#hidden = hidden;
    this.#dtype = dtype;
    this.#projection = projection;
    const { total, batch } = layout;
    this.gates = this.#room(total, rule.gates);
    this.#gh = this.#room(batch, rule.gates);
    this.#kept = this.#room(total);
    this.#hPrev = this.#room(total);
    this.#cPrev = rule.states === 2 ? this.#room(total) : null;
  }

  /** Step t: h (and c) [B, H] become the next states in the rows that are still running. */
  forward(t: number, h: FloatArray, c?: FloatArray): void {
    const step = this.#at(t);
    const running = this.#running(h, t);
    const runningC = c ? this.#running(c, t) : null;
    const gh = this.#running(this.#gh, t, this.#rule.gates);
    kernels.copy(step.hPrev, running);
    if (runningC && step.cPrev) kernels.copy(step.cPrev, runningC);
    this.#projection.forward(gh, running, step.rows, this.#layout.starts[t]);
    this.#rule.forward(running, runningC, gh, step);
  }

  /**
   * Step t: dh (and dc) [B, H], the gradients of what `forward` made of h and c, become those of what it was given; unless
   * `isWanted`, anything.
   */
  backward(t: number, dh: FloatArray, dc?: FloatArray, isWanted = true): void {
    const step = this.#at(t);
    const dgates = this.dgatesAt(t);
    const dgh = this.#rowsOf(this.#dgh, t, this.#rule.gates);
    const running = this.#running(dh, t);
    this.#rule.backward(dgates, dgh, running, dc ? this.#running(dc, t) : null, step);
    // dh(t−1) += dgh · Wₕₕ
    this.#projection.backward(isWanted ? running : null, dgh, step.rows, this.#layout.starts[t]);
  }

  /** The gradients of Wₕₕ, bₕₕ and, with a norm, its gain, once every step has gone backward. */
  weightGradients(gradients: ProjectionGradients, unset: Unset): void {
    this.#projection.weightGradients(gradients, this.#dgh, this.#hPrev, this.#layout.total, unset);
  }

  /** [N, G·H] the gradients of the input projections, step by step as `backward` gets to them. */
  get dgates(): FloatArray {
    return this.#bothGradients().dgates;
  }

  /** [N, G·H] those of the hidden projections: the same array, where the rule does not tell them apart. */
  get #dgh(): FloatArray {
    return this.#bothGradients().dgh;
  }

  /** The input projections of step t, [rows, G·H], and then its activated gates. */
  gatesAt(t: number): FloatArray {
    return this.#rowsOf(this.gates, t, this.#rule.gates);
  }

  /** The gradients of step t's input projections, [rows, G·H]. */
  dgatesAt(t: number): FloatArray {
    return this.#rowsOf(this.dgates, t, this.#rule.gates);
  }

  #bothGradients() {
    if (!this.#gradients) {
      const dgates = this.#room(this.#layout.total, this.#rule.gates);
      const dgh = this.#rule.splitGradient ? this.#room(this.#layout.total, this.#rule.gates) : dgates;
      this.#gradients = { dgates, dgh };
    }
    return this.#gradients;
  }

  #at(t: number): Step {
    return {
      rows: this.#layout.counts[t],
      hidden: this.#hidden,
      gates: this.gatesAt(t),
      kept: this.#rowsOf(this.#kept, t),
      hPrev: this.#rowsOf(this.#hPrev, t),
      cPrev: this.#cPrev && this.#rowsOf(this.#cPrev, t),
    };
  }

  #room(rows: number, gates = 1): FloatArray {
    return allocateUnset(rows * gates * this.#hidden, this.#dtype);
  }

  /** The rows of step t in an array [N, gates · H]. */
  #rowsOf(all: FloatArray, t: number, gates = 1): FloatArray {
    return rowsOf(all, this.#layout, t, gates * this.#hidden);
  }

  /** The rows in an array [B, gates · H] that run at step t. */
  #running(all: FloatArray, t: number, gates = 1): FloatArray {
    return running(all, this.#layout, t, gates * this.#hidden);
  }
}
