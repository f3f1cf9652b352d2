import {
  checkKind,
  checkOption,
  nonNegative,
  type Option,
  type OptionTable,
  type OptionValue,
  readOptions,
  restoreOptions,
} from "../options.js";
import { show } from "../show.js";

/** What a schedule needs of an optimiser: it acts on the learning rate of every group. */
export interface HasParamGroups {
  readonly paramGroups: readonly { lr: number }[];
}

/** Everything a schedule needs to go on where it stood. Survives JSON. */
export interface SchedulerState {
  /** The class: `"StepLR"`. */
  readonly kind: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Where in the schedule: counters and the like. */
  readonly progress: Readonly<Record<string, OptionValue>>;
  /** The learning rate of every group when the state was taken. */
  readonly lrs: readonly number[];
}

/** Throws `TypeError` on what has no parameter groups. */
export function checkOptimizer(kind: string, optimizer: HasParamGroups): void {
  if (!Array.isArray(optimizer?.paramGroups)) {
    throw new TypeError(`${kind}: expected an optimizer, got ${show(optimizer)}`);
  }
}

/** The learning rate of every group. */
export function learningRates({ paramGroups }: HasParamGroups): readonly number[] {
  return paramGroups.map(({ lr }) => lr);
}

/** A learning rate for each of the optimiser's groups; `initial` gives those to begin with. */
export function lrsOption(
  optimizer: HasParamGroups,
  initial: (optimizer: HasParamGroups) => readonly number[],
): Option<readonly number[]> {
  const { length } = optimizer.paramGroups;
  return {
    initial: initial(optimizer),
    expected: `a finite number ≥ 0 for each group (${length})`,
    accepts: (value) =>
      Array.isArray(value) && value.length === length && value.every((lr) => nonNegative().accepts(lr)),
  };
}

/** What all schedules share: options, progress, saving and restoring. */
export abstract class Scheduler<O extends object, P extends object> {
  readonly kind: string;
  readonly optimizer: HasParamGroups;
  protected options: O;
  protected progress: P;
  readonly #optionTable: OptionTable<O>;
  readonly #progressTable: OptionTable<P>;

  constructor(
    kind: string,
    optimizer: HasParamGroups,
    optionTable: OptionTable<O>,
    options: object,
    progressTable: OptionTable<P>,
  ) {
    checkOptimizer(kind, optimizer);
    this.kind = kind;
    this.optimizer = optimizer;
    this.options = readOptions(kind, optionTable, options);
    this.progress = readOptions(kind, progressTable, {});
    this.#optionTable = optionTable;
    this.#progressTable = progressTable;
  }

  stateDict(): SchedulerState {
    const { kind, options, progress, optimizer } = this;
    return structuredClone({ kind, options, progress, lrs: learningRates(optimizer) }) as unknown as SchedulerState;
  }

  /**
   * Goes on from what `stateDict` returned, options included, and sets the learning rates to what they were then: so it
   * does not matter whether the schedule or its optimiser is restored first.
   * Throws `TypeError` on another class's state, `RangeError` on bad values and other groups; nothing is changed then.
   */
  loadStateDict(state: SchedulerState): void {
    checkKind(this.kind, state);
    const op = `${this.kind}.loadStateDict`;
    const options = restoreOptions(op, this.#optionTable, state.options);
    const progress = restoreOptions(op, this.#progressTable, state.progress);
    const lrs = state.lrs ?? [(state as { lr?: number }).lr]; // from before there were groups
    checkOption(op, "lrs", lrsOption(this.optimizer, learningRates), lrs);
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = lrs[i];
    });
    this.options = options;
    this.progress = progress;
  }
}
