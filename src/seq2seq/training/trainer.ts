import { clipGradNorm } from "../../optim/clipGradNorm.js";
import type { Optimizer } from "../../optim/optimizer.js";
import { defaultGenerator, type Generator, type GeneratorState } from "../../tensor/random.js";
import { scope } from "../../tensor/scope.js";
import { type Batch, makeBatch } from "../data/batch.js";
import { bucketedBatches, checkBatchSize } from "../data/bucket.js";
import { type Pairs, pick } from "../data/pairs.js";
import type { Seq2Seq } from "../models/seq2seq.js";
import { freeRunningInput } from "./freeRunning.js";

export interface TrainerOptions {
  /** Pairs a batch. Default 64. */
  readonly batchSize?: number;
  /** Gradients are scaled down to at most this norm. Default 1; Infinity for never. */
  readonly clipNorm?: number;
  /** Default 0. */
  readonly labelSmoothing?: number;
  /**
   * How likely a batch is to be read from the reference rather than from the model's own words (Williams and Zipser,
   * 1989; Bengio et al., 2015), from 0 to 1. Default 1.
   */
  readonly teacherForcing?: number;
  /** Orders the batches, and draws for dropout if the model was given the same one. */
  readonly generator?: Generator;
}

/** Where a run stands; with the weights, the optimiser's state and the generator's, all that is needed to go on. */
export interface TrainingProgress {
  /** Epochs and, in the one under way, steps that are done. */
  epoch: number;
  step: number;
  /** Steps done in all epochs. */
  totalSteps: number;
  /** Σ loss (nats) and count of the target tokens seen in this epoch. */
  lossSum: number;
  tokens: number;
  /** The generator as it stood before this epoch's batches were ordered. */
  epochStart: GeneratorState;
}

/** One step, as told to `onStep`. */
export interface StepReport {
  readonly epoch: number;
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Mean loss of the batch, in nats a target token. */
  readonly loss: number;
  /** Real target tokens of the batch, EOS included. */
  readonly tokens: number;
}

export interface RunOptions {
  readonly epochs: number;
  /** Called after every step. */
  onStep?(report: StepReport): void;
  /** Called after every epoch with its mean training loss; training ends when it returns "stop". */
  onEpoch?(epoch: number, loss: number): Promise<"stop" | undefined> | "stop" | undefined;
  /** Looked at between steps. */
  readonly signal?: AbortSignal;
}

/** How long steps may follow one another before timers, signals and a page's drawing get their turn. */
const BREATH_MS = 100;

/**
 * Trains a model on encoded pairs, step by step.
 *
 * @example
 * const trainer = new Trainer(model, new Adam(model.parameters()), pairs, { batchSize: 32 });
 * await trainer.run({ epochs: 10, onEpoch: (epoch, loss) => console.log(epoch, loss) });
 */
export class Trainer {
  readonly model: Seq2Seq;
  readonly optimizer: Optimizer;
  readonly pairs: Pairs;
  readonly generator: Generator;
  readonly progress: TrainingProgress;
  readonly #options: Required<Omit<TrainerOptions, "generator">>;

  /** Throws `RangeError` on no pairs and on options out of range. */
  constructor(model: Seq2Seq, optimizer: Optimizer, pairs: Pairs, options: TrainerOptions = {}) {
    const {
      batchSize = 64,
      clipNorm = 1,
      labelSmoothing = 0,
      teacherForcing = 1,
      generator = defaultGenerator,
    } = options;
    if (pairs.length === 0) throw new RangeError("Trainer: expected at least one pair, got none");
    checkBatchSize("Trainer", batchSize);
    if (!(teacherForcing >= 0 && teacherForcing <= 1)) {
      throw new RangeError(`Trainer: expected teacherForcing from 0 to 1, got ${teacherForcing}`);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new RangeError(`Trainer: expected labelSmoothing from 0 to 1, got ${labelSmoothing}`);
    }
    if (!(clipNorm > 0)) throw new RangeError(`Trainer: expected clipNorm above 0, got ${clipNorm}`);
    this.model = model;
    this.optimizer = optimizer;
    this.pairs = pairs;
    this.generator = generator;
    this.progress = { epoch: 0, step: 0, totalSteps: 0, lossSum: 0, tokens: 0, epochStart: generator.getState() };
    this.#options = { batchSize, clipNorm, labelSmoothing, teacherForcing };
  }

  /**
   * One update from one batch; returns the batch's mean loss. Everything computed on the way ends with the step.
   * Throws `Error`, before any parameter changes, when the loss or a gradient is not finite.
   */
  step(batch: Batch): number {
    const { clipNorm, labelSmoothing, teacherForcing } = this.#options;
    const forced = teacherForcing === 1 || this.generator.random() < teacherForcing;
    return scope(() => {
      this.model.train();
      this.optimizer.zeroGrad();
      const input = forced ? batch : { ...batch, targetInput: freeRunningInput(this.model, batch) };
      const loss = this.model.loss(input, { labelSmoothing });
      loss.backward();
      if (!Number.isFinite(loss.item())) throw this.#notFinite(loss.item());
      try {
        // No norm exceeds the largest number: nothing is clipped then, but what is not finite is still found.
        clipGradNorm(this.model.parameters(), Math.min(clipNorm, Number.MAX_VALUE), { errorIfNonfinite: true });
      } catch (cause) {
        throw this.#notFinite(loss.item(), cause);
      }
      this.optimizer.step();
      return loss.item();
    });
  }

  /**
   * Goes on from `progress` to the end of `epochs`, until "stop" or until the signal; says which. Throws `RangeError` on
   * epochs below 0.
   */
  async run({ epochs, onStep, onEpoch, signal }: RunOptions): Promise<"finished" | "stopped" | "aborted"> {
    if (!(epochs >= 0)) throw new RangeError(`Trainer.run: expected epochs ≥ 0, got ${epochs}`);
    const { progress } = this;
    let breath = performance.now();
    while (progress.epoch < epochs) {
      const batches = this.#order();
      while (progress.step < batches.length) {
        if (performance.now() - breath > BREATH_MS) {
          await new Promise((resolve) => setTimeout(resolve, 0));
          breath = performance.now();
        }
        if (signal?.aborted) return "aborted";
        const batch = makeBatch(pick(this.pairs, batches[progress.step]));
        const loss = this.step(batch);
        progress.step++;
        progress.totalSteps++;
        progress.lossSum += loss * batch.targets.length;
        progress.tokens += batch.targets.length;
        onStep?.({
          epoch: progress.epoch + 1,
          step: progress.step,
          stepsPerEpoch: batches.length,
          loss,
          tokens: batch.targets.length,
        });
      }
      const loss = progress.lossSum / progress.tokens;
      Object.assign(progress, { epoch: progress.epoch + 1, step: 0, lossSum: 0, tokens: 0 });
      progress.epochStart = this.generator.getState();
      if ((await onEpoch?.(progress.epoch, loss)) === "stop") return "stopped";
    }
    return "finished";
  }

  /** This epoch's batches. Within an epoch the order is made again as it was, and the generator put back. */
  #order(): Int32Array[] {
    const now = this.generator.getState();
    this.generator.setState(this.progress.epochStart);
    const batches = bucketedBatches(this.pairs, this.#options, this.generator);
    if (this.progress.step > 0) this.generator.setState(now);
    return batches;
  }

  #notFinite(loss: number, cause?: unknown): Error {
    const broken = (data: ArrayLike<number> | undefined): boolean =>
      data !== undefined && !Array.prototype.every.call(data, Number.isFinite);
    const named = [...this.model.namedParameters()];
    const parameter = named.find(([, { data }]) => broken(data));
    const gradient = named.find(([, { grad }]) => broken(grad?.data));
    const where = parameter
      ? `the first such parameter is ${parameter[0]}`
      : gradient
        ? `the first such gradient is that of ${gradient[0]}`
        : "all parameters and gradients are finite";
    const { epoch, totalSteps } = this.progress;
    return new Error(
      `train: expected a finite loss and gradients, got loss ${loss} at step ${totalSteps + 1} (epoch ${epoch + 1}); ` +
        `${where}. A lower learning rate or a smaller clip norm may help`,
      { cause },
    );
  }
}
