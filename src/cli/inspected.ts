import type { Module } from "../nn/module.js";
import {
  type CellKind,
  Classifier,
  type Language,
  type Seq2SeqConfig,
  type TaskName,
  TextGenerator,
  type Tokenizer,
  Transcriber,
  Translator,
} from "../seq2seq/index.js";
import { taskOf } from "./modelFiles.js";
import { plain } from "./plain.js";
import { count } from "./trainReport.js";

/** What `inspect` tells of a model, but for its parameters and its training. */
export interface Inspected {
  readonly model: Module;
  readonly json: object;
  readonly lines: readonly string[];
}

const kinds: Readonly<Record<TaskName, (folder: string) => Inspected>> = {
  translate: inspectTranslator,
  generate: inspectGenerator,
  transcribe: inspectTranscriber,
  classify: inspectClassifier,
};

/** The model in a folder, whatever it does. Throws what loading it throws. */
export async function inspected(folder: string): Promise<Inspected> {
  return kinds[(await taskOf(folder)) ?? "translate"](folder);
}

function inspectTranslator(folder: string): Inspected {
  const { model, source, target, reverseSource } = Translator.load(folder);
  const languages = { source: summariseTokenizer(source.tokenizer), target: summariseTokenizer(target.tokenizer) };
  const lines = [
    ...describeSeq2Seq(model.config),
    `source     ${describeLanguage(source)}${reverseSource ? ", read in reverse" : ""}`,
    `target     ${describeLanguage(target)}`,
  ];
  return { model, json: { model: model.config, reverseSource, ...languages }, lines };
}

function inspectGenerator(folder: string): Inspected {
  const { model, language } = TextGenerator.load(folder);
  const { tied } = model.config;
  const lines = [
    "task       generate",
    `cell       ${describeCells(model.config)}`,
    ...describeBesides(model.config, tied ? ["one table for embedding and output"] : []),
    `text       ${describeLanguage(language)}`,
  ];
  return {
    model,
    json: { task: "generate", model: model.config, target: summariseTokenizer(language.tokenizer) },
    lines,
  };
}

function inspectTranscriber(folder: string): Inspected {
  const { model, language, frames } = Transcriber.load(folder);
  const { features, stack = 1, subsample = 0 } = model.config;
  const { sampleRate, window = 25, hop = 10, topDb = null, normalize = "recording" } = frames;
  const made = `${count(features)} bands of ${window} ms each ${hop} ms at ${count(sampleRate)} Hz`;
  const how = [
    ...(topDb !== null ? [`the loudest ${topDb} dB`] : []),
    ...(normalize === "none" ? ["not normalised"] : []),
    ...(stack > 1 ? [`${stack} read at once`] : []),
    ...(subsample > 0 ? [`every two outputs joined above ${subsample} layer${subsample === 1 ? "" : "s"}`] : []),
  ];
  const lines = [
    "task       transcribe",
    ...describeSeq2Seq(model.config),
    `frames     ${[made, ...how].join(", ")}`,
    `target     ${describeLanguage(language)}`,
  ];
  const target = summariseTokenizer(language.tokenizer);
  return { model, json: { task: "transcribe", model: model.config, frames, target }, lines };
}

function inspectClassifier(folder: string): Inspected {
  const { model, labels, language } = Classifier.load(folder);
  const { bidirectional, pooling, features } = model.config;
  const lines = [
    `task       classify, ${count(labels.length)} labels: ${labels.map(plain).join(", ")}`,
    `cell       ${describeCells(model.config, bidirectional ? ", bidirectional" : "")}`,
    `pooling    ${pooling}`,
    ...describeBesides(model.config),
    `source     ${language ? describeLanguage(language) : `frames of ${count(features ?? 0)} numbers`}`,
  ];
  const source = language && summariseTokenizer(language.tokenizer);
  return { model, json: { task: "classify", model: model.config, labels, source }, lines };
}

/** A tokeniser's options and, where it cuts words into subwords, of how many merges its BPE is. */
function summariseTokenizer(tokenizer: Tokenizer) {
  const config = tokenizer.toJSON();
  return config.kind === "bpe" ? { ...config.words, merges: config.merges.length } : { ...config, merges: undefined };
}

function describeLanguage({ tokenizer, vocabulary }: Language): string {
  const { kind, lowercase, merges } = summariseTokenizer(tokenizer);
  const what = merges === undefined ? `${kind} tokens` : `pieces of ${kind} tokens by ${count(merges)} merges`;
  return `${count(vocabulary.size)} ${what}${lowercase ? ", lowercase" : ""}`;
}

/** What every recurrent model has. */
interface Layers {
  readonly cell?: CellKind;
  readonly hiddenSize: number;
  readonly embeddingSize?: number;
  readonly numLayers?: number;
  readonly layerNorm?: boolean;
  readonly residual?: boolean;
  readonly dropout?: number;
}

function describeCells({ cell = "gru", hiddenSize, numLayers = 1, dropout = 0 }: Layers, directions = ""): string {
  return `${cell}, ${numLayers} layer${numLayers === 1 ? "" : "s"} of ${hiddenSize}${directions}, dropout ${dropout}`;
}

function describeBesides(
  { hiddenSize, embeddingSize = hiddenSize, layerNorm, residual }: Layers,
  more: readonly string[] = [],
): string[] {
  const besides = [
    ...(embeddingSize === hiddenSize ? [] : [`embeddings of ${embeddingSize}`]),
    ...(layerNorm ? ["layer normalisation"] : []),
    ...(residual ? ["residual layers"] : []),
    ...more,
  ];
  return besides.length > 0 ? [`besides    ${besides.join(", ")}`] : [];
}

function describeSeq2Seq(config: Omit<Seq2SeqConfig, "inputSize">): string[] {
  const { bidirectional = false, attention = "none", initialState = "last", tied = "none", lexical } = config;
  const how = [
    ...(config.conditional ? ["inside the step"] : []),
    ...(config.inputFeeding ? ["with input feeding"] : []),
    ...(config.contextInput ? ["the context read at every step"] : []),
  ];
  const more = [
    ...(initialState === "mean" ? ["the decoder begins with a mean"] : []),
    ...(tied === "none" ? [] : [tied === "all" ? "one table for all words" : "the decoder's tables tied"]),
    ...(lexical ? ["lexical model"] : []),
  ];
  return [
    `cell       ${describeCells(config, bidirectional ? ", bidirectional encoder" : "")}`,
    `attention  ${[attention, ...how].join(", ")}`,
    ...describeBesides(config, more),
  ];
}
