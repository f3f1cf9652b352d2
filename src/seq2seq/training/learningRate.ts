import { integer, nonNegative, type OptionTable, oneOf, positive, readOptions } from "../../options.js";
import type { Progress } from "./progress.js";

/** How learning rates go in a run; each is a factor of the one that the optimiser was given. */
export interface LearningRateOptions {
  /**
   * What the learning rates are multiplied by before each step, t epochs (with their fraction) being done:
   *
   *     "none"     1
   *     "linear"   1 − t / epochs, a line to 0 at the end of all epochs
   *     "plateau"  factor^n, n counting how often `lrDecayPatience` validations in a row found nothing better
   *     "step"     factor^(1 + ⌊(t − start) / every⌋) from t = start on, 1 before
   *
   * Default "none". The last, with 5, 0.5 and a factor of 0.5, is the schedule of Sutskever et al. (2014).
   */
  readonly lrDecay?: "none" | "linear" | "plateau" | "step";
  /** Of "plateau" and "step": what each reduction multiplies by, above 0. Default 0.5. */
  readonly lrDecayFactor?: number;
  /** Of "plateau": at which validation in a row without a better one, an integer ≥ 1, the rates fall. Default 1. */
  readonly lrDecayPatience?: number;
  /** Of "step": epochs, also parts of one, before the first reduction, ≥ 0. Default 5. */
  readonly lrDecayStart?: number;
  /** Of "step": epochs, also parts of one, from each reduction to the next, above 0. Default 0.5. */
  readonly lrDecayEvery?: number;
  /** Over this many first steps n the factor is multiplied by 1/n, 2/n, … 1. Default 0: none. */
  readonly warmupSteps?: number;
}

/** All of {@link LearningRateOptions}, with their defaults. */
export const LEARNING_RATE: OptionTable<LearningRateOptions> = {
  lrDecay: oneOf(["none", "linear", "plateau", "step"], "none"),
  lrDecayFactor: positive(0.5),
  lrDecayPatience: integer(1, 1),
  lrDecayStart: nonNegative(5),
  lrDecayEvery: positive(0.5),
  warmupSteps: integer(0, 0),
};

/** These options among others, with their defaults. */
export function readLearningRate(given: LearningRateOptions): Required<LearningRateOptions> {
  const names = Object.keys(LEARNING_RATE) as (keyof LearningRateOptions)[];
  return readOptions(
    "train",
    LEARNING_RATE,
    Object.fromEntries(names.map((name) => [name, given[name]])),
  ) as Required<LearningRateOptions>;
}

/** What is done, as far as the learning rates depend on it. */
type Done = Pick<Progress, "epoch" | "step" | "totalSteps" | "reductions">;

/** What the next step multiplies learning rates by: it depends on what is done alone, so that a resumed run has it too. */
export function learningRateFactor(
  done: Done,
  { epochs, stepsPerEpoch }: { readonly epochs: number; readonly stepsPerEpoch: number },
  options: Required<LearningRateOptions>,
): number {
  const { lrDecay, lrDecayFactor, warmupSteps } = options;
  const warmup = done.totalSteps < warmupSteps ? (done.totalSteps + 1) / warmupSteps : 1;
  if (lrDecay === "linear") return warmup * (1 - (done.epoch * stepsPerEpoch + done.step) / (epochs * stepsPerEpoch));
  if (lrDecay === "plateau") return warmup * lrDecayFactor ** done.reductions;
  if (lrDecay === "step") return warmup * lrDecayFactor ** stepsDown(done.epoch + done.step / stepsPerEpoch, options);
  return warmup;
}

function stepsDown(epochs: number, { lrDecayStart, lrDecayEvery }: Required<LearningRateOptions>): number {
  if (epochs < lrDecayStart) return 0;
  // A sum of fractions may lie below the whole number that it stands for.
  return 1 + Math.floor((epochs - lrDecayStart) / lrDecayEvery + 1e-9);
}
