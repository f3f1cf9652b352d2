import { anything, callback, checkOptions, flag, type OptionTable, text } from "../../options.js";
import { show } from "../../show.js";
import type { JudgingPairs, PreparedPairs } from "../data/encode.js";
import type { ReadingProgress } from "../data/prepare.js";
import type { TextPairs } from "../data/tokenise.js";
import type { Store } from "../files/store.js";
import type { StepEvent, ValidationEvent } from "../training/events.js";
import type { Score } from "./score.js";
import { type ModelSettings, SETTINGS, type SettingChange, type Settings } from "./settings.js";
import type { Translator } from "./translator.js";

export interface TrainTranslatorOptions extends Partial<Omit<Settings, Exclude<keyof ModelSettings, "reverseSource">>> {
  readonly train: TextPairs;
  /** Judges the model at each validation. Default: a twentieth of the training sources, at most 1,000, set aside. */
  readonly valid?: TextPairs;
  /** How the model is built; see `SETTINGS.model`. */
  readonly model?: Partial<ModelSettings>;
  /** Where the model goes: a folder, or any other store. Default: memory; the result has the best model in any case. */
  readonly folder?: string;
  readonly store?: Store;
  /** Whether a model in `folder` may be replaced; what is not a model's never is. */
  readonly overwrite?: boolean;
  /**
   * Goes on from the checkpoint in the folder or store, with the same data. Settings left out stay as they were; most of
   * them may not change.
   */
  readonly resume?: boolean;
  /** A model to train on, with its vocabularies, perhaps on other data: a run of its own that begins with these weights. */
  readonly from?: Translator;
  readonly signal?: { readonly aborted: boolean };
  /** While pairs are read. */
  onReading?(progress: ReadingProgress): void;
  onStart?(report: StartReport): void;
  onStep?(event: StepEvent): void;
  onValidation?(report: ValidationReport): void;
}

const { reverseSource } = SETTINGS.model;
const OPTIONS: OptionTable<TrainTranslatorOptions> = {
  train: anything(),
  valid: anything(),
  model: anything(),
  folder: text(),
  store: anything(),
  overwrite: flag(),
  resume: flag(),
  from: anything(),
  signal: anything(),
  onReading: callback(),
  onStart: callback(),
  onStep: callback(),
  onValidation: callback(),
  ...{ ...SETTINGS.text, ...SETTINGS.training, ...SETTINGS.run, ...SETTINGS.data, reverseSource },
};

/** What there is to train on. */
export interface StartReport {
  readonly train: PreparedPairs;
  readonly valid: JudgingPairs;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parameters: number;
  /** Epochs that were done before, in a resumed run. */
  readonly doneEpochs: number;
  readonly settings: Settings;
  /** What a resumed run does in another way than it began. */
  readonly changed: readonly SettingChange[];
  /** By which score the best model is chosen. */
  readonly criterion: string;
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
