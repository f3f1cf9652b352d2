import {
  asObject,
  belowOne,
  checkOption,
  checkOptions,
  finite,
  flag,
  fraction,
  integer,
  integerUpTo,
  limit,
  nonNegative,
  type OptionTable,
  oneOf,
  orNull,
  positive,
  text,
  upTo,
} from "../../options.js";
import { show } from "../../show.js";
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
    normalize: setting(oneOf(["recording", "band", "none"], "recording"), {
      value: "KIND",
      help: "recording, band or none: what gets mean 0 and variance 1",
    }),
    stack: setting(integer(1, 1), { value: "N", help: "neighbouring frames that the encoder reads at once" }),
    subsample: setting(integer(0, 0), {
      value: "N",
      help: "above how many of the encoder's lowest layers every two outputs are joined",
    }),
    speedPerturbation: setting(upTo(0.5, 0), {
      value: "P",
      help: "while training, recordings are up to this part faster or slower",
    }),
    noise: setting(orNull(finite()), {
      value: "DB",
      help: "the same, white noise of at least this signal-to-noise ratio, up to 40",
    }),
    shift: setting(nonNegative(0), { value: "MS", help: "the same, silence before and after, at most" }),
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
const NAMES = Object.keys(settingsByName) as SettingName[];

export const defaultSettings = fill<Settings>((name) => settingsByName[name].initial);

/** What generation has of the table's text and model. */
const OF_GENERATION: ReadonlySet<SettingName> = new Set<SettingName>([
  ...(["tokenizer", "lowercase", "minFrequency", "maxVocabulary"] as const),
  ...(["cell", "hiddenSize", "embeddingSize", "numLayers", "layerNorm", "residual", "tied"] as const),
  ...(["dropout", "embeddingDropout", "outputDropout", "wordDropout"] as const),
]);
/** What transcription has of them. */
const OF_TRANSCRIPTION: ReadonlySet<SettingName> = new Set<SettingName>([
  ...OF_GENERATION,
  ...(["bidirectional", "contextDropout", "initialState", "attention"] as const),
  ...(["inputFeeding", "conditional", "contextInput"] as const),
]);
/** What classification has of them. */
const OF_CLASSIFICATION: ReadonlySet<SettingName> = new Set<SettingName>([
  ...(["tokenizer", "lowercase", "minFrequency", "maxVocabulary"] as const),
  ...([
    "cell",
    "hiddenSize",
    "embeddingSize",
    "numLayers",
    "bidirectional",
    "layerNorm",
    "residual",
    "pooling",
  ] as const),
  ...(["dropout", "embeddingDropout", "outputDropout", "wordDropout"] as const),
]);
/** What a task has not of the model's (translation) or of the training's settings. */
const NOT_OF: Readonly<Record<TaskName, ReadonlySet<SettingName>>> = {
  translate: new Set<SettingName>(["sequenceLength", "pooling"]),
  generate: new Set<SettingName>(["batchTokens", "lossReduction", "labelSmoothing", "teacherForcing", "initScale"]),
  transcribe: new Set<SettingName>(["sequenceLength", "lossReduction", "initScale"]),
  classify: new Set<SettingName>(["sequenceLength", "lossReduction", "teacherForcing", "initScale"]),
};

/** Whether a task knows a setting. */
export function hasSetting(task: TaskName, name: SettingName): boolean {
  if (NOT_OF[task].has(name)) return false;
  const isAmong = (...groups: readonly object[]): boolean => groups.some((group) => Object.hasOwn(group, name));
  if (isAmong(SETTINGS.task, SETTINGS.training, SETTINGS.run)) return true;
  if (task === "translate") return !isAmong(SETTINGS.audio);
  if (task === "classify") return OF_CLASSIFICATION.has(name);
  return task === "generate" ? OF_GENERATION.has(name) : isAmong(SETTINGS.audio) || OF_TRANSCRIPTION.has(name);
}

/** What a task begins with where it is not what translation does. */
function initialOf(task: TaskName): Partial<Settings> {
  return task === "translate" || task === "classify" ? {} : { tokenizer: "character" };
}

/** A setting that a resumed run was given another value for than it had. */
export interface SettingChange {
  readonly name: SettingName;
  readonly from: Settings[SettingName];
  readonly to: Settings[SettingName];
}

/**
 * The settings of a run: those given and, for the others, those that a resumed run `began` with, or the defaults.
 * Throws `TypeError` on an unknown name, `RangeError` on a value out of range, and `Error` on one that a resumed run may not change, which it calls what
 * `nameOf` says.
 *
 * @example
 * resolveSettings({ lr: 0.01 }).settings.batchSize; // 64
 * resolveSettings({ epochs: 20 }, began).changed; // [{ name: "epochs", from: 10, to: 20 }]
 */
export function resolveSettings(
  given: Partial<Settings>,
  began?: Settings,
  nameOf = (name: SettingName): string => name,
): { readonly settings: Settings; readonly changed: readonly SettingChange[] } {
  checkOptions("train", settingsByName as OptionTable<Settings>, given);
  const task = given.task ?? began?.task ?? defaultSettings.task;
  const initial = began ?? { ...defaultSettings, ...initialOf(task) };
  const settings = fill<Settings>((name) => (given[name] === undefined ? initial[name] : given[name]));
  const isForeign = (name: SettingName): boolean =>
    given[name] !== undefined && given[name] !== defaultSettings[name] && !hasSetting(task, name);
  const foreign = NAMES.find(isForeign);
  if (foreign) {
    const got = show(given[foreign]);
    throw new RangeError(`train: expected no ${nameOf(foreign)} with ${nameOf("task")} ${task}, got ${got}`);
  }
  const changed = began ? NAMES.filter((name) => settings[name] !== began[name]) : [];
  for (const name of changed) {
    if (settingsByName[name].mayChange) continue;
    const [from, to] = [began?.[name], settings[name]].map(show);
    throw new Error(`resume: expected ${nameOf(name)} ${from}, which the run began with, got ${to}`);
  }
  return { settings, changed: changed.map((name) => ({ name, from: began![name], to: settings[name] })) };
}

/** Settings as a checkpoint keeps them: JSON has no infinity. */
export function settingsToJSON(settings: Settings): object {
  return fill<object>((name) => (settings[name] === Number.POSITIVE_INFINITY ? "Infinity" : settings[name]));
}

/**
 * The settings that {@link settingsToJSON} wrote; one that there was not yet has its default, which is what was done then.
 * Throws an error that begins with `where` on anything else.
 */
export function settingsFromJSON(json: unknown, where = "settings"): Settings {
  const given = asObject(where, "an object", json);
  return fill<Settings>((name) => {
    if (!Object.hasOwn(given, name)) return defaultSettings[name];
    const value = given[name] === "Infinity" ? Number.POSITIVE_INFINITY : given[name];
    checkOption(where, name, settingsByName[name], value);
    return value;
  });
}

/** Those of some options that are settings. */
export function settingsAmong(options: object): Partial<Settings> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(settingsByName, name)));
}

/** A record with a value for each setting. */
function fill<T>(pick: (name: SettingName) => unknown): T {
  return Object.fromEntries(NAMES.map((name) => [name, pick(name)])) as T;
}
