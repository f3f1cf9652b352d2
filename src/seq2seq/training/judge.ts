import { CHECKPOINT, HISTORY } from "../files/modelFolder.js";
import type { Files, Store } from "../files/store.js";
import { encodeCheckpoint, type RunParts } from "./checkpoint.js";
import type { ValidationEvent } from "./events.js";
import type { HistoryWriter } from "./history.js";
import { countValidation, type Progress } from "./progress.js";
import type { RunOptions } from "./runOptions.js";
import type { Scores, Task } from "./task.js";
import { namedWeights, withWeights } from "./weights.js";

/** What a run hands to its judge. */
export interface Judged<B> {
  readonly task: Task<B>;
  readonly options: RunOptions & { readonly store: Store };
  readonly parts: RunParts;
  readonly progress: Progress;
  readonly history: HistoryWriter;
  readonly lrDecayPatience: number;
  /** Since the run began. */
  readonly seconds: () => number;
}

/** Validates, keeps the model if it is the best so far, and writes the checkpoint and the history in any case. */
export class Judge<B> {
  readonly #run: Judged<B>;
  readonly #isBetter: (now: Scores, before: Scores) => boolean;

  constructor(run: Judged<B>) {
    this.#run = run;
    this.#isBetter = betterBy(run.task);
  }

  /**
   * Of the weights as they are, or of their moving average. Only a validation that is due counts for patience, for the
   * learning rate and for the average: one that a run ends with would not have been, had it gone on.
   */
  validate(kind: "due" | "last" | "cut short"): Promise<ValidationEvent> {
    const { parts, progress, lrDecayPatience } = this.#run;
    const trainLoss = kind === "cut short" || progress.count === 0 ? null : progress.lossSum / progress.count;
    progress.judgedAt = progress.totalSteps;
    return this.#judge(parts.ema?.weights ?? null, { trainLoss }, (scores) => {
      if (kind !== "due") return;
      countValidation(progress, scores, this.#isBetter, lrDecayPatience);
      parts.snapshots?.add({ step: progress.totalSteps, scores });
    });
  }

  /** Of the mean of the checkpoints to be averaged; null where there are not two, or where that is done. */
  async average(): Promise<ValidationEvent | null> {
    const { progress, parts } = this.#run;
    const { snapshots } = parts;
    if (!snapshots || snapshots.length < 2 || progress.averagedAt === progress.totalSteps) return null;
    progress.averagedAt = progress.totalSteps;
    return this.#judge(snapshots.mean(), { trainLoss: null, averaged: snapshots.length });
  }

  async #judge(
    weights: readonly ArrayLike<number>[] | null,
    about: Pick<ValidationEvent, "trainLoss" | "averaged">,
    count = (_: Scores): void => {},
  ): Promise<ValidationEvent> {
    const { task, options, parts, progress, history, seconds } = this.#run;
    const epoch = Math.max(1, progress.step === 0 ? progress.epoch : progress.epoch + 1);
    const parameters = [...namedWeights(task.model).values()];
    const { scores, best, files } = withWeights(parameters, weights, () => {
      const scores = task.validate();
      checkFinite(scores, epoch);
      const best = progress.best === null || this.#isBetter(scores, progress.best);
      if (best) progress.best = scores;
      count(scores);
      return { scores, best, files: best ? task.files() : ({} as Files) };
    });
    const { criterion = "loss" } = task;
    const event: ValidationEvent = {
      ...{ kind: "validation", step: progress.totalSteps, epoch, ...about, scores, best, criterion },
      seconds: seconds(),
    };
    history.add(event);
    const checkpoint = encodeCheckpoint(parts, progress, options.settings ?? null);
    await options.store.write({ ...files, [CHECKPOINT]: checkpoint, [HISTORY]: history.toString() });
    return event;
  }
}

/** By the task's own measure, or else by the loss. */
export function betterBy<B>(task: Task<B>): (now: Scores, before: Scores) => boolean {
  return task.isBetter?.bind(task) ?? ((now, before) => now.loss < before.loss);
}

/** The last update before a validation may break what every step before it found whole. */
function checkFinite({ loss }: Scores, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new Error(
    `train: expected a finite validation loss, got ${loss} in epoch ${epoch}. A lower learning rate may help`,
  );
}
