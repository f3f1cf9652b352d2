import { checkOptions, type OptionTable, text } from "../../../options.js";
import type { Generator } from "../../../tensor/random.js";
import type { Files } from "../../files/store.js";
import { checkLanguageModel, LanguageModel } from "../../models/languageModel.js";
import { checkText } from "../../text/checkText.js";
import { type Language, Vocabulary } from "../../text/index.js";
import { makeTokenizer } from "../../text/tokenizerFromJSON.js";
import type { RunEnd } from "../../training/events.js";
import type { Scores } from "../../training/task.js";
import { checkModelSize, chosen } from "../modelSettings.js";
import { resolveSettings, settingsAmong } from "../resolveSettings.js";
import { type AudioSettings, type ModelSettings, SETTINGS, type SettingName, type Settings } from "../settings.js";
import { type TrainOptions, type TrainStart, trainModel, trainOptionTable } from "../trainModel.js";
import { GenerationTask } from "./generationTask.js";
import { streamIds, streamTokens } from "./stream.js";
import { GENERATOR_FILES, TextGenerator } from "./textGenerator.js";

/** Settings of `SETTINGS` that generation has may stand here, those of the model in `model`. */
export interface TrainTextGeneratorOptions
  extends TrainOptions<Scores>,
    Partial<Omit<Settings, keyof ModelSettings | keyof AudioSettings | "task">> {
  /** The text to learn from. */
  readonly train: string;
  /** Judges the model at each validation. Default: the last twentieth of `train`, which is not trained on then. */
  readonly valid?: string;
  readonly model?: Partial<ModelSettings>;
  onStart?(report: TextGeneratorStart): void;
}

/** What there is to train on. */
export interface TextGeneratorStart extends TrainStart {
  readonly trainTokens: number;
  readonly validTokens: number;
  /** Size of the vocabulary. */
  readonly outputSize: number;
}

export interface TrainTextGeneratorResult {
  /** The best model, as saved. */
  readonly generator: TextGenerator;
  readonly best: Scores;
  readonly end: RunEnd;
}

const { model: _, task: __, ...groups } = SETTINGS;
const OPTIONS: OptionTable<TrainTextGeneratorOptions> = {
  ...{ ...trainOptionTable, train: text(), valid: text() },
  ...{ ...groups.text, ...groups.training, ...groups.run, ...groups.data },
};

/**
 * Trains a language model on a text, by characters unless `tokenizer` says otherwise, and keeps the best one, by validation
 * loss, in a folder or another store with a checkpoint beside it. Throws as {@link trainTranslator} does.
 *
 * @example
 * const { generator } = await trainTextGenerator({ train: text, epochs: 20, model: { hiddenSize: 512 }, folder: "plays" });
 * generator.generate(["To be, or "])[0];
 */
export async function trainTextGenerator(options: TrainTextGeneratorOptions): Promise<TrainTextGeneratorResult> {
  checkOptions("train", OPTIONS, options);
  checkText("train", options.train);
  const given = settingsAmong({ ...options, ...options.model, task: "generate" });
  const { settings } = resolveSettings(given);
  if (!options.resume) checkLanguageSettings(settings);
  const { trained, best, end } = await trainModel<TextGenerator, Scores>(given, options, {
    fileNames: GENERATOR_FILES,
    fromFiles: TextGenerator.fromFiles,
    prepare: async (settings, generator, began) => prepare(options, settings, generator, began),
  });
  return { generator: trained, best, end };
}

function prepare(
  { train: all, valid: given, onStart }: TrainTextGeneratorOptions,
  settings: Settings,
  generator: Generator,
  began: TextGenerator | null,
) {
  const [train, valid] = given === undefined ? setAside(all) : [all, given];
  const language = began?.language ?? learn(train, settings);
  const outputSize = language.vocabulary.size;
  const config = { outputSize, ...languageConfig(settings) };
  checkModelSize(config);
  const owner =
    began ??
    new TextGenerator({
      model: new LanguageModel(config, { generator }),
      language,
    });
  const [trainIds, validIds] = [train, valid].map((text) => streamIds(language, text));
  for (const [what, ids, least] of [
    ["training", trainIds, 2 * settings.batchSize],
    ["validation", validIds, 2],
  ] as const) {
    if (ids.length >= least) continue;
    throw new Error(`train: expected a ${what} text of at least ${least} tokens, got ${ids.length}`);
  }
  const { batchSize, sequenceLength } = settings;
  return {
    trained: owner,
    task: (files: Files) =>
      new GenerationTask(owner, trainIds, validIds, { batchSize, sequenceLength, generator, files }),
    onStart: (start: TrainStart) =>
      onStart?.({ ...start, trainTokens: trainIds.length, validTokens: validIds.length, outputSize }),
  };
}

/** A text without about its last twentieth, and that, cut where a line ends if one does nearby. */
function setAside(text: string): [string, string] {
  const about = Math.floor(text.length * 0.95);
  const line = text.lastIndexOf("\n", about) + 1;
  const isNear = line > text.length * 0.925;
  // Not between the two halves of a code point.
  const at = isNear ? line : /[\udc00-\udfff]/.test(text[about] ?? "") ? about - 1 : about;
  return [text.slice(0, at), text.slice(at)];
}

function learn(text: string, { tokenizer: kind, lowercase, minFrequency, maxVocabulary }: Settings): Language {
  const tokenizer = makeTokenizer({ kind, lowercase });
  const vocabulary = Vocabulary.build([streamTokens(tokenizer, text)], { minFrequency, maxSize: maxVocabulary });
  return { tokenizer, vocabulary };
}

/** Throws `RangeError` on settings of a language model that do not go together, calling one what `nameOf` says. */
export function checkLanguageSettings(settings: Settings, nameOf = (name: SettingName): string => name): void {
  if (settings.tied === "all") {
    throw new RangeError(`train: expected ${nameOf("tied")} none or decoder, as there is no source, got all`);
  }
  checkLanguageModel(languageConfig(settings), "train", nameOf as (name: string) => string);
}

const MODEL_NAMES = [
  ...(["hiddenSize", "cell", "numLayers", "layerNorm", "residual", "embeddingSize"] as const),
  ...(["dropout", "embeddingDropout", "outputDropout", "wordDropout"] as const),
];

/** The config of the model that settings ask for. */
function languageConfig(settings: Settings) {
  return { ...chosen(settings, MODEL_NAMES), tied: settings.tied !== "none" };
}
