import { anything, checkOptions, flag, integer, limit, type OptionTable } from "../../../options.js";
import { kernelSet } from "../../../tensor/kernels/index.js";
import { version } from "../../../version.js";
import { WEIGHTS } from "../../files/modelFolder.js";
import { encodeSealed } from "../../files/seal.js";
import type { Files } from "../../files/store.js";
import { Seq2Seq } from "../../models/seq2seq.js";
import type { Language } from "../../text/index.js";
import { checkSize, languageToJSON } from "../configFiles.js";
import { type LoadOptions, loadModel, ModelFiles, type SaveOptions, saveModel, weightsOf } from "../savedModel.js";
import { TextTranslator } from "./textTranslator.js";
import { parseTranslator, translatorToJSON } from "./translatorFiles.js";

export interface TranslatorParts {
  readonly model: Seq2Seq;
  readonly source: Language;
  readonly target: Language;
  /** Whether the model reads the source from its last word to its first (Sutskever et al., 2014). Default false. */
  readonly reverseSource?: boolean;
  /** The longest sentences, in tokens, that it was trained on and is judged by. Default: `Infinity`, any. */
  readonly maxLength?: number;
}

const PARTS: OptionTable<TranslatorParts> = {
  model: anything(),
  source: anything(),
  target: anything(),
  reverseSource: flag(),
  maxLength: limit(integer(0)),
};
/** The files that make up a translator. */
export const TRANSLATOR_FILES = ["config.json", "source.json", "target.json", WEIGHTS] as const;

/**
 * A model with the text handling around it: raw text in, raw text out.
 *
 * A saved model is a folder: `config.json` (what rebuilds the model), `model.safetensors` (weights under PyTorch's
 * names, and checksums of all four), `source.json` and `target.json` (tokeniser and vocabulary of either side).
 *
 * @example
 * const translator = Translator.load("model");
 * translator.translate(["The girls eat an apple."]); // ["Les filles mangent une pomme."]
 */
export class Translator extends TextTranslator {
  readonly model: Seq2Seq;
  readonly maxLength: number;

  constructor(parts: TranslatorParts) {
    checkOptions("Translator", PARTS, parts);
    const { model, source, target, reverseSource = false, maxLength = Number.POSITIVE_INFINITY } = parts;
    super({ source, target, reverseSource });
    this.model = model;
    this.maxLength = maxLength;
  }

  get hasAttention(): boolean {
    return (this.model.config.attention ?? "none") !== "none";
  }

  /**
   * Writes the model folder; at every moment a whole model is in place, the old one or the new. Throws `Error` when
   * something is there, unless it is to `overwrite` what holds a model and nothing else.
   */
  save(folder: string, options: SaveOptions = {}): void {
    saveModel(folder, () => this.files(), options);
  }

  /** Everything a model folder holds, by file name; {@link Translator.fromFiles} reads it back. */
  files(): Files {
    const { model, source, target, reverseSource, maxLength } = this;
    const texts = {
      "config.json": translatorToJSON(
        { model: model.config, reverseSource, maxLength },
        { seqgrad: version, kernels: kernelSet },
      ),
      "source.json": languageToJSON(source),
      "target.json": languageToJSON(target),
    };
    return { ...texts, [WEIGHTS]: encodeSealed({ tensors: weightsOf(model), metadata: {} }, texts) };
  }

  /**
   * The translator that these files are of. Throws `Error` naming the file and what is wrong with it. `generator` is what
   * dropout draws from should training go on; a fresh one unless given, so that loading does not disturb a seeded program.
   */
  static fromFiles(files: Files, options: LoadOptions = {}): Translator {
    const saved = new ModelFiles(files, "translate", TRANSLATOR_FILES, options);
    const config = saved.read("config.json", parseTranslator);
    const source = saved.readLanguage("source.json", config.model.inputSize);
    const target = saved.readLanguage("target.json", config.model.outputSize);
    const model = saved.readModule((weights) => {
      checkSize(config.model, weights);
      return new Seq2Seq(config.model, { generator: saved.generator });
    });
    return new Translator({ ...config, model, source, target });
  }

  /** Reads a model folder, as {@link Translator.fromFiles}. */
  static load(folder: string, options: LoadOptions = {}): Translator {
    return loadModel(folder, TRANSLATOR_FILES, options, Translator.fromFiles);
  }

  /** Frees the model's memory at once instead of when it is collected; translating afterwards throws. */
  dispose(): void {
    this.model.dispose();
  }
}
