import { anything, checkOptions, type OptionTable } from "../../../options.js";
import { show } from "../../../show.js";
import { kernelSet } from "../../../tensor/kernels/index.js";
import { version } from "../../../version.js";
import { checkFinite, countFrames, type Frames } from "../../data/frames.js";
import { WEIGHTS } from "../../files/modelFolder.js";
import { encodeSealed } from "../../files/seal.js";
import type { Files } from "../../files/store.js";
import { SequenceClassifier } from "../../models/classifier.js";
import { isClassifierConfig } from "../../models/classifierConfig.js";
import { checkTexts } from "../../text/checkText.js";
import { encodeText, type Language } from "../../text/index.js";
import { checkSize, configToJSON, languageToJSON, parseConfig } from "../configFiles.js";
import { type LoadOptions, loadModel, ModelFiles, type SaveOptions, saveModel, weightsOf } from "../savedModel.js";
import { likeliest, logProbabilities, type ModelInput } from "./inputs.js";

export interface ClassifierParts {
  readonly model: SequenceClassifier;
  /** The name of each class of the model, in their order. */
  readonly labels: readonly string[];
  /** How a text becomes tokens; null, the default, where the model reads frames. */
  readonly language?: Language | null;
}

/** What a classifier says of an input. */
export interface Prediction {
  /** The likeliest. */
  readonly label: string;
  readonly probability: number;
  /** Of every label, in the order of {@link Classifier.labels}. */
  readonly probabilities: readonly number[];
}

const PARTS: OptionTable<ClassifierParts> = { model: anything(), labels: anything(), language: anything() };

/** The files that make up a classifier; one of frames has no `source.json`. */
export const CLASSIFIER_FILES = ["config.json", "source.json", WEIGHTS] as const;

/**
 * A model with the labels of its classes and, where it reads texts, their handling: texts or frames in, labels out.
 *
 * @example
 * const classifier = Classifier.load("reviews");
 * classifier.classify(["Not worth the money."]); // [{ label: "negative", probability: 0.97, probabilities: [0.97, 0.03] }]
 */
export class Classifier {
  readonly model: SequenceClassifier;
  readonly labels: readonly string[];
  readonly language: Language | null;

  /** Throws `RangeError` unless there is a label for each class, `TypeError` unless there is a language for texts alone. */
  constructor(parts: ClassifierParts) {
    checkOptions("Classifier", PARTS, parts);
    const { model, labels, language = null } = parts;
    const { classes, inputSize } = model.config;
    checkTexts("Classifier", "labels", labels);
    if (labels.length !== classes || new Set(labels).size !== classes) {
      throw new RangeError(`Classifier: expected ${classes} different labels, as many as classes, got ${show(labels)}`);
    }
    if ((language === null) !== (inputSize === null)) {
      const [wanted, got] = inputSize === null ? ["no language", "one"] : ["a language", "none"];
      throw new TypeError(`Classifier: expected ${wanted}, as the model reads ${kindOf(inputSize)}, got ${got}`);
    }
    this.model = model;
    this.labels = labels;
    this.language = language;
  }

  /**
   * What each of some inputs is: of texts, or of frames [T, F], as the model was trained on. Throws `TypeError` on inputs of
   * another kind, `RangeError` on frames of another width and on none.
   */
  classify(inputs: readonly (string | Frames)[]): Prediction[] {
    if (!Array.isArray(inputs)) throw new TypeError(`classify: expected a list of inputs, got ${show(inputs)}`);
    const read = inputs.map((input, index) => this.encode("classify", input, index));
    return logProbabilities(this.model, read).map((logs) => {
      const probabilities = Array.from(logs, Math.exp);
      const best = likeliest(logs);
      return { label: this.labels[best], probability: probabilities[best], probabilities };
    });
  }

  /** @internal An input as the model reads it. Throws as {@link Classifier.classify} does. */
  encode(op: string, input: unknown, index: number): ModelInput {
    const { language } = this;
    if (language && typeof input === "string") return encodeText(language, input);
    const count = countFrames(input);
    if (!language && count !== undefined && count > 0) {
      checkFinite(op, input as Frames, index);
      return input as Frames;
    }
    const kind = kindOf(this.model.config.inputSize);
    throw new TypeError(`${op}: expected ${kind}, as the model was trained on, got ${show(input)} at ${index}`);
  }

  /** Writes the model folder, as {@link Translator.save}. */
  save(folder: string, options: SaveOptions = {}): void {
    saveModel(folder, () => this.files(), options);
  }

  /** Everything a model folder holds, by file name; {@link Classifier.fromFiles} reads it back. */
  files(): Files {
    const { model, labels, language } = this;
    const config = configToJSON(
      { task: "classify", labels, model: model.config },
      { seqgrad: version, kernels: kernelSet },
    );
    const texts = { "config.json": config, ...(language && { "source.json": languageToJSON(language) }) };
    return { ...texts, [WEIGHTS]: encodeSealed({ tensors: weightsOf(model), metadata: {} }, texts) };
  }

  /** The classifier that these files are of. Throws `Error` naming the file and what is wrong with it. */
  static fromFiles(files: Files, options: LoadOptions = {}): Classifier {
    const saved = new ModelFiles(files, "classify", ["config.json", WEIGHTS], options);
    const { model: config, labels } = saved.read("config.json", parseClassifier);
    const { inputSize = null } = config;
    const language = inputSize === null ? null : saved.readLanguage("source.json", inputSize);
    const { generator } = saved;
    const model = saved.readModule((weights) => {
      checkSize({ ...config, inputSize: inputSize ?? 0 }, weights);
      return new SequenceClassifier(config, { generator });
    });
    return new Classifier({ model, labels, language });
  }

  /** Reads a model folder, as {@link Classifier.fromFiles}. */
  static load(folder: string, options: LoadOptions = {}): Classifier {
    return loadModel(folder, CLASSIFIER_FILES, options, Classifier.fromFiles);
  }

  /** Frees the model's memory at once instead of when it is collected; classifying afterwards throws. */
  dispose(): void {
    this.model.dispose();
  }
}

function kindOf(inputSize: number | null): string {
  return inputSize === null ? "frames" : "texts";
}

/** What `config.json` says of a classifier. Throws `TypeError` on labels that are not those of its classes. */
function parseClassifier(bytes: Uint8Array) {
  const { model, labels } = parseConfig(bytes, isClassifierConfig);
  const { classes } = model;
  const isLabels = Array.isArray(labels) && labels.every((label) => typeof label === "string");
  if (!isLabels || labels.length !== classes || new Set(labels).size !== classes) {
    throw new TypeError(`expected ${classes} different labels, as many as classes, got ${show(labels)}`);
  }
  return { model, labels: labels as readonly string[] };
}
