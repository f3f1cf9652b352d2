import { anything, checkOptions, integer, type OptionTable } from "../../../options.js";
import { kernelSet } from "../../../tensor/kernels/index.js";
import { version } from "../../../version.js";
import { WEIGHTS } from "../../files/modelFolder.js";
import { encodeSealed } from "../../files/seal.js";
import type { Files } from "../../files/store.js";
import { isLanguageConfig, LanguageModel } from "../../models/languageModel.js";
import { type SamplingOptions, sampleSearch, samplingOptions } from "../../search/sampling.js";
import { checkText, checkTexts } from "../../text/checkText.js";
import type { Language } from "../../text/index.js";
import { checkSize, configToJSON, languageToJSON, parseConfig } from "../configFiles.js";
import { type LoadOptions, loadModel, ModelFiles, type SaveOptions, saveModel, weightsOf } from "../savedModel.js";
import { continuation, streamIds, unknownTokens } from "./stream.js";
import { textLoss } from "./textLoss.js";

export interface TextGeneratorParts {
  readonly model: LanguageModel;
  readonly language: Language;
}

export interface GenerateOptions extends Omit<SamplingOptions, "maxLength" | "endless"> {
  /** How many tokens to write. Default 200. */
  readonly length?: number;
}

const PARTS: OptionTable<TextGeneratorParts> = { model: anything(), language: anything() };
const { maxLength: _, endless: __, ...sampling } = samplingOptions;
const GENERATE: OptionTable<GenerateOptions> = { length: integer(1, 200), ...sampling };

/** The files that make up a generator of text. */
export const GENERATOR_FILES = ["config.json", "target.json", WEIGHTS] as const;

/**
 * A language model with its text handling: text in, more of it out.
 *
 * @example
 * const generator = TextGenerator.load("shakespeare");
 * const [text] = generator.generate(["ROMEO:"], { length: 300, temperature: 0.8 }); // what comes behind "ROMEO:"
 */
export class TextGenerator {
  readonly model: LanguageModel;
  readonly language: Language;

  constructor(parts: TextGeneratorParts) {
    checkOptions("TextGenerator", PARTS, parts);
    this.model = parts.model;
    this.language = parts.language;
  }

  /**
   * How each of these texts could go on, to be put right behind it; an empty one is taken for the end of a line. Tokens that
   * the model does not know are read as unknown. Throws `RangeError` on options out of range.
   */
  generate(contexts: readonly string[], options: GenerateOptions = {}): string[] {
    checkTexts("generate", "contexts", contexts);
    checkOptions("generate", GENERATE, options);
    const { length = 200, ...rest } = options;
    const read = contexts.map((context) => (context === "" ? "\n" : context));
    const ids = read.map((context) => Array.from(streamIds(this.language, context)));
    const written = sampleSearch(this.model, ids, { ...rest, maxLength: length, endless: true });
    return written.map((own, i) => continuation(this.language, read[i], own));
  }

  /**
   * How well a text is foretold: mean cross-entropy, in nats a token. It is read as eight texts side by side (fewer, if it is
   * short), each without what stands before it; its first token, and up to seven last ones that fill no row, are not counted. Throws `RangeError` on a text of less than two tokens.
   *
   * @example
   * generator.loss(readFileSync("unseen.txt", "utf8")); // 1.52
   */
  loss(text: string): number {
    checkText("loss", text);
    const ids = streamIds(this.language, text);
    if (ids.length < 2) throw new RangeError(`loss: expected a text of at least 2 tokens, got ${ids.length}`);
    return textLoss(this.model, ids);
  }

  /**
   * The words of a text, or its characters, that the model does not know, each once: it reads them all as one and the same.
   *
   * @example
   * generator.unknownWords("To be ☃"); // ["☃"]
   */
  unknownWords(text: string): string[] {
    checkText("unknownWords", text);
    return unknownTokens(this.language, text);
  }

  /** Writes the model folder, as {@link Translator.save}. */
  save(folder: string, options: SaveOptions = {}): void {
    saveModel(folder, () => this.files(), options);
  }

  /** Everything a model folder holds, by file name; {@link TextGenerator.fromFiles} reads it back. */
  files(): Files {
    const texts = {
      "config.json": configToJSON(
        { task: "generate", model: this.model.config },
        { seqgrad: version, kernels: kernelSet },
      ),
      "target.json": languageToJSON(this.language),
    };
    return { ...texts, [WEIGHTS]: encodeSealed({ tensors: weightsOf(this.model), metadata: {} }, texts) };
  }

  /** The generator that these files are of. Throws `Error` naming the file and what is wrong with it. */
  static fromFiles(files: Files, options: LoadOptions = {}): TextGenerator {
    const saved = new ModelFiles(files, "generate", GENERATOR_FILES, options);
    const { model: config } = saved.read("config.json", (bytes) => parseConfig(bytes, isLanguageConfig));
    const language = saved.readLanguage("target.json", config.outputSize);
    const { generator } = saved;
    const model = saved.readModule((weights) => {
      checkSize(config, weights);
      return new LanguageModel(config, { generator });
    });
    return new TextGenerator({ model, language });
  }

  /** Reads a model folder, as {@link TextGenerator.fromFiles}. */
  static load(folder: string, options: LoadOptions = {}): TextGenerator {
    return loadModel(folder, GENERATOR_FILES, options, TextGenerator.fromFiles);
  }

  /** Frees the model's memory at once instead of when it is collected; generating afterwards throws. */
  dispose(): void {
    this.model.dispose();
  }
}
