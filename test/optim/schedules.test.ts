import { describe, expect, it } from "vitest";
import {
  Adam,
  CosineAnnealingLR,
  ExponentialLR,
  type HasParamGroups,
  LinearWarmup,
  MultiStepLR,
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

const SCHEDULES: Record<string, new (optimizer: HasParamGroups, options: never) => AnyScheduler> = {
  StepLR,
  MultiStepLR,
  CosineAnnealingLR,
  ExponentialLR,
  LinearWarmup,
  ReduceLROnPlateau,
};

const make = (kind: string, optimizer: HasParamGroups, options: object): AnyScheduler =>
  new SCHEDULES[kind](optimizer, options as never);

const optimizerAt = (...lrs: number[]): Adam =>
  new Adam(lrs.map((lr) => ({ params: tensor([1], { requiresGrad: true }), lr })));

const lrsOf = ({ paramGroups }: Adam): number[] => paramGroups.map(({ lr }) => lr);

/** The bits; but for a cosine, which the runtime may round otherwise. */
function expectSame(kind: string, got: readonly number[][], expected: readonly (readonly number[])[]): void {
  if (kind !== "CosineAnnealingLR") expect(got).toEqual(expected);
  got.flat().forEach((lr, i) => {
    expect(Math.abs(lr - expected.flat()[i])).toBeLessThanOrEqual(1e-15);
  });
  expect(got).toHaveLength(expected.length);
}

describe("schedules give PyTorch's learning rates, bit for bit", () => {
  for (const { kind, options, lrs } of golden.schedules) {
    it(`${kind} ${JSON.stringify(options)}`, () => {
      const optimizer = optimizerAt(0.3, 0.02);
      const scheduler = make(kind, optimizer, options);
      const got = [lrsOf(optimizer)];
      for (const metric of golden.metrics) {
        scheduler.step(metric);
        got.push(lrsOf(optimizer));
      }
      expectSame(kind, got, lrs);
    });

    it(`${kind} ${JSON.stringify(options)}, saved and restored half way`, () => {
      for (const stop of [0, 9]) {
        const first = optimizerAt(0.3, 0.02);
        const interrupted = make(kind, first, options);
        for (const metric of golden.metrics.slice(0, stop)) interrupted.step(metric);
        const state = JSON.parse(JSON.stringify(interrupted.stateDict())) as SchedulerState;

        // Whichever is restored first, and whatever the constructor did to the learning rate.
        const second = optimizerAt(7, 9);
        second.loadStateDict(first.stateDict());
        const resumed = make(kind, second, kind === "StepLR" ? { stepSize: 99 } : { ...options });
        resumed.loadStateDict(state);
        const got = [lrsOf(second)];
        for (const metric of golden.metrics.slice(stop)) {
          resumed.step(metric);
          got.push(lrsOf(second));
        }
        expectSame(kind, got, lrs.slice(stop));
      }
    });
  }

  const decays: [string, (optimizer: Adam) => { step(): void }, readonly number[]][] = [
    ["StepLR", (optimizer) => new StepLR(optimizer, { stepSize: 6, gamma: 0.5 }), golden.warmupAndDecay],
    [
      "CosineAnnealingLR",
      (optimizer) => new CosineAnnealingLR(optimizer, { tMax: 12, etaMin: 0.02 }),
      golden.warmupAndCosine,
    ],
  ];
  it.each(decays)("a warm-up and %s at once", (kind, makeDecay, lrs) => {
    const optimizer = optimizerAt(0.3);
    const warmup = new LinearWarmup(optimizer, { startFactor: 0.1, steps: 10 });
    const decay = makeDecay(optimizer);
    const got = [lrsOf(optimizer)];
    for (const _ of golden.metrics) {
      warmup.step();
      decay.step();
      got.push(lrsOf(optimizer));
    }
    expectSame(
      kind,
      got,
      lrs.map((lr) => [lr]),
    );
  });
});

describe("CosineAnnealingLR", () => {
  it("is half a cosine", () => {
    const optimizer = optimizerAt(2);
    const cosine = new CosineAnnealingLR(optimizer, { tMax: 8, etaMin: 0.5 });
    for (let t = 0; t <= 20; t++) {
      expect(optimizer.lr).toBeCloseTo(0.5 + (1.5 * (1 + Math.cos((Math.PI * t) / 8))) / 2, 12);
      cosine.step();
    }
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
      () => new MultiStepLR(optimizer, { milestones: [3, 0] }),
      "MultiStepLR: expected milestones to be a list of integers ≥ 1, got [3, 0]",
    ],
    [
      () => new CosineAnnealingLR(optimizer, { tMax: 0 }),
      "CosineAnnealingLR: expected tMax to be an integer ≥ 1, got 0",
    ],
    [
      () => new CosineAnnealingLR(optimizer, { tMax: 9, T_max: 3 } as never),
      "CosineAnnealingLR: expected options among tMax, etaMin; got T_max",
    ],
    [
      () => new CosineAnnealingLR({} as HasParamGroups, { tMax: 9 }),
      "CosineAnnealingLR: expected an optimizer, got {}",
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
    [() => new ReduceLROnPlateau({} as HasParamGroups), "ReduceLROnPlateau: expected an optimizer, got {}"],
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
      [{ ...good, lrs: null }, "expected lrs to be a finite number ≥ 0 for each group (1), got [undefined]"],
      [{ ...good, lrs: [1, 2] }, "expected lrs to be a finite number ≥ 0 for each group (1), got [1, 2]"],
      [{ ...good, lrs: [-1] }, "expected lrs to be a finite number ≥ 0 for each group (1), got [-1]"],
      [7, "StepLR.loadStateDict: expected a state, got 7"],
    ];
    for (const [state, message] of bad) {
      expect(() => scheduler.loadStateDict(state as SchedulerState)).toThrow(message);
      expect(scheduler.stateDict()).toEqual(good);
    }
  });
});

it("reads a state from before there were groups", () => {
  const optimizer = optimizerAt(0.3);
  const scheduler = new StepLR(optimizer, { stepSize: 2 });
  const { lrs: _, ...old } = scheduler.stateDict();
  scheduler.loadStateDict({ ...old, progress: { lastEpoch: 1 }, lr: 0.2 } as unknown as SchedulerState);
  expect(optimizer.lr).toBe(0.2);
  scheduler.step();
  expect(optimizer.lr).toBeCloseTo(0.02, 15);
});
