import { show } from "../show.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** Modules in a row, under the names "0", "1", … as in PyTorch's state dict. */
abstract class Row<M extends Module> extends Module {
  readonly #items: M[] = [];

  get length(): number {
    return this.#items.length;
  }

  /** The module at a place, which may count from the end. Throws `RangeError` outside. */
  at(index: number): M {
    const module = this.#items.at(index);
    if (!Number.isInteger(index) || !module) {
      const range =
        this.length === 0 ? "no index, as it is empty" : `an index from ${-this.length} to ${this.length - 1}`;
      throw new RangeError(`${this.constructor.name}: expected ${range}, got ${show(index)}`);
    }
    return module;
  }

  [Symbol.iterator](): IterableIterator<M> {
    return this.#items[Symbol.iterator]();
  }

  protected add(module: M): void {
    this.#items.push(this.registerModule(String(this.length), module));
  }
}

/**
 * A list of modules that belong to the one that registers it; it has no forward of its own.
 *
 * @example
 * class Deep extends Module {
 *   readonly layers = this.registerModule("layers", new ModuleList([new Linear(4, 4), new Linear(4, 4)]));
 *   forward(x: Tensor): Tensor {
 *     for (const layer of this.layers) x = tanh(layer.forward(x));
 *     return x;
 *   }
 * }
 */
export class ModuleList<M extends Module = Module> extends Row<M> {
  /** Throws `TypeError` on what is no list of modules. */
  constructor(modules: Iterable<M> = []) {
    super();
    if (typeof modules?.[Symbol.iterator] !== "function") {
      throw new TypeError(`ModuleList: expected an iterable of modules, got ${show(modules)}`);
    }
    for (const module of modules) this.add(module);
  }

  /** Adds a module at the end. Throws `TypeError` on what is none. */
  append(module: M): this {
    this.add(module);
    return this;
  }
}

/** A module whose forward takes one thing. */
export type Layer = Module & { forward(input: never): unknown };

/** What the first of some layers takes. */
export type LayersInput<M extends readonly Layer[]> = M extends readonly []
  ? Tensor
  : M extends readonly [infer First extends Layer, ...unknown[]]
    ? Parameters<First["forward"]>[0]
    : Parameters<M[number]["forward"]>[0];

/** What the last of some layers gives. */
export type LayersOutput<M extends readonly Layer[]> = M extends readonly []
  ? Tensor
  : M extends readonly [...unknown[], infer Last extends Layer]
    ? ReturnType<Last["forward"]>
    : ReturnType<M[number]["forward"]>;

/**
 * Layers one after the other: each takes what the one before gives.
 *
 * @example
 * const model = new Sequential(new Embedding(100, 8), new LayerNorm(8), new Linear(8, 5));
 * model.forward([3, 1, 4]).shape; // [3, 5]
 */
export class Sequential<const M extends readonly Layer[] = readonly Layer[]> extends Row<M[number]> {
  /** Throws `TypeError` on what is no module with a forward. */
  constructor(...layers: M) {
    super();
    layers.forEach((layer, i) => {
      this.add(layer);
      if (typeof layer.forward !== "function") {
        throw new TypeError(`Sequential: expected layer ${i} to have a forward, got ${show(layer)}`);
      }
    });
  }

  /** The input of the first layer → the output of the last; without layers, the input itself. */
  forward(input: LayersInput<M>): LayersOutput<M> {
    let x: unknown = input;
    for (const layer of this) x = (layer as { forward(input: unknown): unknown }).forward(x);
    return x as LayersOutput<M>;
  }
}
