/** Schedules that multiply the learning rates by a factor, which depends on how many steps were done. */

import { integer, nonNegative, type Option, type OptionTable } from "../options.js";
import { COUNT, CountingScheduler } from "./countingScheduler.js";
import type { HasParamGroups } from "./scheduler.js";

abstract class FactorScheduler<O extends object> extends CountingScheduler<O> {
  constructor(kind: string, optimizer: HasParamGroups, table: OptionTable<O>, options: object) {
    super(kind, optimizer, table, options, COUNT);
  }

  protected override next(lr: number, epoch: number): number {
    return lr * this.factor(epoch);
  }

  /** What step `epoch` multiplies by. */
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
export class StepLR extends FactorScheduler<Required<StepLROptions>> {
  constructor(optimizer: HasParamGroups, options: StepLROptions) {
    super("StepLR", optimizer, { stepSize: integer(1), gamma: nonNegative(0.1) }, options);
  }

  protected override factor(epoch: number): number {
    return epoch % this.options.stepSize === 0 ? this.options.gamma : 1;
  }
}

export interface MultiStepLROptions {
  /** At which steps the learning rate drops, integers ≥ 1 in any order; at one that stands there twice, twice. */
  readonly milestones: readonly number[];
  /** What the learning rate is multiplied by, ≥ 0. Default 0.1. */
  readonly gamma?: number;
}

const milestones: Option<readonly number[]> = {
  initial: undefined,
  expected: "a list of integers ≥ 1",
  accepts: (value) => Array.isArray(value) && value.every((each) => integer(1).accepts(each)),
};

/**
 * η ← γ η at each of the steps in `milestones`.
 * Throws `RangeError` on options out of range, `TypeError` on unknown ones.
 *
 * @example
 * const scheduler = new MultiStepLR(optimizer, { milestones: [30, 80], gamma: 0.1 });
 */
export class MultiStepLR extends FactorScheduler<Required<MultiStepLROptions>> {
  constructor(optimizer: HasParamGroups, options: MultiStepLROptions) {
    super("MultiStepLR", optimizer, { milestones, gamma: nonNegative(0.1) }, options);
  }

  protected override factor(epoch: number): number {
    const { milestones, gamma } = this.options;
    return gamma ** milestones.filter((milestone) => milestone === epoch).length;
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
export class ExponentialLR extends FactorScheduler<Required<ExponentialLROptions>> {
  constructor(optimizer: HasParamGroups, options: ExponentialLROptions) {
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
export class LinearWarmup extends FactorScheduler<Required<LinearWarmupOptions>> {
  constructor(optimizer: HasParamGroups, options: LinearWarmupOptions = {}) {
    super("LinearWarmup", optimizer, { steps: integer(1, 5), startFactor }, options);
    for (const group of optimizer.paramGroups) group.lr *= this.options.startFactor;
  }

  protected override factor(epoch: number): number {
    const { steps, startFactor } = this.options;
    const rise = 1 - startFactor;
    return epoch > steps ? 1 : 1 + rise / (steps * startFactor + (epoch - 1) * rise);
  }
}
