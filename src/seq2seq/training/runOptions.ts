import type { Optimizer } from "../../optim/optimizer.js";
import {
  anything,
  checkOption,
  checkOptions,
  integer,
  limit,
  type OptionTable,
  oneOf,
  positive,
} from "../../options.js";
import type { Store } from "../files/store.js";
import type { Checkpoint } from "./checkpoint.js";

export interface RunOptions {
  readonly optimizer: Optimizer;
  /** Where the best model, its checkpoint and its history go. Default: memory. */
  readonly store?: Store;
  readonly epochs: number;
  /** Whether the optimiser's learning rate stays, or falls in a line to 0 at the end of all epochs. Default "none". */
  readonly lrDecay?: "none" | "linear";
  /** Gradients are scaled down to at most this norm. Default: never. */
  readonly clipNorm?: number;
  /** Stops after this many validations without a better one. Default: never. */
  readonly patience?: number;
  /** Stops after this time, with a last validation. Default: never. */
  readonly maxMinutes?: number;
  /** An `AbortSignal` (not every program's `lib` has the type): stops, with a last validation. Looked at between steps. */
  readonly signal?: { readonly aborted: boolean };
  /** Goes on from here, bit for bit. */
  readonly resume?: Checkpoint;
  /** Kept in the checkpoint, to be found again. Survives JSON. */
  readonly settings?: unknown;
}

const OPTIONS: OptionTable<RunOptions> = {
  optimizer: anything(),
  store: anything(),
  epochs: integer(1),
  lrDecay: oneOf(["none", "linear"]),
  clipNorm: limit(positive()),
  patience: limit(integer(1)),
  maxMinutes: limit(positive()),
  signal: anything(),
  resume: anything(),
  settings: anything(),
};

/** Throws `TypeError` on unknown options, and `RangeError` on values out of range. */
export function checkRunOptions(options: RunOptions): void {
  checkOptions("train", OPTIONS, options);
  checkOption("train", "epochs", OPTIONS.epochs, options.epochs); // without it there would be nothing to do
}
