import { describe, expect, test } from "vitest";
import { Adam, SGD } from "../../../src/optim/index.js";
import { makeBatch } from "../../../src/seq2seq/data/batch.js";
import type { EncodedPair } from "../../../src/seq2seq/data/pairs.js";
import { Seq2Seq, type Seq2SeqConfig } from "../../../src/seq2seq/models/seq2seq.js";
import { greedySearch } from "../../../src/seq2seq/search/greedy.js";
import { evaluateLoss } from "../../../src/seq2seq/training/evaluate.js";
import { Trainer, type TrainerOptions } from "../../../src/seq2seq/training/trainer.js";
import { Generator } from "../../../src/tensor/index.js";
import { numbers, randomPairs, sharpModel } from "../../support/models.js";

function pairsOf({ pairs }: Trainer): EncodedPair[] {
  return Array.from({ length: pairs.length }, (_, i) => pairs.at(i) as EncodedPair);
}

/** A trainer on random pairs, with dropout and the order of batches from one generator. */
function makeTrainer(seed: number, options: TrainerOptions = {}, config: Partial<Seq2SeqConfig> = {}): Trainer {
  const generator = new Generator(seed);
  const sizes = { inputSize: 12, outputSize: 11, hiddenSize: 8 };
  const model = new Seq2Seq({ ...sizes, dropout: 0.3, ...config }, { generator });
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  return new Trainer(model, optimizer, randomPairs(40), { batchSize: 8, ...options, generator });
}

describe("Trainer", () => {
  test.each(["rnn", "gru", "lstm"] as const)("drives one batch to near-zero loss with a %s", (cell) => {
    const pairs = randomPairs(6, 3, 5);
    const generator = new Generator(1);
    const model = new Seq2Seq({ inputSize: 12, outputSize: 11, hiddenSize: 24, cell }, { generator });
    const trainer = new Trainer(model, new Adam(model.parameters(), { lr: 0.01 }), pairs, { generator });
    const batch = makeBatch(pairs);
    let loss = Number.NaN;
    for (let step = 0; step < 300; step++) loss = trainer.step(batch);
    expect(loss).toBeLessThan(0.01);
    const sources = pairs.map((pair) => pair.source);
    expect(greedySearch(model, sources)).toEqual(pairs.map((pair) => pair.target));
  });

  test("gives the same bits from the same seed, and others from another", async () => {
    const options = { teacherForcing: 0.5, labelSmoothing: 0.1 };
    const [one, two, other] = [makeTrainer(1, options), makeTrainer(1, options), makeTrainer(2, options)];
    for (const trainer of [one, two, other]) await trainer.run({ epochs: 4 });
    expect(one.progress.totalSteps).toBe(20);
    expect(numbers(one.model.stateDict())).toEqual(numbers(two.model.stateDict()));
    expect(one.generator.getState()).toEqual(two.generator.getState());
    expect(numbers(one.model.stateDict())).not.toEqual(numbers(other.model.stateDict()));
  });

  test.each([0, 0.5])("learns with a teacher forcing of %d", async (teacherForcing) => {
    const trainer = makeTrainer(1, { teacherForcing }, { dropout: 0, hiddenSize: 16 });
    const before = evaluateLoss(trainer.model, trainer.pairs);
    await trainer.run({ epochs: 15 });
    expect(evaluateLoss(trainer.model, trainer.pairs)).toBeLessThan(before - 0.3);
  });

  test("reads the model's own words without teacher forcing", () => {
    const pairs = randomPairs(8);
    const step = (teacherForcing: number): number => {
      const model = sharpModel();
      const trainer = new Trainer(model, new SGD(model.parameters(), { lr: 0 }), pairs, { teacherForcing });
      return trainer.step(makeBatch(pairs));
    };
    expect(step(1)).toBeCloseTo(evaluateLoss(sharpModel(), pairs), 5);
    expect(Math.abs(step(0) - step(1))).toBeGreaterThan(1e-3);
  });

  test("reports every step, and each epoch's mean loss by token", async () => {
    const trainer = makeTrainer(1);
    const steps: { epoch: number; step: number; of: number }[] = [];
    const expected: number[] = [];
    let sums = { loss: 0, tokens: 0 };
    const reported: number[] = [];
    await trainer.run({
      epochs: 2,
      onStep: ({ epoch, step, stepsPerEpoch, loss, tokens }) => {
        steps.push({ epoch, step, of: stepsPerEpoch });
        sums = { loss: sums.loss + loss * tokens, tokens: sums.tokens + tokens };
      },
      onEpoch: (_, loss) => {
        expected.push(sums.loss / sums.tokens);
        expect(sums.tokens).toBe(pairsOf(trainer).reduce((count, { target }) => count + target.length + 1, 0));
        sums = { loss: 0, tokens: 0 };
        reported.push(loss);
        return undefined;
      },
    });
    expect(reported).toEqual(expected);
    expect(steps).toEqual([1, 2].flatMap((epoch) => [1, 2, 3, 4, 5].map((step) => ({ epoch, step, of: 5 }))));
  });

  test("ends with onEpoch's word, and with the signal", async () => {
    const stopped = makeTrainer(1);
    expect(await stopped.run({ epochs: 9, onEpoch: async (epoch) => (epoch === 2 ? "stop" : undefined) })).toBe(
      "stopped",
    );
    expect(stopped.progress).toMatchObject({ epoch: 2, step: 0, totalSteps: 10 });

    const aborted = makeTrainer(1);
    const controller = new AbortController();
    const onStep = ({ epoch, step }: { epoch: number; step: number }): void => {
      if (epoch === 2 && step === 3) controller.abort();
    };
    expect(await aborted.run({ epochs: 9, signal: controller.signal, onStep })).toBe("aborted");
    expect(aborted.progress).toMatchObject({ epoch: 1, step: 3, totalSteps: 8 });
    expect(await aborted.run({ epochs: 2 })).toBe("finished");
    expect(aborted.progress).toMatchObject({ epoch: 2, step: 0, totalSteps: 10 });
  });

  test("lets timers run between steps", async () => {
    const trainer = makeTrainer(1, {}, { dropout: 0 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 150);
    expect(await trainer.run({ epochs: 1_000_000, signal: controller.signal })).toBe("aborted");
  });

  test("names step and first parameter when the loss is not finite, and changes nothing", () => {
    const trainer = makeTrainer(1, {}, { dropout: 0 });
    const batch = makeBatch(pairsOf(trainer).slice(0, 8));
    trainer.step(batch);
    trainer.progress.totalSteps = 1;
    const { model } = trainer;
    const [, poisoned] = [...model.namedParameters()].find(([name]) => name === "decoder.gru.bias_ih_l0")!;
    poisoned.data[0] = Number.NaN;
    const before = numbers(model.stateDict());
    expect(() => trainer.step(batch)).toThrow(
      /^train: expected a finite loss and gradients, got loss NaN at step 2 \(epoch 1\); the first such parameter is decoder\.gru\.bias_ih_l0\./,
    );
    expect(numbers(model.stateDict())).toEqual(before);
  });

  test("names the first gradient when the parameters are still finite", () => {
    const trainer = makeTrainer(1, { clipNorm: Number.POSITIVE_INFINITY }, { dropout: 0 });
    const { model } = trainer;
    for (const parameter of [model.decoder.out.weight, model.decoder.embedding.weight]) parameter.data.fill(3e38);
    expect(() => trainer.step(makeBatch(pairsOf(trainer).slice(0, 8)))).toThrow(
      /at step 1 \(epoch 1\); the first such gradient is that of \w+/,
    );
  });

  test("diverges into an error with an absurd learning rate", async () => {
    const generator = new Generator(1);
    const model = new Seq2Seq({ inputSize: 12, outputSize: 11, hiddenSize: 8 }, { generator });
    const trainer = new Trainer(model, new Adam(model.parameters(), { lr: 1e38 }), randomPairs(40), { generator });
    await expect(trainer.run({ epochs: 50 })).rejects.toThrow(
      /^train: expected a finite loss and gradients, got loss /,
    );
  });

  test("clips the gradient's norm", () => {
    const pairs = randomPairs(8);
    const norm = (clipNorm: number): number => {
      const model = sharpModel();
      new Trainer(model, new SGD(model.parameters(), { lr: 0 }), pairs, { clipNorm }).step(makeBatch(pairs));
      const squares = model.parameters().flatMap(({ grad }) => Array.from(grad!.data, (value) => value * value));
      return Math.sqrt(squares.reduce((total, square) => total + square, 0));
    };
    expect(norm(Number.POSITIVE_INFINITY)).toBeGreaterThan(0.1);
    expect(norm(0.01)).toBeCloseTo(0.01, 5);
  });

  test.each([
    [{ batchSize: 0 }, "Trainer: expected batchSize ≥ 1, got 0"],
    [{ batchSize: 2.5 }, "Trainer: expected batchSize ≥ 1, got 2.5"],
    [{ teacherForcing: 1.5 }, "Trainer: expected teacherForcing from 0 to 1, got 1.5"],
    [{ teacherForcing: Number.NaN }, "Trainer: expected teacherForcing from 0 to 1, got NaN"],
    [{ labelSmoothing: 2 }, "Trainer: expected labelSmoothing from 0 to 1, got 2"],
    [{ clipNorm: 0 }, "Trainer: expected clipNorm above 0, got 0"],
    [{ clipNorm: Number.NaN }, "Trainer: expected clipNorm above 0, got NaN"],
  ])("refuses %o", (options, message) => {
    expect(() => makeTrainer(1, options)).toThrow(new RangeError(message));
  });

  test("refuses epochs that are no number", async () => {
    for (const epochs of [-1, Number.NaN]) {
      const message = `Trainer.run: expected epochs ≥ 0, got ${epochs}`;
      await expect(makeTrainer(1).run({ epochs })).rejects.toThrow(new RangeError(message));
    }
  });

  test("refuses to train on nothing", () => {
    const model = sharpModel();
    const make = (): Trainer => new Trainer(model, new Adam(model.parameters()), []);
    expect(make).toThrow(new RangeError("Trainer: expected at least one pair, got none"));
  });
});

test("evaluateLoss refuses no pairs, and batches that would never end", () => {
  const none = "evaluateLoss: expected at least one pair, got none";
  expect(() => evaluateLoss(sharpModel(), [])).toThrow(new RangeError(none));
  for (const size of [0, -1, Number.NaN, 1.5]) {
    const message = `evaluateLoss: expected batchSize ≥ 1, got ${size}`;
    expect(() => evaluateLoss(sharpModel(), randomPairs(3), size)).toThrow(new RangeError(message));
  }
});
