import { anything, callback, checkOptions, type OptionTable } from "../../../options.js";
import { show } from "../../../show.js";
import type { JudgingPairs, PreparedPairs } from "../../data/encode.js";
import type { ReadingProgress } from "../../data/prepare.js";
import type { TextPairs } from "../../data/tokenise.js";
import type { ValidationEvent } from "../../training/events.js";
import type { Score } from "../score.js";
import { type AudioSettings, type ModelSettings, SETTINGS, type Settings } from "../settings.js";
import { type TrainOptions, type TrainStart, trainOptionTable } from "../trainModel.js";
import type { Translator } from "./translator.js";

export interface TrainTranslatorOptions
  extends TrainOptions<Score>,
    Partial<Omit<Settings, "task" | keyof AudioSettings | Exclude<keyof ModelSettings, "reverseSource">>> {
  readonly train: TextPairs;
  /** Judges the model at each validation. Default: a twentieth of the training sources, at most 1,000, set aside. */
  readonly valid?: TextPairs;
  /** How the model is built; see `SETTINGS.model`. */
  readonly model?: Partial<ModelSettings>;
  /** A model to train on, with its vocabularies, perhaps on other data: a run of its own that begins with these weights. */
  readonly from?: Translator;
  /** While pairs are read. */
  onReading?(progress: ReadingProgress): void;
  onStart?(report: StartReport): void;
}

const { reverseSource } = SETTINGS.model;
const OPTIONS: OptionTable<TrainTranslatorOptions> = {
  ...{ ...trainOptionTable, from: anything(), onReading: callback() },
  ...{ ...SETTINGS.text, ...SETTINGS.training, ...SETTINGS.run, ...SETTINGS.data, reverseSource },
};

/** What there is to train on. */
export interface StartReport extends TrainStart {
  readonly train: PreparedPairs;
  readonly valid: JudgingPairs;
  readonly inputSize: number;
  readonly outputSize: number;
}

/** A validation, its scores among it. */
export type ValidationReport = ValidationEvent & Score;

/** Throws `TypeError` on options that there are not, and on those of the model where they do not stand. */
export function checkTrainOptions(options: TrainTranslatorOptions): void {
  const misplaced = Object.keys(SETTINGS.model).find(
    (name) => name !== "reverseSource" && (options as unknown as Record<string, unknown> | null)?.[name] !== undefined,
  );
  if (misplaced) throw new TypeError(`train: expected ${misplaced} in \`model: { ${misplaced} }\`, got it beside`);
  checkOptions("train", OPTIONS, options);
  const { store, from } = options;
  if (store !== undefined && typeof store?.lock !== "function") {
    throw new TypeError(`train: expected a store, such as new FolderStore(path), got ${show(store)}`);
  }
  if (from !== undefined && typeof from?.translate !== "function") {
    throw new TypeError(`train: expected a Translator to begin with, got ${show(from)}`);
  }
  checkOptions("train: model", SETTINGS.model as OptionTable<Partial<ModelSettings>>, options.model ?? {});
}
