import {
  asObject,
  checkKind,
  checkOption,
  integer,
  type OptionTable,
  type OptionValue,
  readOptions,
  restoreOptions,
} from "../options.js";
import { show } from "../show.js";
import { Tensor, tensor, zeros } from "../tensor/index.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { floatsOf, gradOf, writableFloats } from "../tensor/tensor.js";

/** Everything a run needs to go on bit for bit, besides the parameters. All but `tensors` survives JSON. */
export interface OptimizerState {
  /** The class: `"Adam"`. */
  readonly kind: string;
  /** All options, the learning rate as it stands among them. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** How often each parameter was updated, in the order they were given. */
  readonly steps: readonly number[];
  /** Copies, named by the parameter's index and PyTorch's name: `"0.exp_avg"`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** What a rule keeps for one parameter; `tensors` in the order of `stateNames`. */
export interface ParameterState {
  step: number;
  readonly tensors: readonly Tensor[];
}

/**
 * What all rules share: which parameters, when they are updated, and how state is kept, saved and restored. A rule
 * adds its table of options, the names of its state, and `update`.
 */
export abstract class Optimizer<O extends { lr: number } = { lr: number }> {
  readonly kind: string;
  readonly parameters: readonly Tensor[];
  protected options: O;
  readonly #table: OptionTable<O>;
  /** Null until a parameter has its first gradient. */
  #states: (ParameterState | null)[];

  constructor(kind: string, parameters: Iterable<Tensor>, table: OptionTable<O>, options: object) {
    this.kind = kind;
    this.parameters = checkParameters(kind, parameters);
    this.options = readOptions(kind, table, options);
    this.checkTogether(kind, this.options);
    this.#table = table;
    this.#states = this.parameters.map(() => null);
  }

  /** The learning rate, which schedules set; throws `RangeError` unless it is finite and ≥ 0. */
  get lr(): number {
    return this.options.lr;
  }

  set lr(value: number) {
    checkOption(this.kind, "lr", this.#table.lr, value);
    this.options.lr = value;
  }

  /**
   * Updates every parameter that has a gradient. Whether gradients are finite is not looked at.
   */
  step(): void {
    this.parameters.forEach((parameter, i) => {
      const grad = gradOf(parameter);
      if (!grad) return;
      this.#states[i] ??= this.#newState(parameter, this.options);
      const state = this.#states[i];
      state.step++;
      this.update(parameter, grad, state);
    });
  }

  /** Forgets the gradients of all parameters: see `Tensor.zeroGrad`. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.zeroGrad();
  }

  /** The state as it stands, copied. */
  stateDict(): OptimizerState {
    const tensors: Record<string, Tensor> = {};
    const names = this.stateNames(this.options);
    this.#states.forEach((state, i) => {
      state?.tensors.forEach((kept, slot) => {
        tensors[`${i}.${names[slot]}`] = tensor(floatsOf(kept), kept.shape);
      });
    });
    const options = structuredClone(this.options) as unknown as Record<string, OptionValue>;
    return { kind: this.kind, options, steps: this.#states.map((state) => state?.step ?? 0), tensors };
  }

  /**
   * Goes on from what `stateDict` returned, options included; values are copied, and converted to the parameter's
   * dtype. Throws, with nothing changed: `TypeError` on the state of another class or on what is no state at all,
   * `RangeError` on bad options, another number of parameters, and missing, surplus or differently shaped tensors.
   */
  loadStateDict(state: OptimizerState): void {
    checkKind(this.kind, state);
    const op = `${this.kind}.loadStateDict`;
    const options = restoreOptions(op, this.#table, state.options);
    this.checkTogether(op, options);
    const { steps } = state;
    if (!Array.isArray(steps) || steps.length !== this.parameters.length) {
      const got = Array.isArray(steps) ? `${steps.length} step counts` : show(steps);
      throw new RangeError(`${op}: expected step counts of ${this.parameters.length} parameters, got ${got}`);
    }
    const saved = new Map(Object.entries(asObject(op, "tensors by name", state.tensors)));
    const names = this.stateNames(options);
    const states = this.parameters.map((parameter, i) => {
      checkOption(op, `steps[${i}]`, integer(0), steps[i]);
      if (steps[i] === 0) return null;
      const fresh = this.#newState(parameter, options);
      fresh.step = steps[i];
      fresh.tensors.forEach((kept, slot) => {
        const name = `${i}.${names[slot]}`;
        const from = saved.get(name);
        if (!(from instanceof Tensor) || !sameShape(from.shape, kept.shape)) {
          const got = from instanceof Tensor ? `shape ${formatShape(from.shape)}` : show(from);
          throw new RangeError(`${op}: expected ${name} of shape ${formatShape(kept.shape)}, got ${got}`);
        }
        writableFloats(kept).set(floatsOf(from));
        saved.delete(name);
      });
      return fresh;
    });
    if (saved.size > 0) {
      const kept = names.length > 0 ? names.join(", ") : "no tensors";
      throw new RangeError(`${op}: expected ${kept} per updated parameter, got also ${[...saved.keys()].join(", ")}`);
    }
    this.options = options;
    this.dispose();
    this.#states = states;
  }

  /** Frees the state at once instead of when it is collected. A later step begins with a new one. */
  dispose(): void {
    for (const state of this.#states) for (const kept of state?.tensors ?? []) kept.dispose();
    this.#states = this.parameters.map(() => null);
  }

  /** PyTorch's names for what the rule keeps per parameter under these options. */
  protected abstract stateNames(options: O): readonly string[];

  /** Moves one parameter; `state.step` counts from 1. */
  protected abstract update(parameter: Tensor, grad: Tensor, state: ParameterState): void;

  /** Throws `RangeError` on options that are fine one by one but not together. */
  protected checkTogether(_op: string, _options: O): void {}

  /** What every number of the state is before the first update. */
  protected initialState(_options: O): number {
    return 0;
  }

  #newState({ shape, dtype }: Tensor, options: O): ParameterState {
    const initial = this.initialState(options);
    const tensors = this.stateNames(options).map(() => {
      const kept = zeros(shape, { dtype, lifetime: "persistent" });
      if (initial !== 0) writableFloats(kept).fill(initial);
      return kept;
    });
    return { step: 0, tensors };
  }
}

function checkParameters(op: string, parameters: Iterable<Tensor>): Tensor[] {
  if (typeof parameters?.[Symbol.iterator] !== "function") {
    throw new TypeError(`${op}: expected an iterable of tensors, got ${show(parameters)}`);
  }
  const list = [...parameters];
  if (list.length === 0) {
    throw new RangeError(
      `${op}: expected at least one parameter, got none (a module's parameters are those it registered with ` +
        "registerParameter and registerModule)",
    );
  }
  list.forEach((parameter, i) => {
    if (!(parameter instanceof Tensor)) {
      throw new TypeError(`${op}: expected parameter ${i} to be a tensor, got ${show(parameter)}`);
    }
    const shape = formatShape(parameter.shape);
    if (!parameter.requiresGrad || parameter.history) {
      const got = parameter.history ? `the result of ${parameter.op}` : "one that does not";
      throw new RangeError(`${op}: expected parameter ${i} ${shape} to be a leaf that requires grad, got ${got}`);
    }
    const first = list.indexOf(parameter);
    if (first !== i) throw new RangeError(`${op}: expected parameter ${i} ${shape} once, got it at ${first} too`);
  });
  return list;
}
