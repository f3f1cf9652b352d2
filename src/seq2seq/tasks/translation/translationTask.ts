import type { Generator } from "../../../tensor/random.js";
import { type Batch, makeBatch } from "../../data/batch.js";
import { bucketedBatches } from "../../data/bucket.js";
import { type Pairs, pick } from "../../data/pairs.js";
import { takeApart } from "../../data/subwords.js";
import type { Files } from "../../files/store.js";
import { evaluateLoss } from "../../training/evaluate.js";
import { freeRunningInput } from "../../training/freeRunning.js";
import type { Batches, BatchLoss, Task } from "../../training/task.js";
import { fingerprint } from "../fingerprint.js";
import { type Criterion, criterionFor, isBetter, type Score, scoresOf } from "../score.js";
import type { Translator } from "./translator.js";

/** Validation pairs: as ids for the loss, and as texts for the translations' scores. */
export interface ValidationPairs {
  readonly pairs: Pairs;
  readonly sources: readonly string[];
  /** In the form that the model can write (`normalForm`). */
  readonly references: readonly string[];
}

export interface TranslationTaskOptions {
  /** Pairs a batch, at most. */
  readonly batchSize: number;
  /** Tokens a batch on either side, padding included, at most; a longer pair is a batch of its own. */
  readonly batchTokens: number;
  readonly labelSmoothing: number;
  /**
   * Whether gradients are those of the loss a target token or a sentence: Sutskever et al. (2014) clip the latter.
   * Losses are told a token in any case. Default "token".
   */
  readonly lossReduction?: "token" | "sentence";
  /**
   * How likely a batch is to be read from the reference rather than from the model's own words (Williams and Zipser,
   * 1989; Bengio et al., 2015), from 0 to 1.
   */
  readonly teacherForcing: number;
  /** What an epoch reads in place of the training pairs: the same ones, cut anew by BPE dropout. */
  readonly resample?: (generator: Generator) => Pairs;
  /** Cuts and orders the batches, and draws for dropout if the model was given the same one. */
  readonly generator: Generator;
  /** Files to keep beside the translator's. */
  readonly files?: Files;
}

/** Sentences translated for a validation's scores. */
export const SCORED_SENTENCES = 1000;

/** Training a {@link Translator} on pairs of sentences, as a `run` sees it. */
export class TranslationTask implements Task<Batch> {
  readonly model: Translator["model"];
  readonly generator: Generator;
  readonly identity: Readonly<Record<string, number>>;
  readonly criterion: Criterion;
  readonly #translator: Translator;
  readonly #train: Pairs;
  readonly #valid: ValidationPairs;
  readonly #options: TranslationTaskOptions;

  constructor(translator: Translator, train: Pairs, valid: ValidationPairs, options: TranslationTaskOptions) {
    this.model = translator.model;
    this.generator = options.generator;
    this.identity = {
      "training pairs": fingerprint(idsOf(train)),
      "validation pairs": fingerprint(idsOf(valid.pairs)),
    };
    this.criterion = criterionFor(valid.references);
    this.#translator = translator;
    this.#train = train;
    this.#valid = valid;
    this.#options = options;
  }

  batches(): Batches<Batch> {
    const { batchSize, batchTokens, resample } = this.#options;
    const train = resample?.(this.generator) ?? this.#train;
    const groups = bucketedBatches(train, { batchSize, batchTokens }, this.generator);
    return {
      length: groups.length,
      at: (index) => makeBatch(pick(train, groups[index])),
    };
  }

  loss(batch: Batch): BatchLoss {
    const { labelSmoothing, teacherForcing, lossReduction = "token" } = this.#options;
    const isForced = teacherForcing === 1 || this.generator.random() < teacherForcing;
    const input = isForced ? batch : { ...batch, targetInput: freeRunningInput(this.model, batch) };
    const count = batch.targets.length;
    const scale = lossReduction === "token" ? 1 : count / batch.targetLengths.length;
    return { loss: this.model.loss(input, { labelSmoothing }), count, scale };
  }

  validate(): Score {
    const { pairs, sources, references } = this.#valid;
    const translations = this.#translator.translate(sources);
    const { words } = takeApart(this.#translator.target.tokenizer);
    const tokenize = words.kind === "space" ? "none" : "13a"; // what is cut at spaces has been tokenised before
    return { loss: evaluateLoss(this.model, pairs), ...scoresOf(translations, references, { tokenize }) };
  }

  isBetter(score: Score, best: Score): boolean {
    return isBetter(score, best, this.criterion);
  }

  files(): Files {
    return { ...this.#translator.files(), ...this.#options.files };
  }
}

/** The ids of all pairs, side by side. */
function* idsOf(pairs: Pairs): Iterable<ArrayLike<number>> {
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs.at(i);
    if (pair) yield* [pair.source, pair.target];
  }
}
