import { learningRates } from "../../optim/scheduler.js";
import { blaming } from "../files/blaming.js";
import { MemoryStore } from "../files/memoryStore.js";
import { CHECKPOINT, HISTORY } from "../files/modelFolder.js";
import type { Store } from "../files/store.js";
import { type Checkpoint, type RunParts, restoreCheckpoint } from "./checkpoint.js";
import type { RunEnd, RunEvent, StepEvent } from "./events.js";
import { HistoryWriter, parseHistory } from "./history.js";
import { betterBy, Judge } from "./judge.js";
import { type LearningRateOptions, learningRateFactor, readLearningRate } from "./learningRate.js";
import { MovingAverage } from "./movingAverage.js";
import { countStep, newProgress, type Progress } from "./progress.js";
import { checkRunOptions, type RunOptions } from "./runOptions.js";
import { Snapshots } from "./snapshots.js";
import type { Batches, Scores, Task } from "./task.js";
import { TrainingModes } from "./trainingModes.js";
import { update } from "./update.js";

/** How long steps may follow one another before timers, signals and a page's drawing get their turn. */
const BREATH_MS = 100;

/**
 * Trains a task's model: epoch after epoch of updates, a validation after each or every so many steps, the best model kept
 * in a store with a checkpoint to go on from and the history. Everything that happens is an event. Who stops listening stops the run.
 *
 * Parts of the model that are in `eval()` stay there, as a frozen encoder should; a model that is there as a whole trains.
 * The task's generator goes on by what is drawn; only `resume` sets it, to where it stood.
 *
 * Throws `RangeError` on options out of range; `Error` when another writer has the store, when the checkpoint is of
 * another run, and when a weight, a loss or a gradient is no longer finite (the latter two more often in a row than may be
 * skipped). The best model so far stays in the store.
 *
 * @example
 * for await (const event of run(task, { optimizer: new Adam(task.model.parameters()), epochs: 5 })) {
 *   if (event.kind === "validation") console.log(event.epoch, event.scores);
 * }
 */
export async function* run<B>(task: Task<B>, options: RunOptions): AsyncGenerator<RunEvent, void, undefined> {
  const { store = new MemoryStore() } = options;
  const unlock = await store.lock();
  try {
    yield* runLocked(task, { ...options, store });
  } finally {
    await unlock();
  }
}

/** As {@link run}, in a store that the caller has locked. */
export async function* runLocked<B>(
  task: Task<B>,
  options: RunOptions & { readonly store: Store },
): AsyncGenerator<RunEvent, void, undefined> {
  checkRunOptions(options);
  const earlier = options.resume ? await options.store.read(HISTORY) : null;
  yield* new Run(task, options, earlier).events();
}

class Run<B> {
  readonly #task: Task<B>;
  readonly #options: RunOptions & { readonly store: Store };
  readonly #parts: RunParts;
  readonly #progress: Progress;
  readonly #history: HistoryWriter;
  readonly #judge: Judge<B>;
  /** Where the clock stood at the beginning of this part, less what earlier parts took. */
  readonly #began: number;
  readonly #deadline: number;
  /** Every group's, as the optimiser was given it. */
  readonly #lrs: readonly number[];
  readonly #schedule: Required<LearningRateOptions>;
  readonly #modes: TrainingModes;
  #breath = performance.now();

  constructor(task: Task<B>, options: RunOptions & { readonly store: Store }, earlier: Uint8Array | null) {
    const { optimizer, resume, maxMinutes = Number.POSITIVE_INFINITY } = options;
    this.#task = task;
    this.#options = options;
    this.#lrs = learningRates(optimizer);
    this.#schedule = readLearningRate(options);
    this.#modes = new TrainingModes(task.model);
    this.#parts = partsOf(task, options);
    this.#progress = resume ? restored(resume, this.#parts, options) : newProgress(task.generator);
    this.#history = new HistoryWriter(earlier ? parseHistory(earlier) : undefined, this.#progress.totalSteps);
    this.#began = performance.now() - 1000 * this.#history.seconds;
    this.#deadline = performance.now() + 60_000 * maxMinutes;
    this.#judge = new Judge({
      ...{ task, options, parts: this.#parts, progress: this.#progress, history: this.#history },
      lrDecayPatience: this.#schedule.lrDecayPatience,
      seconds: () => this.#seconds(),
    });
  }

  async *events(): AsyncGenerator<RunEvent, void, undefined> {
    const progress = this.#progress;
    try {
      const end = yield* this.#epochs();
      // Weights that no validation has seen.
      if (progress.judgedAt < progress.totalSteps || !progress.best) {
        yield await this.#judge.validate(end === "finished" ? "last" : "cut short");
      }
      const averaged = await this.#judge.average();
      if (averaged) yield averaged;
      yield { kind: "end", end, best: progress.best as Scores };
    } finally {
      this.#modes.leave();
      this.#parts.ema?.dispose();
    }
  }

  /** Steps and validations until all epochs are done, or it is time to stop. */
  async *#epochs(): AsyncGenerator<RunEvent, RunEnd, undefined> {
    const progress = this.#progress;
    while (progress.epoch < this.#options.epochs) {
      // A resumed run may have ended already. Not after the order is drawn: a checkpoint before the first step could not tell.
      let end = this.#hasLostPatience() ? "stopped" : await this.#stop();
      if (end) return end;
      const batches = this.#order();
      do {
        yield this.#step(batches);
        if (this.#isDue()) yield await this.#judge.validate("due");
        if (this.#hasLostPatience()) return "stopped";
        if (progress.step > 0) end = await this.#stop();
        if (end) return end;
      } while (progress.step > 0);
    }
    return this.#hasLostPatience() ? "stopped" : "finished";
  }

  /** Whether a validation follows the step that is done: at the end of an epoch, or after so many steps. */
  #isDue(): boolean {
    const { validateEvery = Number.POSITIVE_INFINITY } = this.#options;
    const { step, totalSteps } = this.#progress;
    return validateEvery === Number.POSITIVE_INFINITY ? step === 0 : totalSteps % validateEvery === 0;
  }

  #hasLostPatience(): boolean {
    return this.#progress.sinceBest >= (this.#options.patience ?? Number.POSITIVE_INFINITY);
  }

  /** Why no further step should follow; null where one should. */
  async #stop(): Promise<RunEnd | null> {
    await this.#breathe();
    if (this.#options.signal?.aborted) return "aborted";
    return performance.now() > this.#deadline ? "stopped" : null;
  }

  /** This epoch's batches. Within an epoch the order is made again as it was, and the generator put back. */
  #order(): Batches<B> {
    const { generator } = this.#task;
    const now = generator.getState();
    if (this.#progress.step === 0) this.#progress.epochStart = now;
    const { step, epochStart } = this.#progress;
    let batches: Batches<B>;
    try {
      if (step > 0) generator.setState(epochStart);
      batches = this.#task.batches();
    } finally {
      if (step > 0) generator.setState(now);
    }
    if (batches.length === 0) throw new RangeError("train: expected at least one batch, got none");
    if (step >= batches.length) {
      throw new Error(`train: expected fewer than the ${batches.length} steps of an epoch to be done, got ${step}`);
    }
    return batches;
  }

  #step(batches: Batches<B>): StepEvent {
    const { model } = this.#task;
    const { optimizer, clipNorm = Number.POSITIVE_INFINITY, skipNonfinite = 0, detectAnomaly = false } = this.#options;
    const progress = this.#progress;
    const [epoch, stepInEpoch] = [progress.epoch + 1, progress.step + 1];
    const where = `at step ${progress.totalSteps + 1} (epoch ${epoch})`;
    const batch = batches.at(progress.step) as B;
    this.#setLearningRates(batches.length);
    this.#modes.enter();
    const maySkip = progress.skippedInRow < skipNonfinite;
    const carried = maySkip ? this.#task.carried?.stateDict() : undefined;
    const { loss, count, skipped } = update(model, optimizer, () => this.#task.loss(batch), {
      ...{ clipNorm, where, skipNonfinite: maySkip, detectAnomaly },
    });
    progress.totalSteps++;
    const isLast = stepInEpoch === batches.length;
    Object.assign(progress, isLast ? { epoch, step: 0 } : { step: stepInEpoch });
    if (carried && skipped) this.#task.carried?.loadStateDict(carried); // as if it had not been
    countStep(progress, { loss, count, skipped });
    if (!skipped) this.#parts.ema?.add(progress.totalSteps);
    const event: StepEvent = {
      kind: "step",
      step: progress.totalSteps,
      ...{ epoch, stepInEpoch, stepsPerEpoch: batches.length },
      ...{ loss, count, lr: optimizer.lr, ...(skipped && { skipped: progress.skipped }) },
      seconds: this.#seconds(),
    };
    this.#history.add(event);
    return event;
  }

  #setLearningRates(stepsPerEpoch: number): void {
    const { optimizer, epochs } = this.#options;
    const factor = learningRateFactor(this.#progress, { epochs, stepsPerEpoch }, this.#schedule);
    optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.#lrs[i] * factor;
    });
  }

  #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  async #breathe(): Promise<void> {
    if (performance.now() - this.#breath <= BREATH_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#breath = performance.now();
  }
}

/** All that a checkpoint is made of. */
function partsOf<B>(task: Task<B>, options: RunOptions): RunParts {
  const { optimizer, ema = 0, averageCheckpoints = 1, averageOf = "best" } = options;
  const { model, generator, identity = {}, carried = null } = task;
  return {
    ...{ model, optimizer, generator, identity, carried },
    ema: ema > 0 ? new MovingAverage(model, ema) : null,
    snapshots:
      averageCheckpoints > 1
        ? new Snapshots(model, averageCheckpoints, averageOf === "best" ? betterBy(task) : null)
        : null,
  };
}

/** Goes on from a checkpoint, but with the learning rates that the optimiser was given now. */
function restored(
  checkpoint: Checkpoint,
  parts: RunParts,
  { optimizer, store }: RunOptions & { store: Store },
): Progress {
  const lrs = learningRates(optimizer);
  try {
    return blaming(`resume: ${store.name}/${CHECKPOINT}: `, () => restoreCheckpoint(checkpoint, parts));
  } finally {
    optimizer.paramGroups.forEach((group, i) => {
      group.lr = lrs[i];
    });
  }
}
