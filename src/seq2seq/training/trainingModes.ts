import type { Module } from "../../nn/module.js";
import { type Modes, modesOf, restoreModes } from "../models/evaluating.js";

/**
 * The modes that a model's parts train in. A part that was put into `eval()`, such as a frozen encoder, stays there; a
 * model that is there as a whole, as after loading or a validation that does not put it back, goes on as it trained last.
 */
export class TrainingModes {
  readonly #model: Module;
  readonly #before: Modes;
  #last: Modes | null = null;

  constructor(model: Module) {
    this.#model = model;
    this.#before = modesOf(model);
  }

  /** To be called before each step. */
  enter(): void {
    if (this.#model.training) this.#last = modesOf(this.#model);
    else if (this.#last) restoreModes(this.#last);
    else this.#model.train();
  }

  /** To be called at the end: a model that was given in `eval()` is given back so. */
  leave(): void {
    if (!this.#before.get(this.#model)) restoreModes(this.#before);
  }
}
