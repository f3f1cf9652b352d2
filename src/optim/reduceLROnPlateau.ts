import { belowOne, integer, nonNegative, type Option, type OptionTable, oneOf } from "../options.js";
import { show } from "../show.js";
import { type HasParamGroups, Scheduler } from "./scheduler.js";

export interface ReduceLROnPlateauOptions {
  /** Whether a smaller ("min") or a larger ("max") metric is better. Default "min". */
  readonly mode?: "min" | "max";
  /** What the learning rate is multiplied by, in [0, 1). Default 0.1. */
  readonly factor?: number;
  /** How many steps in a row may pass without improvement, an integer ≥ 0; the next one reduces. Default 10. */
  readonly patience?: number;
  /** How much better counts as better, ≥ 0. Default 1e-4. */
  readonly threshold?: number;
  /** Whether `threshold` is a fraction of the best metric ("rel") or a difference from it ("abs"). Default "rel". */
  readonly thresholdMode?: "rel" | "abs";
  /** Steps after a reduction in which nothing counts as bad, an integer ≥ 0. Default 0. */
  readonly cooldown?: number;
  /** The learning rate never goes below, ≥ 0. Default 0. */
  readonly minLr?: number;
  /** A reduction by no more than this is left out, ≥ 0. Default 1e-8. */
  readonly eps?: number;
}

const OPTIONS: OptionTable<Required<ReduceLROnPlateauOptions>> = {
  mode: oneOf(["min", "max"], "min"),
  factor: belowOne(0.1),
  patience: integer(0, 10),
  threshold: nonNegative(1e-4),
  thresholdMode: oneOf(["rel", "abs"], "rel"),
  cooldown: integer(0, 0),
  minLr: nonNegative(0),
  eps: nonNegative(1e-8),
};

interface Progress {
  /** Null until a metric was better than none; not an infinity, which JSON does not know. */
  best: number | null;
  numBadEpochs: number;
  cooldownCounter: number;
  lastEpoch: number;
}

const best: Option<number | null> = {
  initial: null,
  expected: "a finite number or null",
  accepts: (value) => value === null || Number.isFinite(value),
};

const PROGRESS: OptionTable<Progress> = {
  best,
  numBadEpochs: integer(0, 0),
  cooldownCounter: integer(0, 0),
  lastEpoch: integer(0, 0),
};

/**
 * η ← max(factor · η, minLr) once a metric has not become better for more than `patience` steps. Better means, in
 * mode "min": below best · (1 − threshold) ("rel") or best − threshold ("abs"); in mode "max": above
 * best · (1 + threshold) or best + threshold. As in PyTorch, "rel" is meant for metrics that are not negative.
 * A metric that is infinite or NaN is never better.
 *
 * Throws `RangeError` on options out of range, `TypeError` on unknown ones and on a metric that is not a number.
 *
 * @example
 * const scheduler = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 2 });
 * scheduler.step(validationLoss); // after every epoch
 */
export class ReduceLROnPlateau extends Scheduler<Required<ReduceLROnPlateauOptions>, Progress> {
  constructor(optimizer: HasParamGroups, options: ReduceLROnPlateauOptions = {}) {
    super("ReduceLROnPlateau", optimizer, OPTIONS, options, PROGRESS);
  }

  /** @param metric what is being watched: a validation loss, a BLEU score. */
  step(metric: number): void {
    if (typeof metric !== "number") {
      throw new TypeError(`ReduceLROnPlateau: expected the metric to be a number, got ${show(metric)}`);
    }
    const { options, progress } = this;
    progress.lastEpoch++;
    if (this.#isBetter(metric)) {
      progress.best = metric;
      progress.numBadEpochs = 0;
    } else progress.numBadEpochs++;

    if (progress.cooldownCounter > 0) {
      progress.cooldownCounter--;
      progress.numBadEpochs = 0;
    }
    if (progress.numBadEpochs > options.patience) {
      for (const group of this.optimizer.paramGroups) {
        const reduced = Math.max(group.lr * options.factor, options.minLr);
        if (group.lr - reduced > options.eps) group.lr = reduced;
      }
      progress.cooldownCounter = options.cooldown;
      progress.numBadEpochs = 0;
    }
  }

  #isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.options;
    const { best } = this.progress;
    if (!Number.isFinite(metric)) return false;
    if (best === null) return true;
    const margin = mode === "min" ? -threshold : threshold;
    const bar = thresholdMode === "rel" ? best * (1 + margin) : best + margin;
    return mode === "min" ? metric < bar : metric > bar;
  }
}
