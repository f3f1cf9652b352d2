import { show, showName } from "../show.js";
import { checkTensors } from "../tensor/checks.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { floatsOf, Tensor, writableFloats } from "../tensor/tensor.js";

/** Throws `RangeError` unless every size of a layer is a positive integer. */
export function checkSizes(layer: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${layer}: expected ${name} ≥ 1, got ${show(size)}`);
  }
}

/** Parameters by their full names, such as `encoder.gru.weight_ih_l0`. */
export type StateDict = Record<string, Tensor>;

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
   * Copies values into the parameters. Nothing changes unless every key and shape fits.
   * Throws `Error` listing every missing, unexpected and mis-shaped key.
   */
  loadStateDict(state: StateDict): void {
    const parameters = new Map(this.namedParameters());
    const faults: string[] = [];
    for (const [name, parameter] of parameters) {
      const given = Object.hasOwn(state, name) ? state[name] : null;
      if (!given) faults.push(`missing ${name} ${formatShape(parameter.shape)}`);
      else if (!sameShape(given.shape, parameter.shape)) {
        faults.push(`${name}: expected ${formatShape(parameter.shape)}, got ${formatShape(given.shape)}`);
      }
    }
    for (const name of Object.keys(state)) if (!parameters.has(name)) faults.push(`unexpected ${name}`);
    if (faults.length > 0) throw new Error(`loadStateDict: the state does not fit the module: ${faults.join("; ")}`);
    for (const [name, parameter] of parameters) writableFloats(parameter).set(floatsOf(state[name]));
  }

  /** Switches this module and all below it to training (dropout on), or off it. */
  train(on = true): this {
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

  /**
   * Frees all parameters at once instead of when they are collected, with their gradients and whatever was made of them. For
   * an owner who is done with the model, as where many are loaded in turn: using it afterwards throws.
   */
  dispose(): void {
    for (const [, module] of this.namedModules()) for (const part of module.#owned) part.dispose();
    for (const parameter of this.parameters()) parameter.dispose();
  }
}
