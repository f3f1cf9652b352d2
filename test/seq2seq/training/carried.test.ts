import { describe, expect, test } from "vitest";
import { add, seq2seq, tensor } from "../../../src/index.js";
import { checkpointIn, LineTask, trained, weightsOf } from "../../support/line.js";

/** A line whose loss depends on how many batches there were, which it alone counts. */
class CountingTask extends LineTask {
  count = 0;
  readonly carried: seq2seq.Carried = {
    stateDict: () => ({ count: tensor([this.count]) }),
    loadStateDict: ({ count }) => {
      this.count = count.item();
    },
  };

  override loss(point: Parameters<LineTask["loss"]>[0]) {
    const { loss, count } = super.loss(point);
    return { loss: add(loss, this.count++), count };
  }

  override validate() {
    const { count } = this;
    const scores = super.validate();
    this.count = count;
    return scores;
  }
}

describe("what a task carries from batch to batch", () => {
  test("is where it was when a run goes on in the middle of an epoch", async () => {
    const whole = new CountingTask();
    const { steps } = await trained(whole);
    const store = new seq2seq.MemoryStore();
    await trained(new CountingTask(), { store }, 8);
    const rest = new CountingTask();
    const after = await trained(rest, { store, resume: await checkpointIn(store) });
    expect(after.steps.map(({ step, loss }) => [step, loss])).toEqual(
      steps.slice(8).map(({ step, loss }) => [step, loss]),
    );
    expect([rest.count, weightsOf(rest.model)]).toEqual([whole.count, weightsOf(whole.model)]);
  });
});
