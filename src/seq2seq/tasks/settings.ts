import {
  belowOne,
  between,
  flag,
  fraction,
  integer,
  integerUpTo,
  limit,
  nonNegative,
  oneOf,
  orNull,
  positive,
  text,
} from "../../options.js";
import { DECIBELS, SNR } from "../audio/augment.js";
import { milliseconds } from "../audio/logMel.js";
import { BATCH_TOKENS } from "../data/bucket.js";
import { LEARNING_RATE } from "../training/learningRate.js";
import { type Setting, setting } from "./setting.js";

/**
 * Every setting of a training run, once: the library's defaults, the command's options and help, the config file's and
 * the checkpoint's checks all read this table.
 */
export const SETTINGS = {
  task: {
    task: setting(oneOf(["translate", "generate", "transcribe", "classify"], "translate"), {
      value: "KIND",
      help: "translate, generate text, transcribe recordings, or classify texts",
    }),
  },
  text: {
    tokenizer: setting(oneOf(["word", "space", "character"], "word"), {
      value: "KIND",
      help: "word, space (text as it is, cut at spaces) or character",
    }),
    lowercase: setting(flag(false), { help: "fold case" }),
    subwords: setting(orNull(integer(1)), { value: "N", help: "cut words into pieces by a BPE of N merges" }),
    jointSubwords: setting(flag(false), { help: "one BPE and one vocabulary for both sides" }),
    subwordDropout: setting(fraction(0), { value: "P", help: "part of the merges to leave out while training" }),
    minFrequency: setting(integer(1, 1), { value: "N", help: "rarer tokens become unknown" }),
    maxVocabulary: setting(integer(5, 30_000), { value: "N", help: "largest vocabulary a side" }),
    maxLength: setting(integer(0, 60), { value: "N", help: "leave out longer sentences, in tokens" }),
  },
  model: {
    cell: setting(oneOf(["gru", "lstm", "rnn"], "gru"), { value: "KIND", help: "gru, lstm or rnn" }),
    hiddenSize: setting(integer(1, 256), { option: "hidden", value: "N", help: "width of states" }),
    embeddingSize: setting(orNull(integer(1)), {
      option: "embedding",
      value: "N",
      help: "width of embeddings (that of states)",
    }),
    numLayers: setting(integer(1, 1), { option: "layers", value: "N", help: "recurrent layers a side" }),
    bidirectional: setting(flag(false), { help: "read the source in both directions" }),
    layerNorm: setting(flag(false), { help: "normalise the products inside the recurrent steps" }),
    residual: setting(flag(false), { help: "each layer but the lowest adds what it reads to its output" }),
    dropout: setting(fraction(0), { value: "P", help: "part of the features to leave out while training" }),
    embeddingDropout: setting(orNull(fraction()), { value: "P", help: "the same, of embeddings (as --dropout)" }),
    outputDropout: setting(orNull(fraction()), {
      value: "P",
      help: "the same, before the output layer (as --dropout with attention, else 0)",
    }),
    contextDropout: setting(fraction(0), { value: "P", help: "the same, of what attention looks at" }),
    wordDropout: setting(fraction(0), { value: "P", help: "part of the words to leave out while training" }),
    initialState: setting(oneOf(["last", "mean"], "last"), {
      value: "KIND",
      help: "last or mean: what the decoder begins with of the states that read the source",
    }),
    tied: setting(oneOf(["none", "decoder", "all"], "none"), {
      value: "KIND",
      help: "none, decoder or all: which of embeddings and output layer are one table",
    }),
    reverseSource: setting(flag(false), { help: "read the source from its last word to its first" }),
    attention: setting(oneOf(["none", "dot", "general", "additive"], "additive"), {
      value: "KIND",
      help: "none, dot, general or additive: how the decoder looks back at the source",
    }),
    inputFeeding: setting(flag(false), { help: "each step reads what attention found at the one before" }),
    conditional: setting(flag(false), { help: "attention inside the step, between two GRU cells" }),
    lexical: setting(flag(false), {
      help: "the words looked at lead straight to the output, too; with --tied through the same table",
    }),
    contextInput: setting(flag(false), { help: "without attention: each step reads the source's vector" }),
    pooling: setting(oneOf(["last", "mean", "attention"], "last"), {
      value: "KIND",
      help: "classify: last, mean or attention: what is made one vector of all states, the label being told from it",
    }),
  },
  /** How recordings become frames, what is done to them in training, and how many frames the encoder reads at once. */
  audio: {
    sampleRate: setting(integerUpTo(1_000_000, 100, 16_000), {
      value: "HZ",
      help: "transcribe: samples a second; recordings of other rates are resampled",
    }),
    bands: setting(integerUpTo(1024, 1, 40), { value: "N", help: "bands of frequency of each frame" }),
    window: setting(milliseconds(25), { value: "MS", help: "of how many milliseconds a frame is made" }),
    hop: setting(milliseconds(10), { value: "MS", help: "milliseconds from one frame to the next" }),
    topDb: setting(positive(80), {
      value: "DB",
      help: "what is fainter than this below a recording's loudest band counts as this",
    }),
    normalize: setting(oneOf(["recording", "band", "none"], "recording"), {
      value: "KIND",
      help: "recording, band or none: what gets mean 0 and variance 1",
    }),
    stack: setting(integer(1, 1), { value: "N", help: "neighbouring frames that the encoder reads at once" }),
    subsample: setting(integer(0, 0), {
      value: "N",
      help: "above how many of the encoder's lowest layers every two outputs are joined",
    }),
    speedPerturbation: setting(between(0, 0.5, 0), {
      value: "P",
      help: "while training, recordings are up to this part faster or slower",
    }),
    noise: setting(orNull(SNR), {
      value: "DB",
      help: "the same, white noise of at least this signal-to-noise ratio, up to 60",
    }),
    shift: setting(between(0, 60_000, 0), {
      value: "MS",
      help: "the same, more silence at each end, at most; or up to half of it cut off",
    }),
    filterAugment: setting(
      { ...DECIBELS, initial: 0 },
      { value: "DB", help: "the same, bands louder or fainter by up to this" },
    ),
    timeMask: setting(integer(0, 0), { value: "N", help: "the same, two runs of frames masked, of at most N each" }),
    frequencyMask: setting(integer(0, 0), { value: "N", help: "the same of bands" }),
  },
  training: {
    optimizer: setting(oneOf(["adam", "sgd"], "adam"), { value: "KIND", help: "adam or sgd" }),
    lr: setting(nonNegative(0.001), { value: "X", help: "learning rate", mayChange: true }),
    warmupSteps: setting(LEARNING_RATE.warmupSteps, {
      value: "N",
      help: "first steps, over which the learning rate rises in a line",
    }),
    lrDecay: setting(LEARNING_RATE.lrDecay, {
      value: "KIND",
      help: "none, linear (to 0 at the end of all epochs), plateau (at validations that are no better) or step",
    }),
    lrDecayFactor: setting(LEARNING_RATE.lrDecayFactor, {
      value: "X",
      help: "plateau, step: what the learning rate is multiplied by",
    }),
    lrDecayPatience: setting(LEARNING_RATE.lrDecayPatience, {
      value: "N",
      help: "plateau: how many validations in a row without a better one it takes",
    }),
    lrDecayStart: setting(LEARNING_RATE.lrDecayStart, {
      value: "E",
      help: "step: epochs before the first time",
    }),
    lrDecayEvery: setting(LEARNING_RATE.lrDecayEvery, {
      value: "E",
      help: "step: epochs, or parts of one, from each time to the next",
    }),
    weightDecay: setting(nonNegative(0), { value: "X", help: "L2 penalty of all weights" }),
    initScale: setting(nonNegative(0), {
      value: "X",
      help: "all first weights uniform in ±X; 0: as each layer has them",
    }),
    batchSize: setting(limit(integer(1, 64)), {
      value: "N",
      help: "pairs a step; Infinity: as many as the tokens allow",
    }),
    batchTokens: setting(integer(1, BATCH_TOKENS), {
      value: "N",
      help: "tokens (or frames) a side and step, padding included",
    }),
    clipNorm: setting(limit(positive(1)), { value: "X", help: "largest norm of the gradients" }),
    skipNonfinite: setting(integer(0, 0), {
      value: "N",
      help: "skip up to N steps in a row whose loss or a gradient is not finite",
      mayChange: true,
    }),
    lossReduction: setting(oneOf(["token", "sentence"], "token"), {
      value: "KIND",
      help: "token or sentence: of what a gradient is the mean, before it is clipped",
    }),
    labelSmoothing: setting(fraction(0), { value: "P", help: "probability spread over all words, in training" }),
    teacherForcing: setting(fraction(1), { value: "P", help: "how often the decoder reads the reference" }),
    sequenceLength: setting(integer(1, 64), {
      value: "N",
      help: "generate: over how many tokens a gradient goes back",
    }),
    ema: setting(belowOne(0), {
      value: "P",
      help: "decay of a moving average of the weights, which is validated and kept in their place; 0: none",
    }),
    averageCheckpoints: setting(integer(1, 1), {
      value: "N",
      help: "in the end, average the weights of N validations, and keep that if it is better",
    }),
    averageOf: setting(oneOf(["best", "last"], "best"), { value: "KIND", help: "of which validations: best or last" }),
  },
  run: {
    epochs: setting(integer(1, 10), { value: "N", help: "passes over the data", mayChange: true }),
    validateEvery: setting(limit(integer(1)), { value: "N", help: "validate every N steps (every epoch)" }),
    patience: setting(limit(integer(1)), {
      value: "N",
      help: "stop after N validations without a better one",
      mayChange: true,
    }),
    maxMinutes: setting(limit(positive()), { value: "M", help: "stop after this time", mayChange: true }),
    detectAnomaly: setting(flag(false), {
      help: "name the op that made the first number that is not finite, if there is one (slower)",
      mayChange: true,
    }),
    seed: setting(integer(0, 0), { value: "N", help: "the same seed gives the same model" }),
    threads: setting(limit(integerUpTo(64, 1)), {
      value: "N",
      help: "processor cores to use; results are the same for any number (all)",
      mayChange: true,
    }),
  },
  /** What a run began with. A resumed one has to draw the same sentences from the built-in corpus. */
  data: {
    level: setting(orNull(integerUpTo(3, 1)), { value: "N", help: "train on the built-in corpus: 1, 2 or 3" }),
    size: setting(integer(100, 20_000), { value: "N", help: "pairs drawn from the built-in corpus" }),
    sourceEmbeddings: setting(orNull(text()), {
      value: "FILE",
      help: "word vectors that the source's embedding begins with: a word and its numbers on each line",
    }),
    targetEmbeddings: setting(orNull(text()), { value: "FILE", help: "the same for the target's" }),
  },
} as const;

type ValuesOf<Group> = { readonly [Name in keyof Group]: Group[Name] extends Setting<infer T> ? T : never };

/** What a model is for. */
export type TaskName = ValuesOf<(typeof SETTINGS)["task"]>["task"];
export type TextSettings = ValuesOf<(typeof SETTINGS)["text"]>;
export type ModelSettings = ValuesOf<(typeof SETTINGS)["model"]>;
export type AudioSettings = ValuesOf<(typeof SETTINGS)["audio"]>;
export type TrainingSettings = ValuesOf<(typeof SETTINGS)["training"]>;
export type RunSettings = ValuesOf<(typeof SETTINGS)["run"]>;
export type DataSettings = ValuesOf<(typeof SETTINGS)["data"]>;
/** A value for each setting. */
export type Settings = { readonly task: TaskName } & TextSettings &
  ModelSettings &
  AudioSettings &
  TrainingSettings &
  RunSettings &
  DataSettings;
export type SettingName = keyof Settings;

/** All rows of the table, by name. */
export const settingsByName = Object.assign({}, ...Object.values(SETTINGS)) as {
  readonly [Name in SettingName]: Setting<Settings[Name]>;
};
export const settingNames = Object.keys(settingsByName) as SettingName[];

export const defaultSettings = fill<Settings>((name) => settingsByName[name].initial);

/** A record with a value for each setting. */
export function fill<T>(pick: (name: SettingName) => unknown): T {
  return Object.fromEntries(settingNames.map((name) => [name, pick(name)])) as T;
}
