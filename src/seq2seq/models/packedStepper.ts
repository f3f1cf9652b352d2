import type { Step, Stepper } from "./stepper.js";

/**
 * A stepper over packed copies of weights, which a decoder keeps from search to search and replaces when the weights change.
 * The copies are given back once no search uses them any more; with one that never says so they wait to be collected.
 */
export abstract class PackedStepper<S> implements Stepper<S> {
  abstract readonly size: number;
  #searches = 0;
  #isReplaced = false;

  abstract step(ids: readonly number[], state: S): Step<S>;
  abstract select(state: S, rows: readonly number[]): S;

  /** Frees the copies. */
  protected abstract free(): void;

  /** For one more search, which should `end`. */
  lend(): this {
    this.#searches++;
    return this;
  }

  end(): void {
    this.#searches--;
    this.#freeIfUnused();
  }

  /** Says that the decoder has no more use for it. */
  replaced(): void {
    this.#isReplaced = true;
    this.#freeIfUnused();
  }

  #freeIfUnused(): void {
    if (this.#isReplaced && this.#searches === 0) this.free();
  }
}
