import { describe, expect, it } from "vitest";
import {
  Adam,
  ExponentialLR,
  type HasLearningRate,
  LinearWarmup,
  ReduceLROnPlateau,
  type SchedulerState,
  SGD,
  StepLR,
  type StepLROptions,
} from "../../src/optim/index.js";
import { tensor } from "../../src/tensor/index.js";
import { golden } from "./golden.js";

interface AnyScheduler {
  step(metric: number): void;
  stateDict(): SchedulerState;
  loadStateDict(state: SchedulerState): void;
}

const SCHEDULES: Record<string, new (optimizer: HasLearningRate, options: never) => AnyScheduler> = {
  StepLR,
  ExponentialLR,
  LinearWarmup,
  ReduceLROnPlateau,
};

const make = (kind: string, optimizer: HasLearningRate, options: object): AnyScheduler =>
  new SCHEDULES[kind](optimizer, options as never);

const optimizerAt = (lr: number): Adam => new Adam([tensor([1], { requiresGrad: true })], { lr });

describe("schedules give PyTorch's learning rates, bit for bit", () => {
  for (const { kind, options, lrs } of golden.schedules) {
    it(`${kind} ${JSON.stringify(options)}`, () => {
      const optimizer = optimizerAt(0.3);
      const scheduler = make(kind, optimizer, options);
      const got = [optimizer.lr];
      for (const metric of golden.metrics) {
        scheduler.step(metric);
        got.push(optimizer.lr);
      }
      expect(got).toEqual(lrs);
    });

    it(`${kind} ${JSON.stringify(options)}, saved and restored half way`, () => {
      for (const stop of [0, 9]) {
        const first = optimizerAt(0.3);
        const interrupted = make(kind, first, options);
        for (const metric of golden.metrics.slice(0, stop)) interrupted.step(metric);
        const state = JSON.parse(JSON.stringify(interrupted.stateDict())) as SchedulerState;

        // Whichever is restored first, and whatever the constructor did to the learning rate.
        const second = optimizerAt(7);
        second.loadStateDict(first.stateDict());
        const resumed = make(kind, second, kind === "StepLR" ? { stepSize: 99 } : { ...options });
        resumed.loadStateDict(state);
        const got = [second.lr];
        for (const metric of golden.metrics.slice(stop)) {
          resumed.step(metric);
          got.push(second.lr);
        }
        expect(got).toEqual(lrs.slice(stop));
      }
    });
  }

  it("two at once", () => {
    const optimizer = optimizerAt(0.3);
    const warmup = new LinearWarmup(optimizer, { startFactor: 0.1, steps: 10 });
    const decay = new StepLR(optimizer, { stepSize: 6, gamma: 0.5 });
    const got = [optimizer.lr];
    for (const _ of golden.metrics) {
      warmup.step();
      decay.step();
      got.push(optimizer.lr);
    }
    expect(got).toEqual(golden.warmupAndDecay);
  });
});

describe("LinearWarmup", () => {
  it("is a straight line", () => {
    const optimizer = optimizerAt(2);
    const warmup = new LinearWarmup(optimizer, { startFactor: 0.25, steps: 8 });
    for (let t = 0; t <= 12; t++) {
      expect(optimizer.lr).toBeCloseTo(2 * (0.25 + (0.75 * Math.min(t, 8)) / 8), 12);
      warmup.step();
    }
  });
});

describe("ReduceLROnPlateau", () => {
  it("never takes NaN or infinity as better", () => {
    const optimizer = optimizerAt(1);
    const scheduler = new ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5 });
    for (const metric of [Number.NaN, Infinity]) scheduler.step(metric);
    expect(optimizer.lr).toBe(0.5);
    expect(scheduler.stateDict().progress).toEqual({ best: null, numBadEpochs: 0, cooldownCounter: 0, lastEpoch: 2 });
  });
});

describe("bad input", () => {
  const optimizer = new SGD([tensor([1], { requiresGrad: true })], { lr: 0.5 });
  const cases: [() => unknown, string][] = [
    [() => new StepLR(optimizer, {} as StepLROptions), "StepLR: expected stepSize to be an integer ≥ 1, got undefined"],
    [() => new StepLR(optimizer, { stepSize: 0 }), "StepLR: expected stepSize to be an integer ≥ 1, got 0"],
    [
      () => new StepLR(optimizer, { stepSize: 1, gamma: -1 }),
      "StepLR: expected gamma to be a finite number ≥ 0, got -1",
    ],
    [
      () => new ExponentialLR(optimizer, { gamma: Infinity }),
      "ExponentialLR: expected gamma to be a finite number ≥ 0",
    ],
    [
      () => new LinearWarmup(optimizer, { startFactor: 0 }),
      "LinearWarmup: expected startFactor to be a number in (0, 1]",
    ],
    [() => new LinearWarmup(optimizer, { steps: 1.5 }), "LinearWarmup: expected steps to be an integer ≥ 1, got 1.5"],
    [
      () => new ReduceLROnPlateau(optimizer, { factor: 1 }),
      "ReduceLROnPlateau: expected factor to be a number in [0, 1)",
    ],
    [
      () => new ReduceLROnPlateau(optimizer, { mode: "most" as "max" }),
      'ReduceLROnPlateau: expected mode to be "min" or "max", got "most"',
    ],
    [
      () => new ReduceLROnPlateau(optimizer).step("3" as unknown as number),
      'ReduceLROnPlateau: expected the metric to be a number, got "3"',
    ],
    [() => new ReduceLROnPlateau({} as HasLearningRate), "ReduceLROnPlateau: expected an optimizer, got {}"],
  ];
  for (const [call, message] of cases) {
    it(message, () => {
      expect(call).toThrow(message);
      expect(optimizer.lr).toBe(0.5);
    });
  }

  it("a refused state changes nothing", () => {
    const scheduler = new StepLR(optimizer, { stepSize: 2 });
    const good = scheduler.stateDict();
    const bad: [unknown, string][] = [
      [new ExponentialLR(optimizer, { gamma: 1 }).stateDict(), 'expected the state of StepLR, got "ExponentialLR"'],
      [{ ...good, options: { stepSize: 2 } }, "expected gamma to be a finite number ≥ 0, got undefined"],
      [{ ...good, progress: { lastEpoch: -1 } }, "expected lastEpoch to be an integer ≥ 0, got -1"],
      [{ ...good, lr: null }, "expected lr to be a finite number ≥ 0, got null"],
      [7, "StepLR.loadStateDict: expected a state, got 7"],
    ];
    for (const [state, message] of bad) {
      expect(() => scheduler.loadStateDict(state as SchedulerState)).toThrow(message);
      expect(scheduler.stateDict()).toEqual(good);
    }
  });
});
