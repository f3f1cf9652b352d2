import { describe, expect, test } from "vitest";
import { optim, seq2seq } from "../../../src/index.js";
import { MovingAverage } from "../../../src/seq2seq/training/movingAverage.js";
import { checkpointIn, LineTask, trained, weightsOf } from "../../support/line.js";

describe("validation every N steps", () => {
  test("goes across epochs, with the mean loss since the last one, and once more at the end", async () => {
    const { steps, validations, end } = await trained(new LineTask(), { epochs: 2, validateEvery: 5 });
    expect(validations.map(({ step, epoch }) => [step, epoch])).toEqual([
      [5, 1],
      [10, 2],
      [12, 2],
    ]);
    [steps.slice(0, 5), steps.slice(5, 10), steps.slice(10)].forEach((own, i) => {
      const mean = own.reduce((sum, { loss }) => sum + loss, 0) / own.length;
      expect(validations[i].trainLoss).toBeCloseTo(mean, 6);
    });
    expect(end.end).toBe("finished");
  });

  test("is each epoch's unless told, and not twice where both fall together", async () => {
    const stepsOf = async (options: object) =>
      (await trained(new LineTask(), { epochs: 2, ...options })).validations.map(({ step }) => step);
    expect(await stepsOf({})).toEqual([6, 12]);
    expect(await stepsOf({ validateEvery: 4 })).toEqual([4, 8, 12]);
    expect(await stepsOf({ validateEvery: 100 })).toEqual([12]);
  });

  test("is what patience counts", async () => {
    const task = new LineTask(1, (validation) => validation); // ever worse
    const { steps, end } = await trained(task, { validateEvery: 4, patience: 2 });
    expect([steps.length, end.end]).toEqual([12, "stopped"]);
    expect(task.validated).toHaveLength(3);
  });

  test("stopped within, it says so by no training loss", async () => {
    const { validations } = await trained(new LineTask(), { validateEvery: 4 }, 7);
    expect(validations.map(({ step, trainLoss }) => [step, trainLoss === null])).toEqual([
      [4, false],
      [7, true],
    ]);
  });
});

describe("a moving average of the weights", () => {
  test("is that of the formula", () => {
    const { model, generator } = new LineTask();
    const average = new MovingAverage(model, 0.9);
    const expected = weightsOf(model);
    const got = (): number[] => average.weights.flatMap((weights) => Array.from(weights));
    const expectAverage = (): void =>
      got().forEach((weight, i) => {
        expect(weight).toBeCloseTo(expected[i], 4);
      });
    for (let t = 1; t <= 100; t++) {
      if (t === 10 || t === 100) expectAverage();
      for (const { data } of model.parameters()) for (let i = 0; i < data.length; i++) data[i] += generator.normal();
      average.add(t);
      const decay = Math.min(0.9, (1 + t) / (10 + t));
      weightsOf(model).forEach((weight, i) => {
        expected[i] = decay * expected[i] + (1 - decay) * weight;
      });
    }
    expect(Math.max(...got().map((weight, i) => Math.abs(weight - weightsOf(model)[i])))).toBeGreaterThan(0.1);
  });

  test("of weights that do not change is those weights, bit for bit", () => {
    const { model } = new LineTask();
    const average = new MovingAverage(model, 0.999);
    for (let t = 1; t <= 50; t++) average.add(t);
    expect(average.weights.flatMap((weights) => Array.from(weights))).toEqual(weightsOf(model));
  });

  test("is validated and kept, while training goes on as without", async () => {
    const [plain, averaged] = [new LineTask(), new LineTask()];
    const store = new seq2seq.MemoryStore();
    const without = await trained(plain);
    const { steps, validations } = await trained(averaged, { ema: 0.9, store });
    expect(steps.map(({ loss }) => loss)).toEqual(without.steps.map(({ loss }) => loss));
    expect(weightsOf(averaged.model)).toEqual(weightsOf(plain.model));
    expect(averaged.validated).not.toEqual(plain.validated);
    const best = validations.findLastIndex((validation) => validation.best);
    expect(JSON.parse(new TextDecoder().decode((await store.read("line.json")) as Uint8Array))).toEqual(
      averaged.validated[best],
    );
    const { tensors } = await checkpointIn(store);
    expect(Object.keys(tensors)).toEqual(expect.arrayContaining(["model.weight", "ema.weight", "ema.bias"]));
    expect([...tensors["model.weight"].data, ...tensors["model.bias"].data]).toEqual(weightsOf(averaged.model));
    expect([...tensors["ema.weight"].data, ...tensors["ema.bias"].data]).toEqual(averaged.validated.at(-1));
  });

  test("leaves the weights that train where a validation throws", async () => {
    const [plain, averaged] = [new LineTask(), new LineTask(1, () => Number.NaN)];
    await trained(plain, { epochs: 1 });
    await expect(trained(averaged, { epochs: 1, ema: 0.9 })).rejects.toThrow(
      "train: expected a finite validation loss, got NaN in epoch 1",
    );
    expect(weightsOf(averaged.model)).toEqual(weightsOf(plain.model));
  });

  test("is needed to go on with it", async () => {
    const store = new seq2seq.MemoryStore();
    await trained(new LineTask(), { store }, 8);
    const resume = await checkpointIn(store);
    await expect(trained(new LineTask(), { store, resume, ema: 0.9 })).rejects.toThrow(
      "checkpoint.safetensors: expected the moving average of weight with 6 numbers, got none",
    );
  });
});

describe("an average of checkpoints", () => {
  /** Six validations with these losses, and a last one of their average. */
  const averaged = async (options: Partial<seq2seq.RunOptions>, last: number) => {
    const losses = [6, 3, 5, 3, 4, 9, last];
    const task = new LineTask(1, (validation) => losses[validation - 1]);
    const store = new seq2seq.MemoryStore();
    const { validations, end } = await trained(task, { store, epochs: 2, validateEvery: 2, ...options });
    const kept = JSON.parse(new TextDecoder().decode((await store.read("line.json")) as Uint8Array));
    return { validated: task.validated, validations, end, kept };
  };
  const meanOf = (weights: readonly number[][]): number[] =>
    weights[0].map((_, i) => weights.reduce((sum, each) => sum + each[i] / weights.length, 0));
  const expectClose = (got: readonly number[], expected: readonly number[]): void =>
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6);
    });

  test.each([
    ["best", [1, 3, 4]],
    ["last", [3, 4, 5]],
  ] as const)("is the mean of the %s ones, and kept where it is better", async (averageOf, of) => {
    const { validated, validations, end, kept } = await averaged({ averageCheckpoints: 3, averageOf }, 2);
    expect(validated).toHaveLength(7);
    expectClose(validated[6], meanOf(of.map((i) => validated[i])));
    expect(validations[6]).toMatchObject({ step: 12, averaged: 3, best: true, trainLoss: null, scores: { loss: 2 } });
    expect([end.best.loss, kept]).toEqual([2, validated[6]]);
  });

  test("is forgotten where it is no better, and the model as it trained stays in place", async () => {
    const { validated, validations, end, kept } = await averaged({ averageCheckpoints: 2 }, 3);
    expect(validations[6]).toMatchObject({ averaged: 2, best: false });
    expect([end.best.loss, kept]).toEqual([3, validated[1]]);
  });

  test("is of the moving averages, where there are", async () => {
    const { validated } = await averaged({ averageCheckpoints: 3, averageOf: "last", ema: 0.9 }, 2);
    expectClose(validated[6], meanOf(validated.slice(3, 6)));
  });

  test("of one is none", async () => {
    expect((await averaged({ averageCheckpoints: 1 }, 2)).validated).toHaveLength(6);
    expect((await averaged({ averageCheckpoints: 4, validateEvery: 12 }, 2)).validated).toHaveLength(1);
  });
});

describe("a run with all of it", () => {
  const scores = (_: number, loss: number): number => Math.round(1000 * loss) / 1000; // ties and plateaus
  const average = { ema: 0.8, averageCheckpoints: 3, averageOf: "last" } as const;
  const rates = { warmupSteps: 5, lrDecay: "plateau", lrDecayFactor: 0.7 } as const;
  const options = { epochs: 5, validateEvery: 4, clipNorm: 1, ...average, ...rates };
  const adam = (task: LineTask) => new optim.Adam(task.model.parameters(), { lr: 0.3, weightDecay: 0.01 });
  const run = (store: seq2seq.Store, until?: number, resume?: seq2seq.Checkpoint) => {
    const task = new LineTask(4, scores);
    return trained(task, { ...options, store, resume, optimizer: adam(task) }, until);
  };
  /** All that goes on; the best model so far may be one that was saved on being stopped. */
  const stateOf = async (store: seq2seq.Store) => {
    const { tensors, header } = await checkpointIn(store);
    const { best: _, ...progress } = header.progress;
    const floats = Object.entries(tensors).map(([name, { data }]) => [name, [...data]]);
    return { ...header, progress, tensors: Object.fromEntries(floats) };
  };

  test.each([[[1]], [[4]], [[6]], [[7]], [[12]], [[29]], [[3, 8, 9, 18, 23]]])(
    "stopped at step %j goes on to the same bits",
    async (stops) => {
      const [one, other] = [new seq2seq.MemoryStore(), new seq2seq.MemoryStore()];
      const whole = await run(one);
      const parts = [await run(other, stops[0])];
      for (const stop of [...stops.slice(1), Number.POSITIVE_INFINITY]) {
        parts.push(await run(other, stop, await checkpointIn(other)));
      }
      const steps = parts.flatMap((part) => part.steps);
      const told = ({ lr, loss, step }: seq2seq.StepEvent): number[] => [step, lr, loss];
      expect(steps.map(told)).toEqual(whole.steps.map(told));
      const planned = parts.flatMap((part) => part.validations).filter(({ trainLoss }) => trainLoss !== null);
      const found = ({ step, trainLoss, scores: { loss } }: seq2seq.ValidationEvent) => [step, trainLoss, loss];
      expect(planned.map(found)).toEqual(whole.validations.filter(({ averaged }) => averaged === undefined).map(found));
      expect(parts.at(-1)?.validations.at(-1)).toMatchObject({ averaged: 3, scores: whole.validations.at(-1)?.scores });
      const state = await stateOf(one);
      expect(await stateOf(other)).toEqual(state);
      expect(state.progress.reductions).toBeGreaterThan(1);
      expect(state.snapshots?.map(({ step }) => step)).toEqual([20, 24, 28]);
    },
  );

  test("counts no validation that it was stopped for, however good it was", async () => {
    const store = new seq2seq.MemoryStore();
    const rates = { lrDecay: "plateau", validateEvery: 4, patience: 1, epochs: 2 } as const;
    await trained(new LineTask(1, (validation) => [9, 1][validation - 1]), { ...rates, store }, 6);
    const rest = new LineTask(1, (validation) => 9 - validation); // each better than those that were due
    const resume = await checkpointIn(store);
    const { steps, validations, end } = await trained(rest, { ...rates, store, resume });
    expect([end.end, end.best.loss]).toEqual(["finished", 1]);
    expect(validations.map(({ best }) => best)).toEqual([false, false]);
    expect(new Set(steps.map(({ lr }) => lr))).toEqual(new Set([0.1]));
  });

  test("that is over and is asked to go on changes nothing", async () => {
    const store = new seq2seq.MemoryStore();
    await run(store);
    const before = await Promise.all((await store.list()).map((name) => store.read(name)));
    const again = await run(store, undefined, await checkpointIn(store));
    expect([again.steps, again.validations]).toEqual([[], []]);
    expect(await Promise.all((await store.list()).map((name) => store.read(name)))).toEqual(before);
  });
});
