import { checkKind, nonNegative, type OptionTable, type OptionValue, readOptions, restoreOptions } from "../options.js";
import { show } from "../show.js";

/** What a schedule needs of an optimiser. */
export interface HasLearningRate {
  lr: number;
}

/** Everything a schedule needs to go on where it stood. Survives JSON. */
export interface SchedulerState {
  /** The class: `"StepLR"`. */
  readonly kind: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Where in the schedule: counters and the like. */
  readonly progress: Readonly<Record<string, OptionValue>>;
  /** The learning rate when the state was taken. */
  readonly lr: number;
}

/** What all schedules share: options, progress, saving and restoring. */
export abstract class Scheduler<O extends object, P extends object> {
  readonly kind: string;
  readonly optimizer: HasLearningRate;
  protected options: O;
  protected progress: P;
  readonly #optionTable: OptionTable<O>;
  readonly #progressTable: OptionTable<P>;

  constructor(
    kind: string,
    optimizer: HasLearningRate,
    optionTable: OptionTable<O>,
    options: object,
    progressTable: OptionTable<P>,
  ) {
    if (typeof optimizer?.lr !== "number")
      throw new TypeError(`${kind}: expected an optimizer, got ${show(optimizer)}`);
    this.kind = kind;
    this.optimizer = optimizer;
    this.options = readOptions(kind, optionTable, options);
    this.progress = readOptions(kind, progressTable, {});
    this.#optionTable = optionTable;
    this.#progressTable = progressTable;
  }

  stateDict(): SchedulerState {
    const { kind, options, progress, optimizer } = this;
    return structuredClone({ kind, options, progress, lr: optimizer.lr }) as unknown as SchedulerState;
  }

  /**
   * Goes on from what `stateDict` returned, options included, and sets the optimiser's learning rate to what it was
   * then: so it does not matter which of the two is restored first.
   * Throws `TypeError` on another class's state, `RangeError` on bad values; nothing is changed then.
   */
  loadStateDict(state: SchedulerState): void {
    checkKind(this.kind, state);
    const op = `${this.kind}.loadStateDict`;
    const options = restoreOptions(op, this.#optionTable, state.options);
    const progress = restoreOptions(op, this.#progressTable, state.progress);
    const { lr } = restoreOptions<HasLearningRate>(op, { lr: nonNegative() }, { lr: state.lr });
    this.optimizer.lr = lr;
    this.options = options;
    this.progress = progress;
  }
}
