import type { Module } from "../../nn/module.js";
import { zeros } from "../../tensor/create.js";
import { kernels } from "../../tensor/kernels/index.js";
import { scope } from "../../tensor/scope.js";
import { allocateUnset } from "../../tensor/storage.js";
import { floatsOf, Tensor, writableFloats } from "../../tensor/tensor.js";
import { floatsFor, namedWeights } from "./weights.js";

/**
 * An exponential moving average of a model's weights (Polyak and Juditsky, 1992, with weights that fade):
 *
 *     a ← a + (1 − dₜ)(w − a) after step t = 1, 2, …,  dₜ = min(d, (1 + t) / (10 + t))
 *
 * a being the first weights before all steps. They would stay in it for long; the smaller dₜ of the beginning, as in
 * TensorFlow's ExponentialMovingAverage, lets them go.
 */
export class MovingAverage {
  readonly #named: ReadonlyMap<string, Tensor>;
  readonly #averages: readonly Tensor[];
  readonly #decay: number;

  /** `decay` d in (0, 1). */
  constructor(model: Module, decay: number) {
    this.#named = namedWeights(model);
    this.#decay = decay;
    this.#averages = [...this.#named.values()].map((parameter) => {
      const average = zeros(parameter.shape, { dtype: parameter.dtype, lifetime: "persistent" });
      writableFloats(average).set(floatsOf(parameter));
      return average;
    });
  }

  /** The averages, in the order of the model's parameters. */
  get weights(): readonly ArrayLike<number>[] {
    return this.#averages.map(floatsOf);
  }

  /** Takes in the weights as they are after so many steps. */
  add(steps: number): void {
    const decay = Math.min(this.#decay, (1 + steps) / (10 + steps));
    const parameters = [...this.#named.values()];
    this.#averages.forEach((average, i) => {
      const [a, w] = [writableFloats(average), floatsOf(parameters[i])];
      scope(() => {
        const difference = allocateUnset(a.length, average.dtype);
        kernels.sub(difference, w, a);
        kernels.addScaled(a, difference, 1 - decay);
      });
    });
  }

  stateDict(): Record<string, Tensor> {
    const names = [...this.#named.keys()];
    return Object.fromEntries(
      this.#averages.map((average, i) => [names[i], new Tensor(floatsOf(average).slice(), average.shape, "stateDict")]),
    );
  }

  /** Throws `Error` when it is not what `stateDict` gave for such a model; nothing is changed then. */
  loadStateDict(state: Readonly<Record<string, Tensor>>): void {
    const saved = floatsFor("the moving average", this.#named, state);
    this.#averages.forEach((average, i) => {
      writableFloats(average).set(saved[i]);
    });
  }

  /** Frees the averages at once. */
  dispose(): void {
    for (const average of this.#averages) average.dispose();
  }
}
