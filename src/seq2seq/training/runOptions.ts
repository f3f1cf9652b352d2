import type { Optimizer } from "../../optim/optimizer.js";
import {
  anything,
  belowOne,
  checkOption,
  checkOptions,
  flag,
  integer,
  limit,
  type OptionTable,
  oneOf,
  positive,
} from "../../options.js";
import type { Store } from "../files/store.js";
import type { Checkpoint } from "./checkpoint.js";
import { LEARNING_RATE, type LearningRateOptions } from "./learningRate.js";

export interface RunOptions extends LearningRateOptions {
  readonly optimizer: Optimizer;
  /** Where the best model, its checkpoint and its history go. Default: memory. */
  readonly store?: Store;
  readonly epochs: number;
  /** Gradients are scaled down to at most this norm. Default: never. */
  readonly clipNorm?: number;
  /**
   * How many steps in a row whose loss or a gradient is not finite are skipped: they change neither weights nor optimiser (as
   * with PyTorch's `GradScaler`), and their events count them. One more is an error, and so is a weight that is not finite. Default 0.
   */
  readonly skipNonfinite?: number;
  /** Whether the error names the op that made the first number that is not finite, be the step to be skipped or not; see `detectAnomaly`. Default false. */
  readonly detectAnomaly?: boolean;
  /** Steps from each validation to the next. Default: an epoch's. There is one at the end in any case. */
  readonly validateEvery?: number;
  /**
   * Decay in [0, 1) of an exponential moving average of the weights, which is validated and kept in the place of the
   * weights, while these train on: see `MovingAverage`. Default 0: none.
   */
  readonly ema?: number;
  /**
   * In the end the weights of this many validations are averaged, and kept if that is better than any. The validation that
   * a run is stopped with is none of them. Default 1: no average.
   */
  readonly averageCheckpoints?: number;
  /** Of which validations: the last or the best. Default "best". */
  readonly averageOf?: "last" | "best";
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
  ...LEARNING_RATE,
  clipNorm: limit(positive()),
  skipNonfinite: integer(0, 0),
  detectAnomaly: flag(false),
  validateEvery: limit(integer(1)),
  ema: belowOne(0),
  averageCheckpoints: integer(1, 1),
  averageOf: oneOf(["last", "best"], "best"),
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
