import { checkOptions, flag, type OptionTable } from "../options.js";
import { show, showName } from "../show.js";
import { checkFlag, checkTensors, describe } from "../tensor/checks.js";
import { inspect } from "../tensor/format.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { floatsOf, Tensor, writableFloats } from "../tensor/tensor.js";

/** Throws `RangeError` unless every size of a layer is a positive integer. */
export function checkSizes(layer: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${layer}: expected ${name} ≥ 1, got ${show(size)}`);
  }
}

/** The first faults, and how many more there are: of a file of another model, every name is one. */
function listed(faults: readonly string[]): string {
  const more = faults.length > MOST_FAULTS ? `; and ${faults.length - MOST_FAULTS} more` : "";
  return faults.slice(0, MOST_FAULTS).join("; ") + more;
}

const MOST_FAULTS = 20;

/** The names of a shared parameter for which the state has other numbers than for its first. */
function disagreements(parameters: ReadonlyMap<string, Tensor>, state: StateDict): string[] {
  const first = new Map<Tensor, string>();
  const faults: string[] = [];
  for (const [name, parameter] of parameters) {
    const given = Object.hasOwn(state, name) ? state[name] : null;
    if (!(given instanceof Tensor) || !sameShape(given.shape, parameter.shape)) continue;
    const other = first.get(parameter);
    if (other === undefined) {
      first.set(parameter, name);
      continue;
    }
    const [own, others] = [floatsOf(given), floatsOf(state[other])];
    if (own.every((value, i) => Object.is(value, others[i]))) continue;
    faults.push(`${name}: expected the numbers of ${other}, with which it is one parameter, got others`);
  }
  return faults;
}

/** Parameters by their full names, such as `encoder.gru.weight_ih_l0`. */
export type StateDict = Record<string, Tensor>;

export interface LoadOptions {
  /** Whether the keys must be the module's, no more and no fewer. Default true. */
  readonly strict?: boolean;
}

const loadOptions: OptionTable<LoadOptions> = { strict: flag() };

/** PyTorch's answer of `load_state_dict`. */
export interface LoadedKeys {
  /** Parameters of the module that the state does not have. */
  readonly missingKeys: string[];
  /** Keys of the state that the module does not have. */
  readonly unexpectedKeys: string[];
}

/**
 * A part of a model: parameters and further modules, each registered under the name it has in PyTorch's state dict.
 *
 * @example
 * class Doubler extends Module {
 *   readonly linear = this.registerModule("linear", new Linear(4, 4));
 *   forward(x: Tensor): Tensor {
 *     return mul(this.linear.forward(x), 2);
 *   }
 * }
 */
export abstract class Module {
  /** True until `eval()`: dropout is on. */
  training = true;
  readonly #parameters = new Map<string, Tensor>();
  readonly #modules = new Map<string, Module>();
  readonly #owned: { dispose(): void }[] = [];

  /** Adds a tensor to the module's parameters, to be trained and saved, and returns it. */
  protected registerParameter(name: string, parameter: Tensor): Tensor {
    checkTensors(this.constructor.name, parameter);
    this.#checkNew(name);
    parameter.requiresGrad = true;
    this.#parameters.set(name, parameter);
    return parameter;
  }

  /** Adds a module whose parameters belong to this one's under `name.`, and returns it. */
  protected registerModule<M extends Module>(name: string, module: M): M {
    if (!(module instanceof Module)) {
      throw new TypeError(`${this.constructor.name}: expected a module as ${showName(name)}, got ${show(module)}`);
    }
    this.#checkNew(name);
    this.#modules.set(name, module);
    return module;
  }

  /** Of two under one name, one would neither be trained nor saved. */
  #checkNew(name: string): void {
    if (!this.#parameters.has(name) && !this.#modules.has(name)) return;
    throw new Error(`${this.constructor.name}: expected one parameter or module as ${showName(name)}, got two`);
  }

  /** Has something that is freed with the module, such as packed weights, and returns it. */
  protected owns<T extends { dispose(): void }>(part: T): T {
    this.#owned.push(part);
    return part;
  }

  /** Every parameter with its full name, own ones first. One that is shared shows under each of its names. */
  *namedParameters(prefix = ""): IterableIterator<[string, Tensor]> {
    for (const [name, parameter] of this.#parameters) yield [prefix + name, parameter];
    for (const [name, module] of this.#modules) yield* module.namedParameters(`${prefix}${name}.`);
  }

  /** Every parameter once, in the order of `namedParameters`. */
  parameters(): Tensor[] {
    return [...new Set([...this.namedParameters()].map(([, parameter]) => parameter))];
  }

  /** This module and all below it, by full name; this one's is "". */
  *namedModules(prefix = ""): IterableIterator<[string, Module]> {
    yield [prefix, this];
    for (const [name, module] of this.#modules) yield* module.namedModules(prefix ? `${prefix}.${name}` : name);
  }

  /** Copies of all parameters under PyTorch's names. */
  stateDict(): StateDict {
    return Object.fromEntries(
      [...this.namedParameters()].map(([name, parameter]) => [
        name,
        new Tensor(floatsOf(parameter).slice(), parameter.shape, "stateDict"),
      ]),
    );
  }

  /**
   * Copies values into the parameters, and tells which keys there were on one side only. Nothing changes unless every key
   * and shape fits; with `strict` false, keys may be missing, whose parameters stay as they are, and unexpected.
   * Throws `Error` listing the mis-shaped keys, those of one shared parameter that disagree and, if strict, the missing and
   * unexpected ones.
   *
   * @example
   * const { missingKeys } = model.loadStateDict(smaller.stateDict(), { strict: false });
   */
  loadStateDict(state: StateDict, options: LoadOptions = {}): LoadedKeys {
    checkOptions("loadStateDict", loadOptions, options);
    const { strict = true } = options;
    const parameters = new Map(this.namedParameters());
    const missingKeys: string[] = [];
    const faults: string[] = [];
    for (const [name, parameter] of parameters) {
      const given = Object.hasOwn(state, name) ? state[name] : null;
      if (!given) {
        missingKeys.push(name);
        if (strict) faults.push(`missing ${name} ${formatShape(parameter.shape)}`);
      } else if (!(given instanceof Tensor)) {
        faults.push(`${name}: expected a tensor, got ${describe(given, "Tensor")}`);
      } else if (!sameShape(given.shape, parameter.shape)) {
        faults.push(`${name}: expected ${formatShape(parameter.shape)}, got ${formatShape(given.shape)}`);
      }
    }
    faults.push(...disagreements(parameters, state));
    const unexpectedKeys = Object.keys(state).filter((name) => !parameters.has(name));
    if (strict) for (const name of unexpectedKeys) faults.push(`unexpected ${showName(name)}`);
    if (faults.length > 0) throw new Error(`loadStateDict: the state does not fit the module: ${listed(faults)}`);
    const missing = new Set(missingKeys);
    for (const [name, parameter] of parameters) {
      if (!missing.has(name)) writableFloats(parameter).set(floatsOf(state[name]));
    }
    return { missingKeys, unexpectedKeys };
  }

  /** Switches this module and all below it to training (dropout on), or off it. */
  train(on = true): this {
    checkFlag("train", "the mode", on);
    for (const [, module] of this.namedModules()) module.training = on;
    return this;
  }

  /** The same as `train(false)`. */
  eval(): this {
    return this.train(false);
  }

  /** Forgets every parameter's gradient: see `Tensor.zeroGrad`. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.zeroGrad();
  }

  /** Sizes and options as they stand between the brackets when the module is printed, such as `8, 16, numLayers=2`. */
  protected extraRepr(): string {
    return "";
  }

  /** The module with its options and all below it, as PyTorch prints it: `Linear(inFeatures=3, outFeatures=5, bias=true)`. */
  toString(): string {
    const own = this.extraRepr();
    const below = [...this.#modules].map(([name, module]) => `(${name}): ${String(module).replaceAll("\n", "\n  ")}`);
    const inside = below.length === 0 ? own : `\n  ${[...(own ? [own] : []), ...below].join("\n  ")}\n`;
    return `${this.constructor.name}(${inside})`;
  }

  [inspect](): string {
    return this.toString();
  }

  /**
   * Frees all parameters at once instead of when they are collected, with their gradients and whatever was made of them. For
   * an owner who is done with the model, as where many are loaded in turn: using it afterwards throws.
   */
  dispose(): void {
    for (const [, module] of this.namedModules()) for (const part of module.#owned) part.dispose();
    for (const parameter of this.parameters()) parameter.dispose();
  }
}
