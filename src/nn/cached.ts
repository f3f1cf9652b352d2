import { PackedWeights, type WeightColumns } from "../autograd/ops/index.js";
import { kernelSet } from "../tensor/kernels/index.js";
import { isUnchanged, type Mark, markOf, type Tensor } from "../tensor/tensor.js";

/** Parameters as they are now, to ask later whether they still are. */
export class Marks {
  readonly #marks: readonly (readonly [Tensor, Mark])[];

  constructor(parameters: readonly Tensor[]) {
    this.#marks = parameters.map((parameter) => [parameter, markOf(parameter)]);
  }

  /** Whether none has changed since. */
  hold(): boolean {
    return this.#marks.every(([parameter, mark]) => isUnchanged(parameter, mark));
  }
}

/**
 * Something made of parameters, such as packed weights: made when first asked for, and anew when a parameter has changed,
 * by whatever road, or the kernel set.
 */
export class Cached<T> {
  readonly #parameters: readonly Tensor[];
  readonly #make: () => T;
  readonly #free: (value: T) => void;
  #kept: { readonly value: T; readonly marks: Marks; readonly kernels: string } | null = null;

  /** `free` takes back what nobody but the cache holds; without it a value that was handed out lives on until it is collected. */
  constructor(parameters: readonly Tensor[], make: () => T, free: (value: T) => void = () => {}) {
    this.#parameters = parameters;
    this.#make = make;
    this.#free = free;
  }

  get(): T {
    if (this.#kept?.kernels === kernelSet && this.#kept.marks.hold()) return this.#kept.value;
    this.dispose();
    this.#kept = { value: this.#make(), marks: new Marks(this.#parameters), kernels: kernelSet };
    return this.#kept.value;
  }

  /** Lets go of the value. */
  dispose(): void {
    if (this.#kept) this.#free(this.#kept.value);
    this.#kept = null;
  }
}

/** Weights laid out for many products without history. Whoever gets them is done with them before he asks again. */
export function cachedWeights(columns: readonly WeightColumns[]): Cached<PackedWeights> {
  const weights = columns.map(({ weight }) => weight);
  return new Cached(
    weights,
    () => new PackedWeights(columns),
    (packed) => packed.dispose(),
  );
}
