/**
 * Schedules that count their steps. As in PyTorch they multiply the learning rate as they find it, so that several can
 * run at once: a warm-up, say, and a decay.
 */
import { integer, nonNegative, type Option, type OptionTable } from "../options.js";
import { type HasLearningRate, Scheduler } from "./scheduler.js";

/** Multiplies the learning rate by `factor(t)` at the t-th call of `step`. */
abstract class CountingScheduler<O extends object> extends Scheduler<O, { lastEpoch: number }> {
  constructor(kind: string, optimizer: HasLearningRate, table: OptionTable<O>, options: object) {
    super(kind, optimizer, table, options, { lastEpoch: integer(0, 0) });
  }

  /** Call after the optimiser's steps of an epoch (or of a batch, if the schedule is meant in batches). */
  step(): void {
    const epoch = this.progress.lastEpoch + 1;
    this.optimizer.lr *= this.factor(epoch);
    this.progress.lastEpoch = epoch;
  }

  protected abstract factor(epoch: number): number;
}

export interface StepLROptions {
  /** Steps between two drops, an integer ≥ 1. */
  readonly stepSize: number;
  /** What the learning rate is multiplied by, ≥ 0. Default 0.1. */
  readonly gamma?: number;
}

/**
 * η ← γ η at every `stepSize`-th step.
 * Throws `RangeError` on options out of range, `TypeError` on unknown ones.
 *
 * @example
 * const scheduler = new StepLR(optimizer, { stepSize: 30, gamma: 0.1 });
 * for (let epoch = 0; epoch < 100; epoch++) {
 *   trainEpoch();
 *   scheduler.step();
 * }
 */
export class StepLR extends CountingScheduler<Required<StepLROptions>> {
  constructor(optimizer: HasLearningRate, options: StepLROptions) {
    super("StepLR", optimizer, { stepSize: integer(1), gamma: nonNegative(0.1) }, options);
  }

  protected override factor(epoch: number): number {
    return epoch % this.options.stepSize === 0 ? this.options.gamma : 1;
  }
}

export interface ExponentialLROptions {
  /** What the learning rate is multiplied by at every step, ≥ 0. */
  readonly gamma: number;
}

/**
 * η ← γ η at every step.
 * Throws `RangeError` on options out of range, `TypeError` on unknown ones.
 *
 * @example
 * const scheduler = new ExponentialLR(optimizer, { gamma: 0.95 });
 */
export class ExponentialLR extends CountingScheduler<Required<ExponentialLROptions>> {
  constructor(optimizer: HasLearningRate, options: ExponentialLROptions) {
    super("ExponentialLR", optimizer, { gamma: nonNegative() }, options);
  }

  protected override factor(): number {
    return this.options.gamma;
  }
}

export interface LinearWarmupOptions {
  /** Steps n until the full learning rate is reached, an integer ≥ 1. Default 5. */
  readonly steps?: number;
  /** The fraction f of the learning rate to start from, in (0, 1]. Default 1/3. */
  readonly startFactor?: number;
}

const startFactor: Option<number> = {
  initial: 1 / 3,
  expected: "a number in (0, 1]",
  accepts: (value) => typeof value === "number" && value > 0 && value <= 1,
};

/**
 * A straight line up: after t steps the learning rate is η (f + (1 − f) min(t, n) / n). PyTorch's LinearLR, with its
 * end factor of 1 and its formula, which multiplies step by step. Making one sets the learning rate to f η at once.
 * Throws `RangeError` on options out of range, `TypeError` on unknown ones.
 *
 * @example
 * const warmup = new LinearWarmup(optimizer, { steps: 400, startFactor: 0.01 });
 * optimizer.step();
 * warmup.step(); // after every batch
 */
export class LinearWarmup extends CountingScheduler<Required<LinearWarmupOptions>> {
  constructor(optimizer: HasLearningRate, options: LinearWarmupOptions = {}) {
    super("LinearWarmup", optimizer, { steps: integer(1, 5), startFactor }, options);
    optimizer.lr *= this.options.startFactor;
  }

  protected override factor(epoch: number): number {
    const { steps, startFactor } = this.options;
    const rise = 1 - startFactor;
    return epoch > steps ? 1 : 1 + rise / (steps * startFactor + (epoch - 1) * rise);
  }
}
