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
import { show, showName } from "../show.js";
import { Tensor, tensor, zeros } from "../tensor/index.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { floatsOf, gradOf, writableFloats } from "../tensor/tensor.js";
import { makeGroup, type ParamGroup, type Params, readGroups } from "./paramGroups.js";

/** Everything a run needs to go on bit for bit, besides the parameters. All but `tensors` survives JSON. */
export interface OptimizerState {
  /** The class: `"Adam"`. */
  readonly kind: string;
  /** Every group's options, the learning rate as it stands among them, and the places of its parameters among all. */
  readonly paramGroups: readonly (Readonly<Record<string, OptionValue>> & { readonly params: readonly number[] })[];
  /** How often each parameter was updated, in the order they were given, group after group. */
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
  /** Those of all groups. */
  readonly parameters: readonly Tensor[];
  readonly #table: OptionTable<O>;
  #groups: readonly ParamGroup<O>[];
  /** Which group each parameter is in. */
  readonly #groupOf: readonly number[];
  /** Null until a parameter has its first gradient. */
  #states: (ParameterState | null)[];

  constructor(kind: string, params: Params<object>, table: OptionTable<O>, options: object) {
    this.kind = kind;
    this.#table = table;
    this.#groups = readGroups(kind, params, table, readOptions(kind, table, options));
    this.#groups.forEach((group, i) => {
      this.checkTogether(this.#groups.length > 1 ? `${kind}: group ${i}` : kind, group);
    });
    this.parameters = this.#groups.flatMap((group) => group.params);
    this.#groupOf = this.#groups.flatMap((group, i) => group.params.map(() => i));
    this.#states = this.parameters.map(() => null);
  }

  /** The groups with their options; `loadStateDict` makes them anew. */
  get paramGroups(): readonly ParamGroup<O>[] {
    return this.#groups;
  }

  /**
   * The learning rate, of the first group where there are several. Setting it throws `RangeError` unless it is finite and
   * ≥ 0, and `TypeError` where there are several groups: each has its own, in `paramGroups`.
   */
  get lr(): number {
    return this.#groups[0].lr;
  }

  set lr(value: number) {
    if (this.#groups.length > 1) {
      const expected = "the learning rate of each group, in paramGroups";
      throw new TypeError(`${this.kind}: expected ${expected}, got one for ${this.#groups.length} groups`);
    }
    this.#groups[0].lr = value;
  }

  /**
   * Updates every parameter that has a gradient: one that is frozen has none. Whether gradients are finite is not looked at.
   */
  step(): void {
    this.parameters.forEach((parameter, i) => {
      const grad = gradOf(parameter);
      if (!grad) return;
      const group = this.#groups[this.#groupOf[i]];
      this.#states[i] ??= this.#newState(parameter, group);
      const state = this.#states[i];
      state.step++;
      this.update(parameter, grad, state, group);
    });
  }

  /** Forgets the gradients of all parameters: see `Tensor.zeroGrad`. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.zeroGrad();
  }

  /** The state as it stands, copied. */
  stateDict(): OptimizerState {
    const tensors: Record<string, Tensor> = {};
    this.#states.forEach((state, i) => {
      const names = this.stateNames(this.#groups[this.#groupOf[i]]);
      state?.tensors.forEach((kept, slot) => {
        tensors[`${i}.${names[slot]}`] = tensor(floatsOf(kept), kept.shape);
      });
    });
    const paramGroups = this.#groups.map((group, i) => {
      const options = Object.keys(this.#table).map((name) => [name, group[name as keyof O]]);
      return { ...structuredClone(Object.fromEntries(options)), params: this.#placesIn(i) };
    });
    return { kind: this.kind, paramGroups, steps: this.#states.map((state) => state?.step ?? 0), tensors };
  }

  /**
   * Goes on from what `stateDict` returned, options included; values are copied, and converted to the parameter's
   * dtype. Throws, with nothing changed: `TypeError` on the state of another class or on what is no state at all,
   * `RangeError` on bad options, other groups, another number of parameters, and missing, surplus or differently shaped
   * tensors. A state from before there were groups, with its `options`, is that of a single one.
   */
  loadStateDict(state: OptimizerState): void {
    checkKind(this.kind, state);
    const op = `${this.kind}.loadStateDict`;
    const groups = this.#savedGroups(op, state);
    const { steps } = state;
    if (!Array.isArray(steps) || steps.length !== this.parameters.length) {
      const got = Array.isArray(steps) ? `${steps.length} step counts` : show(steps);
      throw new RangeError(`${op}: expected step counts of ${this.parameters.length} parameters, got ${got}`);
    }
    const saved = new Map(Object.entries(asObject(op, "tensors by name", state.tensors)));
    const states = this.parameters.map((parameter, i) => {
      checkOption(op, `steps[${i}]`, integer(0), steps[i]);
      if (steps[i] === 0) return null;
      const group = groups[this.#groupOf[i]];
      const names = this.stateNames(group);
      const fresh = this.#newState(parameter, group);
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
      const names = new Set(groups.flatMap((group) => this.stateNames(group)));
      const kept = names.size > 0 ? [...names].join(", ") : "no tensors";
      throw new RangeError(
        `${op}: expected ${kept} per updated parameter, got also ${showName([...saved.keys()].join(", "))}`,
      );
    }
    this.#groups = groups;
    this.dispose();
    this.#states = states;
  }

  /** Frees the state at once instead of when it is collected. A later step begins with a new one. */
  dispose(): void {
    for (const state of this.#states) for (const kept of state?.tensors ?? []) kept.dispose();
    this.#states = this.parameters.map(() => null);
  }

  /** PyTorch's names for what the rule keeps per parameter under these options. */
  protected abstract stateNames(options: Readonly<O>): readonly string[];

  /** Moves one parameter; `state.step` counts from 1. */
  protected abstract update(parameter: Tensor, grad: Tensor, state: ParameterState, group: Readonly<O>): void;

  /** Throws `RangeError` on options that are fine one by one but not together. */
  protected checkTogether(_op: string, _options: Readonly<O>): void {}

  /** What every number of the state is before the first update. */
  protected initialState(_options: Readonly<O>): number {
    return 0;
  }

  /** Where a group's parameters stand among all. */
  #placesIn(group: number): number[] {
    return this.#groupOf.flatMap((of, place) => (of === group ? [place] : []));
  }

  /** The groups of a saved state, with the parameters of today's. */
  #savedGroups(op: string, { paramGroups, ...rest }: OptimizerState): ParamGroup<O>[] {
    const { options } = rest as { options?: object };
    const saved = paramGroups ?? [{ ...asObject(op, "an object of options", options), params: this.#placesIn(0) }];
    if (!Array.isArray(saved) || saved.length !== this.#groups.length) {
      const got = Array.isArray(saved) ? saved.length : show(saved);
      throw new RangeError(`${op}: expected parameter groups to be ${this.#groups.length}, got ${got}`);
    }
    return saved.map((each: unknown, i) => {
      const { params, ...options } = asObject(op, "an object with params", each);
      const places = this.#placesIn(i);
      const fits =
        Array.isArray(params) && params.length === places.length && places.every((at, k) => params[k] === at);
      if (!fits) {
        throw new RangeError(`${op}: expected group ${i} of the parameters ${show(places)}, got ${show(params)}`);
      }
      const restored = restoreOptions(op, this.#table, options);
      this.checkTogether(op, restored);
      return makeGroup(this.kind, this.#groups[i].params, this.#table, restored);
    });
  }

  #newState({ shape, dtype }: Tensor, options: Readonly<O>): ParameterState {
    const initial = this.initialState(options);
    const tensors = this.stateNames(options).map(() => {
      const kept = zeros(shape, { dtype, lifetime: "persistent" });
      if (initial !== 0) writableFloats(kept).fill(initial);
      return kept;
    });
    return { step: 0, tensors };
  }
}
