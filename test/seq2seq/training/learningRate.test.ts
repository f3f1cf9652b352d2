import { describe, expect, test } from "vitest";
import {
  type LearningRateOptions,
  learningRateFactor,
  readLearningRate,
} from "../../../src/seq2seq/training/learningRate.js";
import { LineTask, trained } from "../../support/line.js";

/** The factors of all steps of some epochs. */
function factors(given: LearningRateOptions, epochs: number, stepsPerEpoch: number): number[] {
  const options = readLearningRate(given);
  return Array.from({ length: epochs * stepsPerEpoch }, (_, totalSteps) => {
    const [epoch, step] = [Math.floor(totalSteps / stepsPerEpoch), totalSteps % stepsPerEpoch];
    return learningRateFactor({ epoch, step, totalSteps, reductions: 0 }, { epochs, stepsPerEpoch }, options);
  });
}

describe("learning rates", () => {
  test("stay, or fall in a line", () => {
    expect(factors({}, 2, 2)).toEqual([1, 1, 1, 1]);
    expect(factors({ lrDecay: "linear" }, 2, 2)).toEqual([1, 0.75, 0.5, 0.25]);
  });

  test("rise in a line over the first steps, whatever comes after", () => {
    expect(factors({ warmupSteps: 3 }, 1, 5)).toEqual([1 / 3, 2 / 3, 1, 1, 1]);
    expect(factors({ warmupSteps: 2, lrDecay: "linear" }, 1, 4)).toEqual([0.5, 0.75, 0.5, 0.25]);
    expect(factors({ warmupSteps: 4, lrDecay: "step", lrDecayStart: 0.5 }, 1, 4)).toEqual([0.25, 0.5, 0.375, 0.5]);
  });

  test("are halved after 5 epochs and every half epoch from then on, as in Sutskever et al. (2014)", () => {
    const halved = factors({ lrDecay: "step" }, 8, 10);
    expect(halved.slice(0, 50)).toEqual(new Array(50).fill(1));
    expect(halved.slice(50)).toEqual([1, 2, 3, 4, 5, 6].flatMap((n) => new Array(5).fill(0.5 ** n)));
  });

  test("fall at each step that a sum of fractions stands for", () => {
    const tenths = factors({ lrDecay: "step", lrDecayStart: 0.1, lrDecayEvery: 0.1, lrDecayFactor: 0.9 }, 1, 10);
    expect(tenths).toEqual(Array.from({ length: 10 }, (_, n) => 0.9 ** n));
  });

  test("fall where validations in a row are no better, and the count begins anew at a better one and at a fall", async () => {
    const scores = [5, 6, 4, 4, 4.5, 9, 8, 3, 9];
    const task = new LineTask(1, (validation) => scores[validation - 1]);
    const options = {
      lrDecay: "plateau",
      lrDecayFactor: 0.1,
      lrDecayPatience: 2,
      validateEvery: 2,
      epochs: 3,
    } as const;
    const { steps, validations } = await trained(task, options);
    expect(validations.map(({ best }) => best)).toEqual([true, false, true, ...new Array(4).fill(false), true, false]);
    const lrs = [0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001].flatMap((lr) => [lr, lr]);
    steps.forEach(({ lr }, i) => {
      expect(lr).toBeCloseTo(lrs[i], 12);
    });
  });
});
