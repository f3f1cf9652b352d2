import { integer, nonNegative } from "../options.js";
import { COUNT, type Count, CountingScheduler, initialLrs } from "./countingScheduler.js";
import { checkOptimizer, type HasParamGroups, lrsOption } from "./scheduler.js";

export interface CosineAnnealingLROptions {
  /** Steps T from the full learning rate down to the least, an integer ≥ 1. */
  readonly tMax: number;
  /** The least learning rate, ≥ 0. Default 0. */
  readonly etaMin?: number;
}

interface Progress extends Count {
  readonly baseLrs: readonly number[];
}

/**
 * Half a cosine down, after t steps of T: ηₜ = ηₘᵢₙ + (η₀ − ηₘᵢₙ) (1 + cos(π t / T)) / 2, and up again past T; Loshchilov and
 * Hutter, "SGDR: Stochastic gradient descent with warm restarts" (2017), without the restarts. PyTorch's recursive form, so
 * that it runs beside other schedules:
 *
 *     ηₜ₊₁ = ηₘᵢₙ + (ηₜ − ηₘᵢₙ) (1 + cos(π (t + 1) / T)) / (1 + cos(π t / T))
 *
 * η₀ is the learning rate that the first of an optimiser's schedules found.
 * Throws `RangeError` on options out of range, `TypeError` on unknown ones.
 *
 * @example
 * const scheduler = new CosineAnnealingLR(optimizer, { tMax: 100, etaMin: 1e-5 });
 */
export class CosineAnnealingLR extends CountingScheduler<Required<CosineAnnealingLROptions>, Progress> {
  constructor(optimizer: HasParamGroups, options: CosineAnnealingLROptions) {
    checkOptimizer("CosineAnnealingLR", optimizer);
    const table = { tMax: integer(1), etaMin: nonNegative(0) };
    const progress = { ...COUNT, baseLrs: lrsOption(optimizer, initialLrs) };
    super("CosineAnnealingLR", optimizer, table, options, progress);
  }

  protected override next(lr: number, epoch: number, group: number): number {
    const { tMax, etaMin } = this.options;
    // From the least learning rate, a factor leads nowhere.
    if ((epoch - 1 - tMax) % (2 * tMax) === 0) {
      return lr + ((this.progress.baseLrs[group] - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    }
    const height = (t: number): number => 1 + Math.cos((Math.PI * t) / tMax);
    return (height(epoch) / height(epoch - 1)) * (lr - etaMin) + etaMin;
  }
}
