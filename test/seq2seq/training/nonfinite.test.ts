/** Runs in which a loss, a gradient or a weight is not finite. */
import { describe, expect, test } from "vitest";
import { mul, optim, record, seq2seq, type Tensor, tensor } from "../../../src/index.js";
import { checkpointIn, LineTask, trained, weightsOf } from "../../support/line.js";

type Point = Parameters<LineTask["loss"]>[0];
/** What is wrong with a step: its loss is not finite, or only a gradient. */
type Fault = "loss" | "gradient";

/** y = x, whose gradient is not finite. */
function steep(x: Tensor): Tensor {
  return record("steep", mul(x, 1).detach(), [x], (_, [dx]) => dx?.fill(Number.POSITIVE_INFINITY));
}

/** A line that has faults at certain steps, and carries a number that a loss which is not finite would break. */
class FaultyTask extends LineTask {
  step = 0;
  sum = 0;
  readonly #faults: Readonly<Record<number, Fault>>;
  readonly carried: seq2seq.Carried = {
    stateDict: () => ({ sum: tensor([this.sum]), step: tensor([this.step]) }),
    loadStateDict: ({ sum, step }) => Object.assign(this, { sum: sum.item(), step: Math.max(step.item(), this.step) }),
  };

  constructor(faults: Readonly<Record<number, Fault>>) {
    super();
    this.#faults = faults;
  }

  override loss(point: Point) {
    const { loss, count } = super.loss(point);
    if (this.judging) return { loss, count };
    const fault = this.#faults[++this.step];
    const broken = fault === "loss" ? mul(loss, Number.NaN) : fault === "gradient" ? steep(loss) : loss;
    this.sum += broken.item();
    return { loss: broken, count };
  }

  judging = false;
  override validate() {
    this.judging = true;
    try {
      return super.validate();
    } finally {
      this.judging = false;
    }
  }
}

const faults = { 3: "loss", 4: "gradient", 9: "loss" } as const;

describe("steps that are not finite", () => {
  test.each([
    [
      "loss",
      /^train: expected a finite loss and gradients, got loss NaN at step 3 \(epoch 1\); the first such gradient/,
    ],
    [
      "gradient",
      /^train: expected a finite loss and gradients, got loss 0\.\d+ at step 3 \(epoch 1\); the first such gradient is that of weight\. /,
    ],
  ] as const)("are an error, at the step: %s", async (fault, message) => {
    const store = new seq2seq.MemoryStore();
    await expect(trained(new FaultyTask({ 3: fault }), { store })).rejects.toThrow(message);
    expect(await store.list()).toEqual([]);
  });

  test("are skipped, as many in a row as are allowed, and counted", async () => {
    const task = new FaultyTask(faults);
    const { steps, validations } = await trained(task, { skipNonfinite: 2, ema: 0.9 });
    expect(steps.flatMap(({ step, skipped }) => (skipped === undefined ? [] : [[step, skipped]]))).toEqual([
      [3, 1],
      [4, 2],
      [9, 3],
    ]);
    expect(steps.map(({ loss }) => Number.isFinite(loss)).indexOf(false)).toBe(2);
    expect(task.sum).toBeGreaterThan(0); // NaN, were it not put back
    expect(validations.every(({ trainLoss }) => Number.isFinite(trainLoss))).toBe(true);
    await expect(trained(new FaultyTask(faults), { skipNonfinite: 1 })).rejects.toThrow(/at step 4 \(epoch 1\)/);
  });

  test("leave the weights as they would be without them", async () => {
    // The same batches: an epoch of six, whose third is of no use.
    const skipping = new FaultyTask({ 3: "gradient" });
    await trained(skipping, { skipNonfinite: 1, epochs: 1 });
    class Without extends LineTask {
      override batches() {
        return super.batches().filter((_, i) => i !== 2);
      }
    }
    const without = new Without();
    await trained(without, { epochs: 1 });
    expect(weightsOf(skipping.model)).toEqual(weightsOf(without.model));
  });

  test("are counted on by a run that goes on, and in its history", async () => {
    const [whole, store] = [new FaultyTask(faults), new seq2seq.MemoryStore()];
    const { steps } = await trained(whole, { skipNonfinite: 2 });
    await trained(new FaultyTask(faults), { store, skipNonfinite: 2 }, 3);
    const resume = await checkpointIn(store);
    expect(resume.header.progress).toMatchObject({ skipped: 1, skippedInRow: 1 });
    await expect(trained(new FaultyTask(faults), { store, skipNonfinite: 1, resume })).rejects.toThrow(/at step 4/);
    const rest = new FaultyTask(faults);
    const after = await trained(rest, { store, skipNonfinite: 2, resume });
    expect(after.steps.map(({ step, skipped }) => [step, skipped])).toEqual(
      steps.slice(3).map(({ step, skipped }) => [step, skipped]),
    );
    expect(weightsOf(rest.model)).toEqual(weightsOf(whole.model));
    const history = seq2seq.parseHistory((await store.read("history.json")) as Uint8Array);
    expect(history.steps.loss.flatMap((loss, i) => (loss === null ? [i + 1] : []))).toEqual([3, 4, 9]);
    expect(() => seq2seq.drawCurves(history)).not.toThrow();
  });

  test("may be all of them", async () => {
    const all = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [i + 1, "gradient" as const]));
    const { validations } = await trained(new FaultyTask(all), { skipNonfinite: 6, epochs: 1 });
    expect(validations.map(({ trainLoss }) => trainLoss)).toEqual([null]);
  });
});

test("the op that made the first one is named, skipped or not", async () => {
  await expect(trained(new FaultyTask({ 3: "gradient" }), { detectAnomaly: true, skipNonfinite: 5 })).rejects.toThrow(
    /^train: at step 3 \(epoch 1\): backward of steep: expected finite gradients, got Infinity at 0 of /,
  );
});

test("a weight that its user broke is named at the next step, and never written", async () => {
  const [task, store] = [new LineTask(), new seq2seq.MemoryStore()];
  const running = seq2seq.run(task, {
    ...{ epochs: 4, skipNonfinite: 9, store },
    optimizer: new optim.SGD(task.model.parameters(), { lr: 0.1 }),
  });
  const steps = async (): Promise<void> => {
    for await (const event of running)
      if (event.kind === "step" && event.step === 8) task.model.weight.data[4] = Number.NaN;
  };
  await expect(steps()).rejects.toThrow(/got loss NaN at step 9 \(epoch 2\); the first such parameter is weight\./);
  const { tensors, header } = await checkpointIn(store);
  expect(header.progress.totalSteps).toBe(6);
  expect([...tensors["model.weight"].data].every(Number.isFinite)).toBe(true);
});
