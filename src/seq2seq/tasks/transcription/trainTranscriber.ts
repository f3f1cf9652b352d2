import { checkOptions, type OptionTable } from "../../../options.js";
import { show } from "../../../show.js";
import { Generator } from "../../../tensor/random.js";
import type { FrameOptions } from "../../audio/soundFrames.js";
import type { Utterance } from "../../data/utterances.js";
import type { Files } from "../../files/store.js";
import { checkFrameModel, FrameSeq2Seq, type FrameSeq2SeqConfig } from "../../models/frameSeq2seq.js";
import { UNK, Vocabulary } from "../../text/index.js";
import { tokenId } from "../../text/language.js";
import { makeTokenizer } from "../../text/tokenizerFromJSON.js";
import type { RunEnd } from "../../training/events.js";
import { checkModelSize, chosen } from "../modelSettings.js";
import { resolveSettings, settingsAmong } from "../resolveSettings.js";
import {
  type AudioSettings,
  type DataSettings,
  type ModelSettings,
  SETTINGS,
  type SettingName,
  type Settings,
} from "../settings.js";
import { type TrainOptions, type TrainStart, trainModel, trainOptionTable } from "../trainModel.js";
import { checkUtterances } from "./checkUtterances.js";
import type { TranscriptionScore } from "./score.js";
import { TRANSCRIBER_FILES, Transcriber } from "./transcriber.js";
import { type TrainingUtterances, TranscriptionTask } from "./transcriptionTask.js";

/** Settings of `SETTINGS` that transcription has may stand here, those of the model in `model`. */
export interface TrainTranscriberOptions
  extends TrainOptions<TranscriptionScore>,
    Partial<Omit<Settings, keyof ModelSettings | keyof DataSettings | "task">> {
  /** Recordings and their texts; or what draws those of an epoch, such as from a few recordings many that are joined. */
  readonly train: TrainingUtterances;
  /** Judges the model at each validation. Default: a twentieth of `train`, which is not trained on then. */
  readonly valid?: readonly Utterance[];
  readonly model?: Partial<ModelSettings>;
  onStart?(report: TranscriberStart): void;
}

/** What there is to train on. */
export interface TranscriberStart extends TrainStart {
  /** In an epoch. */
  readonly trainUtterances: number;
  readonly validUtterances: number;
  /** Size of the vocabulary. */
  readonly outputSize: number;
  /** Tokens of validation texts that it lacks, each once: these the model never writes. */
  readonly unknown: readonly string[];
}

export interface TrainTranscriberResult {
  /** The best model, as saved. */
  readonly transcriber: Transcriber;
  readonly best: TranscriptionScore;
  readonly end: RunEnd;
}

const OPTIONS: OptionTable<TrainTranscriberOptions> = {
  ...trainOptionTable,
  ...{ ...SETTINGS.text, ...SETTINGS.audio, ...SETTINGS.training, ...SETTINGS.run },
};

/** Utterances of a first draw, whose texts make the vocabulary. */
type Drawn = {
  readonly train: TrainingUtterances;
  readonly first: readonly Utterance[];
  readonly valid: readonly Utterance[];
};

/**
 * Trains a model that writes down what is said, by characters unless `tokenizer` says otherwise, and keeps the best one, by
 * the word error rate of validation recordings, in a folder or another store with a checkpoint beside it. Throws as
 * {@link trainTranslator} does.
 *
 * @example
 * const train = files.map((file) => ({ sound: readWav(readFileSync(file), file), text: textOf(file) }));
 * const { transcriber } = await trainTranscriber({ train, sampleRate: 8000, stack: 3, model: { bidirectional: true } });
 */
export async function trainTranscriber(options: TrainTranscriberOptions): Promise<TrainTranscriberResult> {
  checkOptions("train", OPTIONS, options);
  const given = settingsAmong({ ...options, ...options.model, task: "transcribe" });
  const { settings } = resolveSettings(given);
  if (!options.resume) checkTranscriberSettings(settings);
  const { trained, best, end } = await trainModel<Transcriber, TranscriptionScore>(given, options, {
    fileNames: TRANSCRIBER_FILES,
    fromFiles: Transcriber.fromFiles,
    prepare: async (settings, generator, began) => prepare(options, settings, generator, began),
  });
  return { transcriber: trained, best, end };
}

function prepare(
  options: TrainTranscriberOptions,
  settings: Settings,
  generator: Generator,
  began: Transcriber | null,
) {
  const tokenizer =
    began?.language.tokenizer ?? makeTokenizer({ kind: settings.tokenizer, lowercase: settings.lowercase });
  const { train, first, valid } = drawn(options, settings.seed);
  checkUtterances("training recording", first, tokenizer);
  if (options.valid === undefined && valid.length === 0) {
    throw new RangeError("train: expected two training recordings or more, or some to validate, got 1");
  }
  checkUtterances("validation recording", valid, tokenizer);
  const owner = began ?? build(first, settings, generator);
  const tokens = valid.flatMap(({ text }) => tokenizer.tokenize(text));
  const unknown = [...new Set(tokens)].filter((token) => tokenId(owner.language, token) === UNK);
  return {
    trained: owner,
    task: (files: Files) => new TranscriptionTask(owner, train, valid, { ...settings, generator, files }),
    onStart: (start: TrainStart) =>
      options.onStart?.({
        ...start,
        ...{ trainUtterances: first.length, validUtterances: valid.length },
        ...{ outputSize: owner.model.config.outputSize, unknown },
      }),
  };
}

/** What to train on and to judge by; a resumed run finds the same. */
function drawn({ train, valid }: Pick<TrainTranscriberOptions, "train" | "valid">, seed: number): Drawn {
  const generator = new Generator(seed);
  if (typeof train === "function") {
    const draw = (): readonly Utterance[] => {
      const utterances = train(generator);
      if (Array.isArray(utterances)) return utterances;
      throw new TypeError(
        `train: expected a function that draws a list of recordings, got ${show(utterances)} from it`,
      );
    };
    const first = draw();
    return { train, first, valid: valid ?? draw().slice(0, Math.ceil(first.length / 20)) };
  }
  if (valid !== undefined || !Array.isArray(train)) return { train, first: train, valid: valid ?? [] };
  const order = generator.shuffle([...train] as Utterance[]);
  const count = Math.min(order.length - 1, Math.ceil(order.length / 20));
  const rest = order.slice(count);
  return { train: rest, first: rest, valid: order.slice(0, count) };
}

function build(utterances: readonly Utterance[], settings: Settings, generator: Generator): Transcriber {
  const tokenizer = makeTokenizer({ kind: settings.tokenizer, lowercase: settings.lowercase });
  const { minFrequency, maxVocabulary: maxSize } = settings;
  const tokens = utterances.map(({ text }) => tokenizer.tokenize(text));
  const vocabulary = Vocabulary.build(tokens, { minFrequency, maxSize });
  const config = { features: settings.bands, outputSize: vocabulary.size, ...frameModelConfig(settings) };
  checkModelSize(config);
  const model = new FrameSeq2Seq(config, { generator });
  return new Transcriber({ model, language: { tokenizer, vocabulary }, frames: framesOf(settings) });
}

/** How frames are made, by the settings. */
function framesOf({ sampleRate, window, hop, bands, topDb, normalize }: AudioSettings): FrameOptions {
  return { sampleRate, window, hop, bands, topDb, normalize };
}

/** Throws `RangeError` on settings of a transcriber that do not go together, calling one what `nameOf` says. */
export function checkTranscriberSettings(settings: Settings, nameOf = (name: SettingName): string => name): void {
  if (settings.tied === "all") {
    throw new RangeError(`train: expected ${nameOf("tied")} none or decoder, as sources are sound, got all`);
  }
  checkFrameModel(frameModelConfig(settings), "train", nameOf as (name: string) => string);
}

const MODEL_NAMES = [
  ...(["hiddenSize", "cell", "numLayers", "bidirectional", "layerNorm", "residual", "embeddingSize"] as const),
  ...(["stack", "subsample", "initialState", "attention", "inputFeeding", "conditional", "contextInput"] as const),
  ...(["dropout", "embeddingDropout", "contextDropout", "outputDropout", "wordDropout"] as const),
];

/** The config of the model that settings ask for. */
function frameModelConfig(settings: Settings): Omit<FrameSeq2SeqConfig, "features" | "outputSize"> {
  return {
    ...chosen(settings, MODEL_NAMES),
    tied: settings.tied === "none" ? "none" : "decoder",
    // Of sounds that are alike it is their order that tells which comes next: without it, one dialled string in twenty had
    // parts twice or not at all.
    positionalEncoding: true,
  };
}
