import { Generator, type GeneratorState } from "../../tensor/random.js";
import type { Scores } from "./task.js";
import type { Update } from "./update.js";

/** Where a run stands, beside weights and optimiser. */
export interface Progress {
  /** Epochs and, in the one under way, steps that are done. */
  epoch: number;
  step: number;
  /** Steps done in all epochs. */
  totalSteps: number;
  /** Σ loss · count and Σ count of the steps since the last validation that was due. */
  lossSum: number;
  count: number;
  /** The generator as it stood before this epoch's batches were ordered. */
  epochStart: GeneratorState;
  /** Of the model that is kept. */
  best: Scores | null;
  /** The best of the validations that were due: how a run goes on must not depend on when it was interrupted. */
  bestDue: Scores | null;
  /** Validations since that one. */
  sinceBest: number;
  /** How often the learning rate was reduced for want of better validations, and how many of these there were since. */
  reductions: number;
  sinceReduction: number;
  /** At how many steps the weights, and the average of checkpoints, were last judged, be it on being stopped. */
  judgedAt: number;
  averagedAt: number;
  /** Steps that changed nothing, as the loss or a gradient was not finite: in all, and since the last one that did. */
  skipped: number;
  skippedInRow: number;
}

export function newProgress(generator: Generator): Progress {
  return {
    ...{ epoch: 0, step: 0, totalSteps: 0, lossSum: 0, count: 0, epochStart: generator.getState() },
    ...{ best: null, bestDue: null, sinceBest: 0, reductions: 0, sinceReduction: 0, judgedAt: 0, averagedAt: 0 },
    ...{ skipped: 0, skippedInRow: 0 },
  };
}

/** Counts a step that is done. */
export function countStep(progress: Progress, { loss, count, skipped }: Update): void {
  progress.skippedInRow = skipped ? progress.skippedInRow + 1 : 0;
  if (skipped) progress.skipped++;
  else {
    progress.lossSum += loss * count;
    progress.count += count;
  }
}

/** Counts a validation that was due; `isBetter` compares it with the best of those before. */
export function countValidation(
  progress: Progress,
  scores: Scores,
  isBetter: (now: Scores, best: Scores) => boolean,
  lrDecayPatience: number,
): void {
  const { bestDue } = progress;
  Object.assign(progress, { lossSum: 0, count: 0 });
  if (bestDue === null || isBetter(scores, bestDue)) {
    Object.assign(progress, { bestDue: scores, sinceBest: 0, sinceReduction: 0 });
    return;
  }
  progress.sinceBest++;
  progress.sinceReduction++;
  if (progress.sinceReduction < lrDecayPatience) return;
  progress.reductions++;
  progress.sinceReduction = 0;
}

/**
 * The progress in a checkpoint; what one from an earlier version lacks is what it stood for. Throws `Error` on anything
 * else.
 */
export function parseProgress(json: unknown): Progress {
  const read = (json ?? {}) as Partial<Progress>;
  const { best = null, totalSteps = Number.NaN } = read;
  const added = {
    bestDue: best,
    reductions: 0,
    sinceReduction: 0,
    judgedAt: totalSteps,
    averagedAt: 0,
    skipped: 0,
    skippedInRow: 0,
  };
  const progress = { ...read, ...added, ...read } as Progress; // in the order of what was read
  const isScores = (value: Scores | null): boolean => value === null || typeof value?.loss === "number";
  const { epoch, step, count, sinceBest, reductions, sinceReduction, judgedAt, averagedAt } = progress;
  const { skipped, skippedInRow } = progress;
  const counts = [
    ...[epoch, step, totalSteps, count, sinceBest, reductions, sinceReduction, judgedAt, averagedAt],
    ...[skipped, skippedInRow],
  ];
  const sound =
    counts.every((value) => Number.isSafeInteger(value) && value >= 0) &&
    typeof progress.lossSum === "number" &&
    isScores(progress.best) &&
    isScores(progress.bestDue) &&
    Array.isArray(progress.epochStart);
  if (!sound) throw new Error("expected a checkpoint with training state, got a file without");
  // Tried here, so that a broken state is found now and not in the middle of the run.
  new Generator().setState(progress.epochStart);
  return progress;
}
