import type { RunEnd, Scores, Settings, TrainOptions, ValidationEvent } from "../../seq2seq/index.js";
import type { Options, Values } from "../options.js";
import type { TrainReport } from "../trainReport.js";

/** What `train` was asked for. */
export interface Asked {
  readonly values: Values<Options>;
  /** The settings among them. */
  readonly settings: Partial<Settings>;
  /** Those that a resumed run began with. */
  readonly began: Settings | null;
}

/** Where the model goes, and who hears of the training. */
export interface Common extends Omit<TrainOptions<Scores>, "onValidation"> {
  onValidation(event: ValidationEvent): void;
}

/** How `train` trains for one task. */
export interface Trainer {
  /** Where its data comes from, as options. */
  readonly dataOptions: Options;
  /** The command to try the model with. */
  readonly command: string;
  /**
   * Opens the data, and returns what trains on it. Throws `UsageError` on options that contradict one another, `Error` on
   * files that cannot be read.
   */
  open(asked: Asked): (common: Common, report: TrainReport) => Promise<{ end: RunEnd; best: Scores }>;
}
