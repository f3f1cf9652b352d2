import { Marks } from "../../nn/cached.js";
import type { Module } from "../../nn/module.js";
import type { FloatArray } from "../../tensor/storage.js";

/** What one step says of each running row, and where the rows stand after it. */
export interface Step<S = unknown> {
  /** [rows, size]: what may follow, before any softmax */
  readonly logits: FloatArray;
  readonly state: S;
  /** [rows, S]: how much of each source position the step read, of a decoder with attention */
  readonly attention?: FloatArray;
}

/**
 * All that a search sees of a model: one token in for each row, logits out, and a state that it can only pick rows of. It
 * goes by the weights as they were when it was made, or throws once they have changed.
 * A state is plain data (tensors, arrays and objects of them), so that `scope` can keep it.
 */
export interface Stepper<S = unknown> {
  /** How many tokens there are to choose from. */
  readonly size: number;
  /** One step for several rows: the token that each row said last, and where it stood. */
  step(ids: readonly number[], state: S): Step<S>;
  /** The state of some rows, in the order asked for; one may come several times. */
  select(state: S, rows: readonly number[]): S;
  /** Says that the search is over, where that gives something back. */
  end?(): void;
}

/**
 * Begins with some sources and hands everything to `search`. The stepper is told when that has ended.
 */
export function searchFrom<Source, R>(
  model: Searchable<Source>,
  sources: readonly Source[],
  search: (beginning: Beginning) => R,
): R {
  const beginning = model.begin(sources);
  try {
    return search(beginning);
  } finally {
    beginning.stepper.end?.();
  }
}

/** As `stepper`, but throws once a parameter of `model` has changed: a search by two models would be nobody's. */
export function unchanging<S>(model: Module, stepper: Stepper<S>): Stepper<S> {
  const marks = new Marks(model.parameters());
  return {
    ...stepper,
    step: (ids, state) => {
      if (marks.hold()) return stepper.step(ids, state);
      throw new Error(
        `${model.constructor.name}: expected the weights that the search began with, got others; begin anew`,
      );
    },
  };
}

/** Where a search begins: one row for each source. */
export interface Beginning<S = unknown> {
  readonly stepper: Stepper<S>;
  readonly state: S;
  /** What each row reads first: BOS, or the last token of a beginning that is given. */
  readonly ids: readonly number[];
  /** How many positions of each source attention can look at; all that a step tells of where undefined. */
  readonly lengths?: ArrayLike<number>;
}

/**
 * What can be searched: it begins with some sources, whatever they are to it (token ids, frames of sound, the beginning
 * of a text).
 */
export interface Searchable<Source = ArrayLike<number>> {
  begin(sources: readonly Source[]): Beginning;
}
