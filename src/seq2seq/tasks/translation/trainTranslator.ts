import { uniform } from "../../../nn/init.js";
import type { Generator } from "../../../tensor/random.js";
import type { JudgingPairs, Languages } from "../../data/encode.js";
import { type Corpus, checkSubwords, prepareCorpus } from "../../data/prepare.js";
import type { Files } from "../../files/store.js";
import { checkModel } from "../../models/config.js";
import { Seq2Seq } from "../../models/seq2seq.js";
import { EOS } from "../../text/vocabulary.js";
import type { RunEnd } from "../../training/events.js";
import { checkModelSize } from "../modelSettings.js";
import { resolveSettings, settingsAmong } from "../resolveSettings.js";
import type { Score } from "../score.js";
import type { Settings } from "../settings.js";
import { type TrainStart, trainModel } from "../trainModel.js";
import { modelConfig } from "./modelConfig.js";
import { withSettled } from "./settled.js";
import { startEmbeddings } from "./startEmbeddings.js";
import { checkTrainOptions, type TrainTranslatorOptions } from "./trainOptions.js";
import { SCORED_SENTENCES, TranslationTask, type ValidationPairs } from "./translationTask.js";
import { TRANSLATOR_FILES, Translator } from "./translator.js";

export interface TrainTranslatorResult {
  /** The best model, as saved. */
  readonly translator: Translator;
  readonly best: Score;
  readonly end: RunEnd;
}

/**
 * Trains a translator on pairs of raw text, and keeps the best model (by validation BLEU where the references can bear it,
 * else by loss) in a folder or another store, with a checkpoint beside it to resume from. Stops early at the signal or when
 * the time is up, with a last validation.
 *
 * Throws `Error` when the folder holds something that may not be replaced, cannot be written or is being written by
 * another run, when there is nothing to train on, when a resumed run is not the one that began, and when a loss or a
 * gradient is no longer finite; the best model so far is then in the store. Throws `RangeError` on settings out of range.
 *
 * @example
 * const { translator } = await trainTranslator({ train: [{ source: "Hi.", target: "Salut." }, …], epochs: 5 });
 */
export async function trainTranslator(options: TrainTranslatorOptions): Promise<TrainTranslatorResult> {
  checkTrainOptions(options);
  const given = withSettled(settingsAmong({ ...options, ...options.model }), options.from);
  // Finds bad values before anything is read; a resumed run's are those of a model that is there.
  const { settings } = resolveSettings(given);
  if (!options.resume) {
    checkSubwords("train", settings);
    checkModel(modelConfig(settings));
  }
  const { trained, best, end } = await trainModel<Translator, Score>(given, options, {
    fileNames: TRANSLATOR_FILES,
    fromFiles: Translator.fromFiles,
    prepare: (settings, generator, began) => prepare(options, settings, generator, began),
  });
  return { translator: trained, best, end };
}

/** Reads the corpus and makes the translator, or goes on with the one that the run `began` with. */
async function prepare(
  options: TrainTranslatorOptions,
  settings: Settings,
  generator: Generator,
  began: Translator | null,
) {
  const corpus = await readCorpus(options, settings, began ?? options.from, generator);
  const translator = began ?? build(settings, corpus, options.from, generator);
  if (!began) await startEmbeddings(translator, settings);
  const { pairs, resample } = corpus.train;
  const { inputSize, outputSize } = translator.model.config;
  return {
    trained: translator,
    task: (files: Files) =>
      new TranslationTask(translator, pairs, judged(corpus.valid), { ...settings, resample, generator, files }),
    onStart: (start: TrainStart) =>
      options.onStart?.({ ...start, train: corpus.train, valid: corpus.valid, inputSize, outputSize }),
  };
}

/** Reads the pairs. Throws `Error` when none is left to train on or to judge by, and when all their words are unknown. */
async function readCorpus(
  options: TrainTranslatorOptions,
  settings: Settings,
  earlier: Translator | undefined,
  generator: Generator,
): Promise<Corpus> {
  const corpus = await prepareCorpus({
    train: options.train,
    valid: options.valid,
    holdOut: SCORED_SENTENCES,
    generator,
    languages: earlier,
    text: {
      tokenizer: settings.tokenizer,
      lowercase: settings.lowercase,
      subwords: settings.subwords,
      jointSubwords: settings.jointSubwords,
      subwordDropout: settings.subwordDropout,
      minFrequency: settings.minFrequency,
      maxVocabulary: settings.maxVocabulary,
    },
    maxLength: settings.maxLength,
    reverseSource: settings.reverseSource,
    onProgress: options.onReading,
  });
  const { train, valid } = corpus;
  for (const [what, { pairs, empty, tooLong }] of Object.entries({ training: train, validation: valid })) {
    if (pairs.length > 0) continue;
    const aside = what === "training" && !options.valid ? `${valid.pairs.length} set aside for validation, ` : "";
    const left = `${aside}${empty} empty and ${tooLong} over-long were left out`;
    throw new Error(`train: expected at least one ${what} pair, got none (${left})`);
  }
  for (const side of ["source", "target"] as const) {
    if (corpus[side].vocabulary.size > EOS + 1) continue; // it has more than the specials
    const least = settings.minFrequency;
    throw new Error(`train: expected a ${side} token seen at least minFrequency ${least} times, got none`);
  }
  return corpus;
}

function build(
  settings: Settings,
  languages: Languages,
  from: Translator | undefined,
  generator: Generator,
): Translator {
  const { source, target } = languages;
  const sizes = { inputSize: source.vocabulary.size, outputSize: target.vocabulary.size };
  const config = { ...sizes, ...modelConfig(settings) };
  if (config.tied === "all") checkOneVocabulary(languages);
  checkModelSize(config);
  const model = new Seq2Seq(config, { generator });
  if (from) model.loadStateDict(from.model.stateDict());
  else if (settings.initScale > 0) uniformWeights(model, settings.initScale, generator);
  return new Translator({
    ...{ model, source, target, reverseSource: settings.reverseSource },
    maxLength: settings.maxLength,
  });
}

/** Gains of layer normalisation stay 1, and its shifts 0: near 0 they would silence every step. */
function uniformWeights(model: Seq2Seq, scale: number, generator: Generator): void {
  for (const [name, parameter] of model.namedParameters()) {
    if (!/\bnorm_/.test(name)) uniform(parameter, -scale, scale, generator);
  }
}

/** Throws `Error` where one table is to stand for the words of both sides, and they have other ids. */
function checkOneVocabulary({ source, target }: Languages): void {
  if (source.vocabulary.equals(target.vocabulary)) return;
  const got = `two, of ${source.vocabulary.size} and ${target.vocabulary.size} tokens`;
  throw new Error(`train: expected one vocabulary for both sides with tied all, got ${got}`);
}

/** The first validation pairs as texts, as many as are translated for the scores, and all of them as ids. */
function judged({ pairs, sourceText, targetText }: JudgingPairs): ValidationPairs {
  const sample = Array.from({ length: Math.min(pairs.length, SCORED_SENTENCES) }, (_, i) => i);
  return { pairs, sources: sample.map(sourceText), references: sample.map(targetText) };
}
