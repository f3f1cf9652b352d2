import { anything, checkOptions, flag, integer, limit, type OptionTable } from "../../options.js";
import { kernelSet } from "../../tensor/kernels/index.js";
import { Generator, generatorOption } from "../../tensor/random.js";
import { version } from "../../version.js";
import type { Alignment } from "../figures/index.js";
import { blaming } from "../files/blaming.js";
import { fileSystem } from "../files/disk.js";
import { checkFinite } from "../files/finite.js";
import { writeFiles } from "../files/folderStore.js";
import { checkReplaceable, outdated, WEIGHTS } from "../files/modelFolder.js";
import { readFiles } from "../files/readFiles.js";
import { decodeSealed, encodeSealed } from "../files/seal.js";
import { bytesOf, type Files } from "../files/store.js";
import { checkSize } from "../models/config.js";
import { Seq2Seq } from "../models/seq2seq.js";
import { beamSearch } from "../search/beam.js";
import { type BeamOptions, beamOptions, type Hypothesis } from "../search/beamOptions.js";
import { forcedDecoding } from "../search/forced.js";
import { greedySearch } from "../search/greedy.js";
import { checkText, checkTexts } from "../text/checkText.js";
import { decodeText, encodeText, type Language, unknownWords } from "../text/index.js";
import { tokenLabel } from "../text/language.js";
import { configToJSON, languageToJSON, parseConfig, parseLanguage } from "./translatorFiles.js";

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
const { nBest: _, ...TRANSLATE_OPTIONS } = beamOptions;
const SAVE_OPTIONS = { overwrite: flag() };
const LOAD_OPTIONS = { generator: generatorOption };

/** A translation with its log-probability and its score (per token, as the length penalty has it). */
export interface ScoredText {
  readonly text: string;
  readonly score: number;
  readonly logProbability: number;
}

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
export class Translator {
  readonly model: Seq2Seq;
  readonly source: Language;
  readonly target: Language;
  readonly reverseSource: boolean;
  readonly maxLength: number;

  constructor(parts: TranslatorParts) {
    checkOptions("Translator", PARTS, parts);
    const { model, source, target, reverseSource = false, maxLength = Number.POSITIVE_INFINITY } = parts;
    this.model = model;
    this.source = source;
    this.target = target;
    this.reverseSource = reverseSource;
    this.maxLength = maxLength;
  }

  /** One translation for each text, in their order; an empty text (or one of spaces) gives an empty translation. */
  translate(texts: readonly string[], options: Omit<BeamOptions, "nBest"> = {}): string[] {
    checkTexts("translate", "texts", texts);
    checkOptions("translate", TRANSLATE_OPTIONS, options);
    const { beam = 1, maxLength } = options;
    const search = (sources: readonly Int32Array[]): (readonly number[])[] =>
      beam === 1
        ? greedySearch(this.model, sources, { maxLength })
        : beamSearch(this.model, sources, options).map(([best]) => best.ids);
    return this.#searched(texts, search).map((ids) => (ids ? this.decodeTarget(ids) : ""));
  }

  /** The `nBest` likeliest translations of each text, best first, with their scores; none for an empty text. */
  translateNBest(texts: readonly string[], options: BeamOptions = {}): ScoredText[][] {
    checkTexts("translateNBest", "texts", texts);
    checkOptions("translateNBest", beamOptions, options);
    const search = (sources: readonly Int32Array[]): Hypothesis[][] => beamSearch(this.model, sources, options);
    return this.#searched(texts, search).map((hypotheses) =>
      (hypotheses ?? []).map(({ ids, score, logProbability }) => ({
        text: this.decodeTarget(ids),
        score,
        logProbability,
      })),
    );
  }

  /** Searches for all texts that hold a token; null for the others. */
  #searched<T>(texts: readonly string[], search: (sources: readonly Int32Array[]) => readonly T[]): (T | null)[] {
    const sources = texts.map((text) => this.encodeSource(text));
    const found = search(sources.filter(({ length }) => length > 0)).values();
    return sources.map(({ length }) => (length > 0 ? (found.next().value as T) : null));
  }

  /**
   * Where the model looks while it writes `translation`, by default its own greedy one; null for a model without
   * attention. The end of each sentence is "<eos>", a word that the model does not know "<unk>".
   */
  align(text: string, translation: string = this.translate([text])[0]): Alignment | null {
    checkText("align", translation);
    const ids = this.encodeSource(text);
    const said = this.encodeTarget(translation);
    const { attention } = forcedDecoding(this.model, ids, said);
    if (!attention) return null;
    const labels = (language: Language, tokens: Iterable<number>): string[] => [
      ...language.vocabulary.decode(tokens).map((token) => tokenLabel(language, token)),
      "<eos>",
    ];
    const inOrder = <T>(items: readonly T[]): T[] =>
      this.reverseSource ? [...items.slice(0, -1).toReversed(), items[items.length - 1]] : [...items];
    return {
      source: inOrder(labels(this.source, ids)),
      target: labels(this.target, said),
      weights: attention.map(inOrder),
    };
  }

  /**
   * The words of a source text that the model has never seen, each once: it reads them all as `<unk>`, and what it makes
   * of them is a guess. Of a model over characters, the characters.
   *
   * @example
   * translator.unknownWords("The zorgles eat an apple."); // ["zorgles"]
   */
  unknownWords(text: string): string[] {
    return unknownWords(this.source, text);
  }

  /** A source text as the model reads it: token ids, reversed if the model wants them so. */
  encodeSource(text: string): Int32Array {
    const ids = encodeText(this.source, text);
    return this.reverseSource ? ids.reverse() : ids;
  }

  /** A target text as token ids, without BOS or EOS. */
  encodeTarget(text: string): Int32Array {
    return encodeText(this.target, text);
  }

  /** The text that target ids spell. */
  decodeTarget(ids: Iterable<number>): string {
    return decodeText(this.target, ids);
  }

  /**
   * Writes the model folder; at every moment a whole model is in place, the old one or the new. Throws `Error` when
   * something is there, unless it is to `overwrite` what holds a model and nothing else.
   */
  save(folder: string, options: { readonly overwrite?: boolean } = {}): void {
    checkText("save", folder);
    checkOptions("save", SAVE_OPTIONS, options);
    checkReplaceable("save", folder, options.overwrite ?? false, "overwrite replaces a model");
    const files = this.files();
    writeFiles(folder, files, outdated(files));
  }

  /** Everything a model folder holds, by file name; {@link Translator.fromFiles} reads it back. */
  files(): Files {
    const { model, source, target, reverseSource, maxLength } = this;
    const texts = {
      "config.json": configToJSON(
        { model: model.config, reverseSource, maxLength },
        { seqgrad: version, kernels: kernelSet },
      ),
      "source.json": languageToJSON(source),
      "target.json": languageToJSON(target),
    };
    return { ...texts, [WEIGHTS]: encodeSealed({ tensors: model.stateDict(), metadata: {} }, texts) };
  }

  /**
   * The translator that these files are of. Throws `Error` naming the file and what is wrong with it. `generator` is what
   * dropout draws from should training go on; a fresh one unless given, so that loading does not disturb a seeded program.
   */
  static fromFiles(files: Files, options: { readonly generator?: Generator } = {}): Translator {
    checkOptions("load", LOAD_OPTIONS, options);
    const { generator = new Generator() } = options;
    const missing = TRANSLATOR_FILES.find((name) => !Object.hasOwn(files, name));
    if (missing) throw new Error(`${missing}: expected a model's file of this name, got none`);
    const read = <T>(name: string, parse: (bytes: Uint8Array) => T): T =>
      blaming(`${name}: `, () => parse(bytesOf(files[name])));
    const config = read("config.json", parseConfig);
    const source = read("source.json", parseLanguage);
    const target = read("target.json", parseLanguage);
    const { inputSize, outputSize } = config.model;
    for (const [name, { vocabulary }, size] of [
      ["source.json", source, inputSize],
      ["target.json", target, outputSize],
    ] as const) {
      if (vocabulary.size !== size) {
        throw new Error(`${name}: expected a vocabulary of ${size} tokens, got ${vocabulary.size}`);
      }
    }
    const { tensors } = decodeSealed(files, WEIGHTS);
    const model = read("config.json", () => {
      checkSize(config.model, tensors);
      return new Seq2Seq(config.model, { generator });
    });
    read(WEIGHTS, () => {
      checkFinite(tensors);
      model.loadStateDict(tensors);
    });
    return new Translator({ ...config, model: model.eval(), source, target });
  }

  /** Reads a model folder, as {@link Translator.fromFiles}. */
  static load(folder: string, options: { readonly generator?: Generator } = {}): Translator {
    checkText("load", folder);
    checkOptions("load", LOAD_OPTIONS, options);
    if (fileSystem().statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new Error(`load: expected a model folder, got ${folder}, which is a file`);
    }
    const files = blaming("load: ", () => readFiles(folder, TRANSLATOR_FILES));
    if (!Object.hasOwn(files, "config.json")) {
      const lack = fileSystem().existsSync(folder) ? "has no config.json" : "does not exist";
      throw new Error(`load: expected a model folder, got ${folder}, which ${lack}`);
    }
    return blaming(`load: ${folder}/`, () => Translator.fromFiles(files, options));
  }

  /** Frees the model's memory at once instead of when it is collected; translating afterwards throws. */
  dispose(): void {
    this.model.dispose();
  }
}
