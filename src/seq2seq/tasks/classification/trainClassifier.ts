import { callback, checkOptions, type OptionTable } from "../../../options.js";
import { show } from "../../../show.js";
import type { Generator } from "../../../tensor/random.js";
import type { Files } from "../../files/store.js";
import { SequenceClassifier } from "../../models/classifier.js";
import { checkClassifier } from "../../models/classifierConfig.js";
import { compareCodePoints } from "../../text/codePoints.js";
import { EOS, type Language, Vocabulary } from "../../text/index.js";
import { makeTokenizer } from "../../text/tokenizerFromJSON.js";
import type { RunEnd } from "../../training/events.js";
import { checkModelSize, chosen } from "../modelSettings.js";
import { resolveSettings, settingsAmong } from "../resolveSettings.js";
import { type AudioSettings, type ModelSettings, SETTINGS, type SettingName, type Settings } from "../settings.js";
import { type TrainOptions, type TrainStart, trainModel, trainOptionTable } from "../trainModel.js";
import { type Augment, ClassificationTask, type ClassifierScore } from "./classificationTask.js";
import { CLASSIFIER_FILES, Classifier } from "./classifier.js";
import { encodeExamples, frameWidth, type Labelled, type LabelledInputs, readExamples, setAside } from "./examples.js";

/** Settings of `SETTINGS` that classification has may stand here, those of the model in `model`. */
export interface TrainClassifierOptions
  extends TrainOptions<ClassifierScore>,
    Partial<Omit<Settings, keyof ModelSettings | keyof AudioSettings | "task">> {
  /** Texts, or frames, with their labels. */
  readonly train: LabelledInputs;
  /** Judges the model at each validation. Default: a twentieth of `train`, at most 1,000, set aside. */
  readonly valid?: LabelledInputs;
  readonly model?: Partial<ModelSettings>;
  /** Gives a new model other first weights. */
  initialize?(model: SequenceClassifier): void;
  /** What an epoch reads in place of frames to train on: the same ones, changed at random by what the generator draws. */
  readonly augment?: Augment;
  onStart?(report: ClassifierStart): void;
}

/** What there is to train on. */
export interface ClassifierStart extends TrainStart {
  readonly trainExamples: number;
  readonly validExamples: number;
  /** Examples left out, as their text or label is blank. */
  readonly empty: number;
  readonly labels: readonly string[];
  /** Size of the vocabulary; null where the model reads frames. */
  readonly inputSize: number | null;
}

export interface TrainClassifierResult {
  /** The best model, as saved. */
  readonly classifier: Classifier;
  readonly best: ClassifierScore;
  readonly end: RunEnd;
}

const { model: _, task: __, ...groups } = SETTINGS;
const OPTIONS: OptionTable<TrainClassifierOptions> = {
  ...trainOptionTable,
  ...{ initialize: callback(), augment: callback() },
  ...{ ...groups.text, ...groups.training, ...groups.run, ...groups.data },
};

/**
 * Trains a classifier of texts or of frames on examples, and keeps the best one, by accuracy on the validation examples (at
 * equal accuracy, by loss), in a folder or another store with a checkpoint beside it. Throws as {@link trainTranslator} does.
 *
 * @example
 * const train = [{ input: "Worth every penny.", label: "positive" }, …];
 * const { classifier } = await trainClassifier({ train, model: { pooling: "attention" }, folder: "reviews" });
 * classifier.classify(["Not worth the money."])[0].label;
 */
export async function trainClassifier(options: TrainClassifierOptions): Promise<TrainClassifierResult> {
  checkOptions("train", OPTIONS, options);
  const given = settingsAmong({ ...options, ...options.model, task: "classify" });
  const { settings } = resolveSettings(given);
  if (!options.resume) checkClassifierSettings(settings);
  const { trained, best, end } = await trainModel<Classifier, ClassifierScore>(given, options, {
    fileNames: CLASSIFIER_FILES,
    fromFiles: Classifier.fromFiles,
    prepare: (settings, generator, began) => prepare(options, settings, generator, began),
  });
  return { classifier: trained, best, end };
}

async function prepare(
  { train: trainSource, valid: validSource, augment, initialize, onStart }: TrainClassifierOptions,
  settings: Settings,
  generator: Generator,
  began: Classifier | null,
) {
  const read = await readExamples("train", trainSource);
  const given = validSource === undefined ? null : await readExamples("train: valid", validSource);
  const [train, valid] = given ? [read.all, given.all] : setAside(read.all, generator);
  for (const [what, { length }] of Object.entries({ training: train, validation: valid })) {
    if (length === 0) throw new Error(`train: expected at least one ${what} example, got none`);
  }
  if (augment && typeof train[0].input === "string")
    throw new TypeError("train: expected frames to augment, got texts");
  const owner = began ?? build(read.all, train, settings, generator);
  if (!began) initialize?.(owner.model);
  const trainRead = encodeExamples("train", owner, train);
  const validRead = encodeExamples("train: valid", owner, valid);
  const { batchSize, batchTokens, labelSmoothing } = settings;
  return {
    trained: owner,
    task: (files: Files) =>
      new ClassificationTask(owner, trainRead, validRead, {
        ...{ batchSize, batchTokens, labelSmoothing, augment, generator, files },
      }),
    onStart: (start: TrainStart) =>
      onStart?.({
        ...start,
        ...{ trainExamples: train.length, validExamples: valid.length, labels: owner.labels },
        ...{ empty: read.empty + (given?.empty ?? 0), inputSize: owner.model.config.inputSize },
      }),
  };
}

/** A classifier with the labels of all examples, and the words of those to train on. */
function build(
  all: readonly Labelled[],
  train: readonly Labelled[],
  settings: Settings,
  generator: Generator,
): Classifier {
  const labels = [...new Set(all.map(({ label }) => label))].sort(compareCodePoints);
  if (labels.length < 2) throw new Error(`train: expected examples of two labels or more, got one: ${show(labels[0])}`);
  const features = frameWidth(train[0].input) || null;
  const language = features === null ? learn(train, settings) : null;
  const sizes = { inputSize: language?.vocabulary.size ?? null, features, classes: labels.length };
  const config = { ...sizes, ...classifierConfig(settings) };
  checkModelSize({ ...config, inputSize: config.inputSize ?? 0 });
  const model = new SequenceClassifier(config, { generator });
  return new Classifier({ model, labels, language });
}

function learn(train: readonly Labelled[], settings: Settings): Language {
  const { tokenizer: kind, lowercase, minFrequency, maxVocabulary: maxSize } = settings;
  const tokenizer = makeTokenizer({ kind, lowercase });
  const texts = train.map(({ input }) => tokenizer.tokenize(input as string));
  const vocabulary = Vocabulary.build(texts, { minFrequency, maxSize });
  if (vocabulary.size > EOS + 1) return { tokenizer, vocabulary }; // it has more than the specials
  throw new Error(`train: expected a token seen at least minFrequency ${minFrequency} times, got none`);
}

/** Throws `RangeError` on settings of a classifier that do not go together, calling one what `nameOf` says. */
export function checkClassifierSettings(settings: Settings, nameOf = (name: SettingName): string => name): void {
  checkClassifier({ inputSize: 1, ...classifierConfig(settings) }, "train", nameOf as (name: string) => string);
}

const MODEL_NAMES = [
  ...([
    "hiddenSize",
    "cell",
    "numLayers",
    "bidirectional",
    "layerNorm",
    "residual",
    "embeddingSize",
    "pooling",
  ] as const),
  ...(["dropout", "embeddingDropout", "outputDropout", "wordDropout"] as const),
];

/** The config of the model that settings ask for. */
function classifierConfig(settings: Settings) {
  return chosen(settings, MODEL_NAMES);
}
