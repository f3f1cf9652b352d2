import { describe, expect, test } from "vitest";
import { isAnomalyEnabled, mul } from "../../../src/autograd/index.js";
import { Adam, SGD } from "../../../src/optim/index.js";
import { makeBatch } from "../../../src/seq2seq/data/batch.js";
import { Seq2Seq } from "../../../src/seq2seq/models/seq2seq.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { evaluateLoss } from "../../../src/seq2seq/training/evaluate.js";
import { update } from "../../../src/seq2seq/training/update.js";
import { Generator } from "../../../src/tensor/index.js";
import { learnBatch, numbers, randomPairs, sharpModel } from "../../support/models.js";

/** One update of a model by some pairs. */
function updateBy(model: Seq2Seq, { lr = 0, clipNorm = 1, pairs = randomPairs(8) } = {}): void {
  const batch = makeBatch(pairs);
  const lossOf = () => ({ loss: model.loss(batch), count: batch.targets.length });
  update(model, new SGD(model.parameters(), { lr }), lossOf, { clipNorm, where: "at step 2" });
}

describe("update", () => {
  test.each([
    { cell: "rnn" },
    { cell: "gru" },
    { cell: "lstm" },
    { attention: "dot" },
    { attention: "general", bidirectional: true },
    { attention: "additive", cell: "lstm" },
    { attention: "general", inputFeeding: true },
    { attention: "additive", conditional: true },
    { contextInput: true },
  ] as const)("drives one batch to near-zero loss with %o", (config) => {
    const pairs = randomPairs(6, 3, 5);
    const sizes = { inputSize: 12, outputSize: 11, hiddenSize: 24 };
    const model = new Seq2Seq({ ...sizes, ...config }, { generator: new Generator(1) });
    expect(learnBatch(model, pairs, 300, 0.01)).toBeLessThan(0.01);
    expect(
      greedySearch(
        model,
        pairs.map(({ source }) => source),
      ),
    ).toEqual(pairs.map(({ target }) => target));
  });

  test("names step and first parameter when the loss is not finite, and changes nothing", () => {
    const model = sharpModel();
    const [, poisoned] = [...model.namedParameters()].find(([name]) => name === "decoder.gru.bias_ih_l0")!;
    poisoned.data[0] = Number.NaN;
    const before = numbers(model.stateDict());
    expect(() => updateBy(model, { lr: 1 })).toThrow(
      /^train: expected a finite loss and gradients, got loss NaN at step 2; the first such parameter is decoder\.gru\.bias_ih_l0\./,
    );
    expect(numbers(model.stateDict())).toEqual(before);
  });

  test("names the first gradient when the parameters are still finite", () => {
    const model = sharpModel();
    for (const parameter of [model.decoder.out.weight, model.decoder.embedding.weight]) parameter.data.fill(3e38);
    expect(() => updateBy(model, { clipNorm: Number.POSITIVE_INFINITY })).toThrow(
      /at step 2; the first such gradient is that of \w+/,
    );
  });

  test("finds a weight that the step itself broke, or that nothing in the batch looked at", () => {
    const huge = sharpModel();
    const message =
      /^train: expected finite weights after the update at step 2; the first parameter that is not is encoder\.\w/;
    expect(() => updateBy(huge, { lr: Number.MAX_VALUE })).toThrow(message);
    const model = sharpModel();
    const [pairs, unseen] = [randomPairs(8), model.encoder.embedding.weight];
    const seen = new Set<number>(pairs.flatMap(({ source }) => Array.from(source)));
    const row = Array.from({ length: unseen.shape[0] }, (_, id) => id).find((id) => id > 3 && !seen.has(id));
    unseen.data[(row ?? 0) * unseen.shape[1]] = Number.NaN;
    expect(() => updateBy(model, { pairs })).toThrow(/the first parameter that is not is encoder\.embedding\.weight, /);
  });

  test("that is to be skipped changes nothing but is an error where a weight is the fault", () => {
    const model = sharpModel();
    const [batch, optimizer] = [makeBatch(randomPairs(8)), new Adam(model.parameters(), { lr: 0.1 })];
    const options = { clipNorm: 1, where: "at step 2", skipNonfinite: true };
    const loss = (factor: number) => () => ({ loss: mul(model.loss(batch), factor), count: 5 });
    update(model, optimizer, loss(1), options);
    const before = numbers(model.stateDict());
    const state = JSON.stringify(optimizer.stateDict());
    expect(update(model, optimizer, loss(Number.NaN), options)).toEqual({ loss: Number.NaN, count: 5, skipped: true });
    expect(update(model, optimizer, () => ({ ...loss(1)(), scale: Number.POSITIVE_INFINITY }), options).skipped).toBe(
      true,
    );
    expect([numbers(model.stateDict()), JSON.stringify(optimizer.stateDict())]).toEqual([before, state]);
    expect(update(model, optimizer, loss(1), options).skipped).toBe(false);
    model.decoder.out.bias!.data[1] = Number.NaN;
    expect(() => update(model, optimizer, loss(1), options)).toThrow(/first such parameter is decoder\.out\.bias/);
  });

  test("names the op that made the first number that is not finite, and the parameters it was given", () => {
    const model = sharpModel();
    model.decoder.out.weight.data.fill(3e38);
    const batch = makeBatch(randomPairs(8));
    const options = { clipNorm: 1, where: "at step 2", skipNonfinite: true, detectAnomaly: true };
    const step = () =>
      update(model, new SGD(model.parameters(), { lr: 0 }), () => ({ loss: model.loss(batch), count: 1 }), options);
    expect(step).toThrow(
      /^train: at step 2: forward of \w+: expected finite numbers, got \S+ at \d+ of its result.* \(it was given decoder\.out\.weight/,
    );
    expect(isAnomalyEnabled()).toBe(false);
  });

  test("diverges into an error with an absurd learning rate", () => {
    const model = sharpModel();
    const batch = makeBatch(randomPairs(8));
    const lossOf = () => ({ loss: model.loss(batch), count: 1 });
    const optimizer = new Adam(model.parameters(), { lr: 1e38 });
    expect(() => {
      for (let step = 0; step < 50; step++) update(model, optimizer, lossOf, { clipNorm: 1, where: `at ${step}` });
    }).toThrow(/^train: expected (a finite loss and gradients, got loss |finite weights after the update at )/);
  });

  test("clips the gradient's norm", () => {
    const norm = (clipNorm: number): number => {
      const model = sharpModel();
      updateBy(model, { clipNorm });
      const squares = model.parameters().flatMap(({ grad }) => Array.from(grad!.data, (value) => value * value));
      return Math.sqrt(squares.reduce((total, square) => total + square, 0));
    };
    expect(norm(Number.POSITIVE_INFINITY)).toBeGreaterThan(0.1);
    expect(norm(0.01)).toBeCloseTo(0.01, 5);
  });
});

describe("evaluateLoss", () => {
  test("refuses no pairs, and batches that would never end", () => {
    const none = "evaluateLoss: expected at least one pair, got none";
    expect(() => evaluateLoss(sharpModel(), [])).toThrow(new RangeError(none));
    for (const size of [0, -1, Number.NaN, 1.5]) {
      const message = `evaluateLoss: expected batchSize ≥ 1, got ${size}`;
      expect(() => evaluateLoss(sharpModel(), randomPairs(3), size)).toThrow(new RangeError(message));
    }
  });

  test("leaves every part of a model in the mode it was in", () => {
    const model = sharpModel({ dropout: 0.5 });
    model.encoder.eval();
    const expected = evaluateLoss(model, randomPairs(5));
    expect(evaluateLoss(model.eval(), randomPairs(5))).toBe(expected);
    model.train().encoder.eval();
    evaluateLoss(model, randomPairs(5));
    expect([model.training, model.decoder.training, model.encoder.training]).toEqual([true, true, false]);
  });
});
