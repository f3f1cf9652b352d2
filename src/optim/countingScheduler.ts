import { integer, type OptionTable } from "../options.js";
import { type HasParamGroups, learningRates, Scheduler } from "./scheduler.js";

/** How many steps were done. */
export interface Count {
  lastEpoch: number;
}

export const COUNT: OptionTable<Count> = { lastEpoch: integer(0, 0) };

const initial = new WeakMap<HasParamGroups, readonly number[]>();

/**
 * Schedules that count their steps. As in PyTorch they change the learning rates as they find them, so that several can
 * run at once: a warm-up, say, and a decay.
 */
export abstract class CountingScheduler<O extends object, P extends Count = Count> extends Scheduler<O, P> {
  constructor(
    kind: string,
    optimizer: HasParamGroups,
    optionTable: OptionTable<O>,
    options: object,
    progressTable: OptionTable<P>,
  ) {
    super(kind, optimizer, optionTable, options, progressTable);
    initialLrs(optimizer);
  }

  /** Call after the optimiser's steps of an epoch (or of a batch, if the schedule is meant in batches). */
  step(): void {
    const epoch = this.progress.lastEpoch + 1;
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.next(group.lr, epoch, i);
    });
    this.progress.lastEpoch = epoch;
  }

  /** The learning rate of a group after step `epoch`, counted from 1, given the one before. */
  protected abstract next(lr: number, epoch: number, group: number): number;
}

/** PyTorch's `initial_lr`: the learning rates as the first of an optimiser's counting schedules found them. */
export function initialLrs(optimizer: HasParamGroups): readonly number[] {
  const lrs = initial.get(optimizer) ?? learningRates(optimizer);
  initial.set(optimizer, lrs);
  return lrs;
}
