import { learningRates } from "../../optim/scheduler.js";
import { blaming } from "../files/blaming.js";
import { MemoryStore } from "../files/memoryStore.js";
import { CHECKPOINT, HISTORY } from "../files/modelFolder.js";
import type { Store } from "../files/store.js";
import { type Checkpoint, encodeCheckpoint, type Progress, type RunParts, restoreCheckpoint } from "./checkpoint.js";
import type { RunEnd, RunEvent, StepEvent, ValidationEvent } from "./events.js";
import { HistoryWriter, parseHistory } from "./history.js";
import { checkRunOptions, type RunOptions } from "./runOptions.js";
import type { Batches, Scores, Task } from "./task.js";
import { TrainingModes } from "./trainingModes.js";
import { update } from "./update.js";

/** How long steps may follow one another before timers, signals and a page's drawing get their turn. */
const BREATH_MS = 100;

/**
 * Trains a task's model: epoch after epoch of updates, a validation after each, the best model kept in a store with a
 * checkpoint to go on from and the history. Everything that happens is an event. Who stops listening stops the run.
 *
 * Parts of the model that are in `eval()` stay there, as a frozen encoder should; a model that is there as a whole trains.
 * The task's generator goes on by what is drawn; only `resume` sets it, to where it stood.
 *
 * Throws `RangeError` on options out of range; `Error` when another writer has the store, when the checkpoint is of
 * another run, and when a loss, a gradient or a weight is no longer finite. The best model so far stays in the store.
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
  /** Where the clock stood at the beginning of this part, less what earlier parts took. */
  readonly #began: number;
  readonly #deadline: number;
  /** Every group's, as the optimiser was given it. */
  readonly #lrs: readonly number[];
  readonly #modes: TrainingModes;
  #breath = performance.now();

  constructor(task: Task<B>, options: RunOptions & { readonly store: Store }, earlier: Uint8Array | null) {
    const { optimizer, resume, maxMinutes = Number.POSITIVE_INFINITY } = options;
    this.#task = task;
    this.#options = options;
    this.#lrs = learningRates(optimizer);
    this.#modes = new TrainingModes(task.model);
    this.#parts = { model: task.model, optimizer, generator: task.generator, identity: task.identity ?? {} };
    this.#progress = resume ? restored(resume, this.#parts, options) : begin(task);
    this.#history = new HistoryWriter(earlier ? parseHistory(earlier) : undefined, this.#progress.totalSteps);
    this.#began = performance.now() - 1000 * this.#history.seconds;
    this.#deadline = performance.now() + 60_000 * maxMinutes;
  }

  async *events(): AsyncGenerator<RunEvent, void, undefined> {
    const progress = this.#progress;
    try {
      const end = yield* this.#epochs();
      // Cut short within an epoch; between two, these weights have been validated already.
      if (progress.step > 0 || !progress.best) yield await this.#validate(progress.epoch + 1, null);
      yield { kind: "end", end, best: progress.best as Scores };
    } finally {
      this.#modes.leave();
    }
  }

  /** Steps and validations until all epochs are done, or it is time to stop. */
  async *#epochs(): AsyncGenerator<RunEvent, RunEnd, undefined> {
    const progress = this.#progress;
    const { epochs, patience = Number.POSITIVE_INFINITY } = this.#options;
    while (progress.epoch < epochs) {
      // A resumed run may have ended already.
      if (progress.sinceBest >= patience) return "stopped";
      let end = await this.#stop();
      // Not after the order is drawn: a checkpoint before the first step could not tell.
      if (end) return end;
      const batches = this.#order();
      while (progress.step < batches.length) {
        yield this.#step(batches);
        if (progress.step < batches.length) end = await this.#stop();
        if (end) return end;
      }
      const trainLoss = progress.lossSum / progress.count;
      Object.assign(progress, { epoch: progress.epoch + 1, step: 0, lossSum: 0, count: 0 });
      yield await this.#validate(progress.epoch, trainLoss);
    }
    return progress.sinceBest >= patience ? "stopped" : "finished";
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
    if (step > batches.length) {
      throw new Error(`train: expected at most the ${batches.length} steps of an epoch to be done, got ${step}`);
    }
    return batches;
  }

  #step(batches: Batches<B>): StepEvent {
    const { model } = this.#task;
    const { optimizer, clipNorm = Number.POSITIVE_INFINITY } = this.#options;
    const progress = this.#progress;
    const where = `at step ${progress.totalSteps + 1} (epoch ${progress.epoch + 1})`;
    const batch = batches.at(progress.step) as B;
    const decay = this.#decay(batches.length);
    optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.#lrs[i] * decay;
    });
    this.#modes.enter();
    const { loss, count } = update(model, optimizer, () => this.#task.loss(batch), { clipNorm, where });
    progress.step++;
    progress.totalSteps++;
    progress.lossSum += loss * count;
    progress.count += count;
    const event: StepEvent = {
      kind: "step",
      step: progress.totalSteps,
      epoch: progress.epoch + 1,
      stepInEpoch: progress.step,
      stepsPerEpoch: batches.length,
      loss,
      count,
      lr: optimizer.lr,
      seconds: this.#seconds(),
    };
    this.#history.add(event);
    return event;
  }

  /** What the next step multiplies learning rates by: it depends on how many are done alone, so that a resumed run has it too. */
  #decay(stepsPerEpoch: number): number {
    const { epochs, lrDecay = "none" } = this.#options;
    return lrDecay === "none" ? 1 : 1 - this.#progress.totalSteps / (epochs * stepsPerEpoch);
  }

  /** Validates, and keeps the model if it is the best so far; the checkpoint and the history in any case. */
  async #validate(epoch: number, trainLoss: number | null): Promise<ValidationEvent> {
    const task = this.#task;
    const progress = this.#progress;
    const scores = task.validate();
    // The last update of an epoch may break what every step before it found whole.
    if (!Number.isFinite(scores.loss)) {
      throw new Error(
        `train: expected a finite validation loss, got ${scores.loss} in epoch ${epoch}. A lower learning rate may help`,
      );
    }
    const isBetter = task.isBetter?.bind(task) ?? ((now: Scores, before: Scores) => now.loss < before.loss);
    const best = progress.best === null || isBetter(scores, progress.best);
    if (best) Object.assign(progress, { best: scores, sinceBest: 0 });
    else if (trainLoss !== null) progress.sinceBest++; // an epoch cut short may still become a better one
    const { criterion = "loss" } = task;
    const event: ValidationEvent = {
      ...{ kind: "validation", step: progress.totalSteps, epoch, trainLoss, scores, best, criterion },
      seconds: this.#seconds(),
    };
    this.#history.add(event);
    const checkpoint = encodeCheckpoint(this.#parts, progress, this.#options.settings ?? null);
    const files = { ...(best ? task.files() : {}), [CHECKPOINT]: checkpoint, [HISTORY]: this.#history.toString() };
    await this.#options.store.write(files);
    return event;
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

function begin<B>({ generator }: Task<B>): Progress {
  return {
    ...{ epoch: 0, step: 0, totalSteps: 0, lossSum: 0, count: 0, epochStart: generator.getState() },
    ...{ best: null, sinceBest: 0 },
  };
}
