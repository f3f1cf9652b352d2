import { Module } from "../../nn/module.js";
import { show } from "../../show.js";
import { kernels } from "../../tensor/kernels/index.js";
import { allocateUnset, type FloatArray } from "../../tensor/storage.js";
import type { Beginning, Searchable, Step, Stepper } from "../models/stepper.js";

/**
 * Several models with one target vocabulary that are searched as one: at each step the mean of their probabilities
 * counts (Sutskever et al., 2014).
 *
 * Throws `RangeError` on no models, and on models that differ in the number of tokens.
 *
 * @example
 * beamSearch(new Ensemble([first, second]), [[5, 9, 3]], { beam: 5 });
 */
export class Ensemble<Source = ArrayLike<number>> extends Module implements Searchable<Source> {
  readonly models: readonly Searchable<Source>[];

  constructor(models: readonly Searchable<Source>[]) {
    super();
    if (!Array.isArray(models)) throw new TypeError(`Ensemble: expected a list of models, got ${show(models)}`);
    if (models.length === 0) throw new RangeError("Ensemble: expected at least one model, got none");
    this.models = models;
    models.forEach((model, i) => {
      if (model instanceof Module) this.registerModule(String(i), model);
    });
  }

  begin(sources: readonly Source[]): Beginning<readonly unknown[]> {
    const beginnings = this.models.map((model) => model.begin(sources));
    const stepper = new EnsembleStepper(beginnings.map((beginning) => beginning.stepper));
    const [{ ids, lengths }] = beginnings;
    return { stepper, state: beginnings.map(({ state }) => state), ids, lengths };
  }
}

class EnsembleStepper implements Stepper<readonly unknown[]> {
  readonly size: number;
  readonly #steppers: readonly Stepper[];

  constructor(steppers: readonly Stepper[]) {
    const sizes = steppers.map(({ size }) => size);
    if (new Set(sizes).size > 1) {
      throw new RangeError(`Ensemble: expected models with one number of tokens, got ${sizes.join(", ")}`);
    }
    [this.size] = sizes;
    this.#steppers = steppers;
  }

  step(ids: readonly number[], state: readonly unknown[]): Step<readonly unknown[]> {
    const steps = this.#steppers.map((stepper, i) => stepper.step(ids, state[i]));
    const logits = logMean(
      steps.map((step) => step.logits),
      ids.length,
      this.size,
    );
    return { logits, state: steps.map((step) => step.state), attention: mean(steps.map((step) => step.attention)) };
  }

  end(): void {
    for (const stepper of this.#steppers) stepper.end?.();
  }

  select(state: readonly unknown[], rows: readonly number[]): readonly unknown[] {
    return this.#steppers.map((stepper, i) => stepper.select(state[i], rows));
  }
}

/** ln of the mean of softmax(logits) over the models, row by row. */
function logMean(logits: readonly FloatArray[], rows: number, size: number): FloatArray {
  const total = allocateUnset(rows * size, "float32").fill(0);
  const probabilities = allocateUnset(rows * size, "float32");
  for (const own of logits) {
    kernels.softmax(probabilities, own, rows, size);
    kernels.addScaled(total, probabilities, 1 / logits.length);
  }
  kernels.log(total, total);
  return total;
}

/** The mean of the models' attention; undefined unless all have it over the same positions. */
function mean(weights: readonly (FloatArray | undefined)[]): FloatArray | undefined {
  const [first] = weights;
  if (!first || weights.some((own) => own?.length !== first.length)) return undefined;
  const total = allocateUnset(first.length, "float32").fill(0);
  for (const own of weights) kernels.addScaled(total, own as FloatArray, 1 / weights.length);
  return total;
}
