import { PackedWeights, type WeightColumns } from "../autograd/ops/index.js";
import { kernelSet } from "../tensor/kernels/index.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Something made of parameters, such as packed weights: made when first asked for, and anew once somebody has taken a
 * parameter's floats (and so may have changed them) or changed the kernel set.
 */
export class Cached<T extends { dispose(): void }> {
  readonly #parameters: readonly Tensor[];
  readonly #make: () => T;
  #value: T | null = null;
  #stamp = "";

  constructor(parameters: readonly Tensor[], make: () => T) {
    this.#parameters = parameters;
    this.#make = make;
  }

  get(): T {
    if (this.#value && this.#stamp === this.#now()) return this.#value;
    this.#value?.dispose();
    this.#value = null;
    const made = this.#make();
    this.#value = made;
    this.#stamp = this.#now(); // after, as making it takes the floats, too
    return made;
  }

  #now(): string {
    let stamp: string = kernelSet;
    for (const { reads } of this.#parameters) stamp += ` ${reads}`;
    return stamp;
  }
}

/** Weights laid out for many products without history. */
export function cachedWeights(columns: readonly WeightColumns[]): Cached<PackedWeights> {
  return new Cached(
    columns.map(({ weight }) => weight),
    () => new PackedWeights(columns),
  );
}
