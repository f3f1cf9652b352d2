import { kernelSet } from "../../tensor/kernels/index.js";
import { Generator } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { version } from "../../version.js";
import { fileSystem, writeFolder } from "../files/disk.js";
import { checkReplaceable } from "../files/modelFolder.js";
import { decodeSafetensors, encodeSafetensors } from "../files/safetensors.js";
import { Seq2Seq, type Seq2SeqConfig } from "../models/seq2seq.js";
import { type BeamOptions, beamSearch, type Hypothesis } from "../search/beam.js";
import { greedySearch } from "../search/greedy.js";
import { decodeText, encodeText, type Language, tokenizerFromJSON, unknownWords, Vocabulary } from "../text/index.js";

export interface TranslatorParts {
  readonly model: Seq2Seq;
  readonly source: Language;
  readonly target: Language;
  /** Whether the model reads the source from its last word to its first (Sutskever et al., 2014). */
  readonly reverseSource: boolean;
}

/** A translation with its log-probability and its score (per token, as the length penalty has it). */
export interface ScoredText {
  readonly text: string;
  readonly score: number;
  readonly logProbability: number;
}

/** The version of the model folder's layout; raised when an older reader would misread it. */
const FORMAT = 1;

/** Sentences translated together. */
const BATCH = 64;

/**
 * A model with the text handling around it: raw text in, raw text out.
 *
 * A saved model is a folder: `config.json` (what rebuilds the model), `model.safetensors` (weights under PyTorch's
 * names), `source.json` and `target.json` (tokeniser and vocabulary of either side).
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

  constructor({ model, source, target, reverseSource }: TranslatorParts) {
    this.model = model;
    this.source = source;
    this.target = target;
    this.reverseSource = reverseSource;
  }

  /** One translation for each text, in their order; an empty text (or one of spaces) gives an empty translation. */
  translate(texts: readonly string[], options: Omit<BeamOptions, "nBest"> = {}): string[] {
    const { beam = 1 } = options;
    const search = (sources: readonly Int32Array[]): (readonly number[])[] =>
      beam === 1
        ? greedySearch(this.model, sources, options)
        : beamSearch(this.model, sources, options).map(([best]) => best.ids);
    return this.#inBatches(texts, search).map((ids) => (ids ? this.decodeTarget(ids) : ""));
  }

  /** The `nBest` likeliest translations of each text, best first, with their scores; none for an empty text. */
  translateNBest(texts: readonly string[], options: BeamOptions = {}): ScoredText[][] {
    const search = (sources: readonly Int32Array[]): Hypothesis[][] => beamSearch(this.model, sources, options);
    return this.#inBatches(texts, search).map((hypotheses) =>
      (hypotheses ?? []).map(({ ids, score, logProbability }) => ({
        text: this.decodeTarget(ids),
        score,
        logProbability,
      })),
    );
  }

  /** Searches for all texts that hold a token, like lengths together, as that wastes the least; null for the others. */
  #inBatches<T>(texts: readonly string[], search: (sources: readonly Int32Array[]) => readonly T[]): (T | null)[] {
    const sources = texts.map((text) => this.encodeSource(text));
    const results = texts.map((): T | null => null);
    const order = [...sources.keys()].filter((i) => sources[i].length > 0);
    order.sort((a, b) => sources[a].length - sources[b].length);
    for (let at = 0; at < order.length; at += BATCH) {
      const group = order.slice(at, at + BATCH);
      search(group.map((i) => sources[i])).forEach((result, k) => {
        results[group[k]] = result;
      });
    }
    return results;
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
   * Writes the model folder, beside its place first. Throws `Error` when something is there, unless it is to `overwrite`
   * what holds a model and nothing else.
   */
  save(folder: string, { overwrite = false }: { readonly overwrite?: boolean } = {}): void {
    checkReplaceable("save", folder, overwrite, "overwrite replaces a model");
    writeFolder(folder, this.files());
  }

  /** Everything a model folder holds, by file name. */
  files(): Record<string, Uint8Array | string> {
    const { model, source, target, reverseSource } = this;
    const config = { format: FORMAT, seqgrad: version, kernels: kernelSet, model: model.config, reverseSource };
    const language = ({ tokenizer, vocabulary }: Language): string => json({ tokenizer, vocabulary });
    return {
      "config.json": json(config),
      "model.safetensors": encodeSafetensors({ tensors: model.stateDict(), metadata: {} }),
      "source.json": language(source),
      "target.json": language(target),
    };
  }

  /**
   * Reads a model folder. Throws `Error` naming the file and what is wrong with it. `generator` is what dropout draws
   * from should training go on; a fresh one unless given, so that loading does not disturb a seeded program.
   */
  static load(folder: string, { generator = new Generator() }: { readonly generator?: Generator } = {}): Translator {
    const fs = fileSystem();
    const read = <T>(name: string, parse: (bytes: Uint8Array) => T): T => {
      try {
        return parse(fs.readFileSync(`${folder}/${name}`));
      } catch (error) {
        throw new Error(`load: ${folder}/${name}: ${(error as Error).message}`, { cause: error });
      }
    };
    if (!fs.existsSync(`${folder}/config.json`)) {
      const lack = fs.existsSync(folder) ? "has no config.json" : "does not exist";
      throw new Error(`load: expected a model folder, got ${folder}, which ${lack}`);
    }
    const config = read("config.json", (bytes) => checkConfig(JSON.parse(new TextDecoder().decode(bytes))));
    const source = read("source.json", parseLanguage);
    const target = read("target.json", parseLanguage);
    const { inputSize, outputSize } = config.model;
    if (source.vocabulary.size !== inputSize || target.vocabulary.size !== outputSize) {
      const got = `${source.vocabulary.size} and ${target.vocabulary.size}`;
      throw new Error(`load: ${folder}: expected vocabularies of ${inputSize} and ${outputSize} tokens, got ${got}`);
    }
    const { tensors } = read("model.safetensors", decodeSafetensors);
    const model = read("config.json", () => {
      checkSize(config.model, tensors);
      return new Seq2Seq(config.model, { generator });
    });
    read("model.safetensors", () => {
      model.loadStateDict(tensors);
      checkFinite(model);
    });
    return new Translator({ model: model.eval(), source, target, reverseSource: config.reverseSource });
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function parseLanguage(bytes: Uint8Array): Language {
  const content: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (typeof content !== "object" || content === null || !("tokenizer" in content) || !("vocabulary" in content)) {
    throw new TypeError('expected an object with "tokenizer" and "vocabulary"');
  }
  return { tokenizer: tokenizerFromJSON(content.tokenizer), vocabulary: Vocabulary.fromJSON(content.vocabulary) };
}

function checkConfig(config: unknown): { model: Seq2SeqConfig; reverseSource: boolean } {
  if (typeof config !== "object" || config === null || !("format" in config)) {
    throw new TypeError('expected an object with "format"');
  }
  if (config.format !== FORMAT) {
    throw new TypeError(
      `expected format ${FORMAT}, got ${JSON.stringify(config.format)} (seqgrad ${version} reads no other)`,
    );
  }
  const { model, reverseSource } = config as { model?: Partial<Seq2SeqConfig>; reverseSource?: unknown };
  const counts = [model?.inputSize, model?.outputSize, model?.hiddenSize, model?.numLayers];
  const sound =
    counts.every((size) => Number.isSafeInteger(size) && Number(size) >= 1 && Number(size) <= 1e7) &&
    ["rnn", "gru", "lstm"].includes(String(model?.cell)) &&
    typeof model?.bidirectional === "boolean" &&
    typeof model.dropout === "number" &&
    typeof reverseSource === "boolean";
  if (!sound)
    throw new TypeError(`expected a model's sizes, cell and options, got ${JSON.stringify({ model, reverseSource })}`);
  return { model: model as Seq2SeqConfig, reverseSource };
}

/** Throws `RangeError` when the model would be many times as large as its weights: a broken size could take all memory. */
function checkSize(config: Seq2SeqConfig, tensors: Readonly<Record<string, Tensor>>): void {
  const present = Object.values(tensors).reduce((total, { data }) => total + data.length, 0);
  const needed = leastSize(config);
  if (needed <= 100 * present + 1e6) return;
  throw new RangeError(`expected a model of about the ${present} numbers in model.safetensors, got one of ${needed}`);
}

/** Numbers that a model has in any case, whatever its cell. */
export function leastSize({ inputSize, outputSize, hiddenSize, numLayers = 1 }: Seq2SeqConfig): number {
  return hiddenSize * (inputSize + outputSize + 2 * numLayers * hiddenSize);
}

/** Throws `RangeError` on a weight that is not finite: it would come out as an empty translation. */
function checkFinite(model: Seq2Seq): void {
  for (const [name, { data }] of model.namedParameters()) {
    for (let i = 0; i < data.length; i++) {
      if (!Number.isFinite(data[i])) throw new RangeError(`${name}: expected finite weights, got ${data[i]} at ${i}`);
    }
  }
}
