import { Adam } from "../../optim/adam.js";
import { Generator } from "../../tensor/random.js";
import type { JudgingPairs, Languages, PreparedPairs } from "../data/encode.js";
import { prepareCorpus, type TextOptions } from "../data/prepare.js";
import type { TextPair } from "../data/readPairs.js";
import { checkWritable, fileSystem, writeAtomic } from "../files/disk.js";
import { CHECKPOINT, checkReplaceable } from "../files/modelFolder.js";
import { bleu } from "../metrics/index.js";
import { Seq2Seq, type Seq2SeqConfig } from "../models/seq2seq.js";
import { EOS } from "../text/vocabulary.js";
import { evaluateLoss } from "../training/evaluate.js";
import { type StepReport, Trainer, type TrainerOptions } from "../training/trainer.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, restoreCheckpoint } from "./checkpoint.js";
import { isBetter, type Score } from "./score.js";
import { resolveSettings, type SettingChange, type Settings } from "./settings.js";
import { leastSize, Translator } from "./translator.js";

export interface TrainTranslatorOptions extends TextOptions, Omit<TrainerOptions, "generator"> {
  readonly train: readonly TextPair[];
  /** Judges each epoch. Default: a twentieth of the training sources, at most 1,000, set aside. */
  readonly valid?: readonly TextPair[];
  /** Where the model folder goes. */
  readonly folder: string;
  /** Whether a model in `folder` may be replaced; what is not a model's never is. */
  readonly overwrite?: boolean;
  /**
   * Goes on from the checkpoint in `folder`, with the same data. What shapes the run stays as it began: an option left
   * out is taken from the checkpoint, another value than the one there is refused.
   */
  readonly resume?: boolean;
  /** `hiddenSize` is 256 unless given. */
  readonly model?: Partial<Omit<Seq2SeqConfig, "inputSize" | "outputSize">>;
  readonly reverseSource?: boolean;
  /** Longer sentences, in tokens, are left out and counted. Default 60. */
  readonly maxLength?: number;
  /** Adam's. Default 0.001. */
  readonly lr?: number;
  /** Default 10. */
  readonly epochs?: number;
  /** Stops after this many validations without a better one. Default: never. */
  readonly patience?: number;
  /** Stops after this time, with a last validation. Default: none. */
  readonly maxMinutes?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  onStart?(report: StartReport): void;
  onStep?(report: StepReport): void;
  onValidation?(report: ValidationReport): void;
}

/** What there is to train on. */
export interface StartReport {
  readonly train: PreparedPairs;
  readonly valid: PreparedPairs;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parameters: number;
  /** Epochs that were done before, in a resumed run. */
  readonly doneEpochs: number;
  readonly settings: Settings;
  /** What a resumed run does in another way than it began. */
  readonly changed: readonly SettingChange[];
}

export interface ValidationReport extends Score {
  readonly epoch: number;
  /** Mean training loss of the epoch; null when it was cut short. */
  readonly trainLoss: number | null;
  /** Whether this is the best so far, and so has been saved. */
  readonly best: boolean;
}

export interface TrainTranslatorResult {
  /** The best model, as saved. */
  readonly translator: Translator;
  readonly best: Score;
  readonly end: "finished" | "stopped" | "aborted";
}

/** Sentences translated for an epoch's BLEU. */
const BLEU_SENTENCES = 1000;

/**
 * Trains a translator on pairs of raw text, and keeps the best model (by validation BLEU from 5 on, then by loss) in a
 * folder, with a checkpoint beside it to resume from. Stops early at the signal or when the time is up, with a last validation.
 *
 * Throws `Error` when the folder holds something that may not be replaced or cannot be written, when there is nothing to
 * train on, when a resumed run is not the one that began, and when a loss or a gradient is no longer finite; the best
 * model so far is then in the folder. Throws `RangeError` on options out of range.
 */
export async function trainTranslator(options: TrainTranslatorOptions): Promise<TrainTranslatorResult> {
  const { folder, overwrite = false, resume = false, signal } = options;
  const given: Partial<Settings> = { ...options, ...options.model };
  resolveSettings(given); // finds bad values before anything is read
  if (!resume) checkReplaceable("train", folder, overwrite, "overwrite replaces a model, resume goes on with it");
  try {
    checkWritable(resume ? `${folder}/${CHECKPOINT}` : folder);
  } catch (error) {
    throw new Error(`train: ${(error as Error).message}`, { cause: error });
  }
  const generator = new Generator();
  const began = resume ? readRun(folder, generator) : null;
  const { settings, changed } = resolveSettings(given, began?.checkpoint.header.settings);
  generator.manualSeed(settings.seed);
  const { train, valid, ...languages } = await prepareCorpus({
    train: options.train,
    valid: options.valid,
    holdOut: BLEU_SENTENCES,
    generator,
    languages: began?.translator,
    text: settings,
    maxLength: settings.maxLength,
    reverseSource: settings.reverseSource,
  });
  for (const [what, pairs] of Object.entries({ training: train, validation: valid })) {
    if (pairs.pairs.length > 0) continue;
    const left = `${pairs.empty} empty and ${pairs.tooLong} over-long were left out`;
    const aside = pairs === train && !options.valid ? `${valid.pairs.length} set aside for validation, ` : "";
    throw new Error(`train: expected at least one ${what} pair, got none (${aside}${left})`);
  }

  checkVocabularies(languages, settings.minFrequency);
  const translator = began?.translator ?? build(settings, languages, generator);
  const { model } = translator;
  const trainer = new Trainer(model, new Adam(model.parameters(), { lr: settings.lr }), train.pairs, {
    ...settings,
    generator,
  });
  let best: Score | null = null;
  let sinceBest = 0;
  if (began) {
    ({ best, sinceBest } = inCheckpoint(folder, () => restoreCheckpoint(began.checkpoint, trainer, valid.pairs)));
    trainer.optimizer.lr = settings.lr;
  }
  options.onStart?.({
    train,
    valid,
    inputSize: model.config.inputSize,
    outputSize: model.config.outputSize,
    parameters: model.parameters().reduce((count, { data }) => count + data.length, 0),
    doneEpochs: trainer.progress.epoch,
    settings,
    changed,
  });

  let saved = resume;
  const validate = (epoch: number, trainLoss: number | null): void => {
    const score = { loss: evaluateLoss(model, valid.pairs), bleu: validationBleu(translator, valid) };
    // The last update of an epoch may break what every step before it found whole.
    if (!Number.isFinite(score.loss)) {
      throw new Error(
        `train: expected a finite validation loss, got ${score.loss} in epoch ${epoch}. A lower learning rate may help`,
      );
    }
    const isBest = best === null || isBetter(score, best);
    if (isBest) {
      best = score;
      sinceBest = 0;
      // The rest of the folder does not change while training; only a first save has to make it.
      if (saved) writeAtomic(`${folder}/model.safetensors`, translator.files()["model.safetensors"]);
      else translator.save(folder, { overwrite });
      saved = true;
    } else if (trainLoss !== null) sinceBest++; // an epoch cut short may still become a better one
    writeAtomic(`${folder}/${CHECKPOINT}`, encodeCheckpoint(trainer, { best, sinceBest }, settings, valid.pairs));
    options.onValidation?.({ ...score, epoch, trainLoss, best: isBest });
  };

  const deadline = performance.now() + settings.maxMinutes * 60_000;
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  const isOutOfPatience = (): boolean => sinceBest >= settings.patience;
  let end: TrainTranslatorResult["end"] = "stopped";
  try {
    // A resumed run may have ended already.
    if (!isOutOfPatience())
      end = await trainer.run({
        epochs: settings.epochs,
        signal: stopping.signal,
        onStep: (report) => {
          options.onStep?.(report);
          if (performance.now() > deadline) stop();
        },
        onEpoch: (epoch, loss) => {
          validate(epoch, loss);
          return isOutOfPatience() ? "stop" : undefined;
        },
      });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  if (end === "aborted") {
    // Between two epochs, these weights have been validated already.
    if (trainer.progress.step > 0 || !best) validate(trainer.progress.epoch + 1, null);
    if (!signal?.aborted) end = "stopped";
  }
  if (!best) validate(trainer.progress.epoch, null);
  return { translator: Translator.load(folder), best: best as unknown as Score, end };
}

/** What a run left in its folder. */
function readRun(folder: string, generator: Generator): { translator: Translator; checkpoint: Checkpoint } {
  const translator = Translator.load(folder, { generator });
  const read = (): Checkpoint => decodeCheckpoint(fileSystem().readFileSync(`${folder}/${CHECKPOINT}`));
  return { translator, checkpoint: inCheckpoint(folder, read) };
}

function inCheckpoint<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`resume: ${folder}/${CHECKPOINT}: ${(error as Error).message}`, { cause: error });
  }
}

function build(settings: Settings, languages: Languages, generator: Generator): Translator {
  const { cell, hiddenSize, numLayers, bidirectional, dropout, reverseSource } = settings;
  const sizes = { inputSize: languages.source.vocabulary.size, outputSize: languages.target.vocabulary.size };
  const config = { ...sizes, cell, hiddenSize, numLayers, bidirectional, dropout };
  // A tensor has to fit into one array; millions of layers would be built one by one until memory ran out.
  const numbers = leastSize(config);
  if (numbers > 2 ** 31)
    throw new RangeError(`train: expected a model of at most 2^31 numbers, got ${numbers} or more`);
  const model = new Seq2Seq(config, { generator });
  return new Translator({ model, ...languages, reverseSource });
}

/** Throws `Error` when every token of a side is unknown, and so nothing can be learnt. */
function checkVocabularies({ source, target }: Languages, minFrequency: number): void {
  for (const [side, { vocabulary }] of Object.entries({ source, target })) {
    if (vocabulary.size > EOS + 1) continue; // it has more than the specials
    throw new Error(`train: expected a ${side} token seen at least minFrequency ${minFrequency} times, got none`);
  }
}

function validationBleu(translator: Translator, { pairs, sourceText, targetText }: JudgingPairs): number {
  const sample = Array.from({ length: Math.min(pairs.length, BLEU_SENTENCES) }, (_, i) => i);
  return bleu(translator.translate(sample.map(sourceText)), sample.map(targetText)).score;
}
