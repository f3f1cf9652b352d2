import { describe, expect, test } from "vitest";
import { Adam, SGD } from "../../../../src/optim/index.js";
import { makeBatch } from "../../../../src/seq2seq/data/batch.js";
import { MemoryStore } from "../../../../src/seq2seq/files/memoryStore.js";
import type { Seq2SeqConfig } from "../../../../src/seq2seq/models/config.js";
import { Seq2Seq } from "../../../../src/seq2seq/models/seq2seq.js";
import {
  TranslationTask,
  type TranslationTaskOptions,
} from "../../../../src/seq2seq/tasks/translation/translationTask.js";
import { Translator } from "../../../../src/seq2seq/tasks/translation/translator.js";
import { decodeCheckpoint } from "../../../../src/seq2seq/training/checkpoint.js";
import { evaluateLoss } from "../../../../src/seq2seq/training/evaluate.js";
import type { EndEvent, StepEvent, ValidationEvent } from "../../../../src/seq2seq/training/events.js";
import { run } from "../../../../src/seq2seq/training/run.js";
import type { RunOptions } from "../../../../src/seq2seq/training/runOptions.js";
import { update } from "../../../../src/seq2seq/training/update.js";
import { Generator } from "../../../../src/tensor/index.js";
import { reversedDigits } from "../../../support/digits.js";
import { languagesOf } from "../../../support/languages.js";
import { numbers } from "../../../support/models.js";

const texts = reversedDigits(4, 3, 1).slice(0, 50);

/** The task of reversing digits, with dropout and the order of batches from one generator: 40 pairs to train on. */
function makeTask(
  seed: number,
  options: Partial<TranslationTaskOptions> = {},
  config: Partial<Seq2SeqConfig> = {},
): TranslationTask {
  const generator = new Generator(seed);
  const languages = languagesOf(texts);
  const sizes = { inputSize: languages.source.vocabulary.size, outputSize: languages.target.vocabulary.size };
  const model = new Seq2Seq({ ...sizes, hiddenSize: 8, dropout: 0.3, ...config }, { generator });
  const translator = new Translator({ model, ...languages, reverseSource: false });
  const pairs = texts.map(({ source, target }) => ({
    source: translator.encodeSource(source),
    target: translator.encodeTarget(target),
  }));
  const valid = texts.slice(40);
  const judging = {
    pairs: pairs.slice(40),
    sources: valid.map(({ source }) => source),
    references: valid.map(({ target }) => target),
  };
  const defaults = { batchSize: 8, batchTokens: 1000, labelSmoothing: 0, teacherForcing: 1 };
  return new TranslationTask(translator, pairs.slice(0, 40), judging, { ...defaults, ...options, generator });
}

/** Runs a task; gives its events by kind. */
async function events(task: TranslationTask, options: Partial<RunOptions> = {}) {
  const optimizer = new Adam(task.model.parameters(), { lr: 0.01 });
  const steps: StepEvent[] = [];
  const validations: ValidationEvent[] = [];
  let end: EndEvent | null = null;
  for await (const event of run(task, { optimizer, epochs: 4, ...options })) {
    if (event.kind === "step") steps.push(event);
    else if (event.kind === "validation") validations.push(event);
    else end = event;
  }
  return { steps, validations, end: end as unknown as EndEvent };
}

describe("TranslationTask", () => {
  test("gives the same bits from the same seed, and others from another", async () => {
    const options = { teacherForcing: 0.5, labelSmoothing: 0.1 };
    const [one, two, other] = [makeTask(1, options), makeTask(1, options), makeTask(2, options)];
    for (const task of [one, two, other]) expect((await events(task)).steps).toHaveLength(20);
    expect(numbers(one.model.stateDict())).toEqual(numbers(two.model.stateDict()));
    expect(one.generator.getState()).toEqual(two.generator.getState());
    expect(numbers(one.model.stateDict())).not.toEqual(numbers(other.model.stateDict()));
  });

  test.each([0, 0.5])("learns with a teacher forcing of %d", async (teacherForcing) => {
    const task = makeTask(1, { teacherForcing }, { dropout: 0, hiddenSize: 16 });
    const before = task.validate().loss;
    await events(task, { epochs: 15 });
    expect(task.validate().loss).toBeLessThan(before - 0.3);
  });

  test("reads the model's own words without teacher forcing", () => {
    const loss = (teacherForcing: number) => {
      const task = makeTask(1, { teacherForcing }, { dropout: 0 });
      return task.loss(task.batches().at(0)!).loss.item();
    };
    expect(Math.abs(loss(0) - loss(1))).toBeGreaterThan(1e-4);
  });

  test("has gradients of the loss a sentence where it is asked to, and tells the loss a token all the same", async () => {
    const gradients = (lossReduction: "token" | "sentence") => {
      const task = makeTask(1, { lossReduction }, { dropout: 0 });
      const batch = task.batches().at(0)!;
      const optimizer = new SGD(task.model.parameters(), { lr: 0 });
      const { loss, count } = update(task.model, optimizer, () => task.loss(batch), { clipNorm: 1e9, where: "" });
      const flat = task.model.parameters().flatMap(({ grad }) => [...grad!.data]);
      return { loss, count, perSentence: count / batch.sourceLengths.length, flat };
    };
    const [token, sentence] = [gradients("token"), gradients("sentence")];
    expect([sentence.loss, sentence.count]).toEqual([token.loss, token.count]);
    expect(token.perSentence).toBeGreaterThan(2);
    sentence.flat.forEach((value, i) => {
      expect(value).toBeCloseTo(token.perSentence * token.flat[i], 5);
    });
  });

  test("has a batch's loss over its target tokens, and validates without smoothing", () => {
    const task = makeTask(1, { labelSmoothing: 0.3 }, { dropout: 0 });
    const batch = task.batches().at(0)!;
    const { loss, count } = task.loss(batch);
    expect(count).toBe(batch.targets.length);
    expect(loss.item()).toBeCloseTo(task.model.loss(batch, { labelSmoothing: 0.3 }).item(), 6);
    const valid = texts.slice(40).map(({ source, target }) => ({
      source: task.model.eval() && languagesOf(texts).source.vocabulary.encode(source.split(" ")),
      target: languagesOf(texts).target.vocabulary.encode(target.split(" ")),
    }));
    expect(task.validate().loss).toBeCloseTo(evaluateLoss(task.model, valid), 6);
    expect(makeBatch(valid).targets.length).toBeGreaterThan(0);
  });
});

describe("run", () => {
  test("reports every step, and each epoch's mean loss by token", async () => {
    const { steps, validations, end } = await events(makeTask(1), { epochs: 2 });
    expect(
      steps.map(({ step, epoch, stepInEpoch, stepsPerEpoch }) => [step, epoch, stepInEpoch, stepsPerEpoch]),
    ).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, i < 5 ? 1 : 2, (i % 5) + 1, 5]));
    for (const { epoch, trainLoss, step } of validations) {
      const own = steps.filter((each) => each.epoch === epoch);
      const count = own.reduce((sum, each) => sum + each.count, 0);
      expect(trainLoss).toBe(own.reduce((sum, each) => sum + each.loss * each.count, 0) / count);
      expect(step).toBe(5 * epoch);
    }
    expect(validations.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(end.end).toBe("finished");
    for (const { lr, seconds } of steps) expect([lr, seconds > 0]).toEqual([0.01, true]);
  });

  test("lets the learning rate fall in a line to nothing, wherever it is resumed", async () => {
    const { steps } = await events(makeTask(1), { epochs: 2, lrDecay: "linear" });
    steps.forEach(({ lr }, i) => {
      expect(lr).toBeCloseTo(0.01 * (1 - i / 10), 12);
    });
    const store = new MemoryStore();
    const stopping = new AbortController();
    const task = makeTask(1);
    const optimizer = new Adam(task.model.parameters(), { lr: 0.01 });
    for await (const event of run(task, { optimizer, store, epochs: 2, lrDecay: "linear", signal: stopping.signal })) {
      if (event.kind === "step" && event.step === 7) stopping.abort();
    }
    const resume = decodeCheckpoint((await store.read("checkpoint.safetensors")) as Uint8Array);
    const rest = await events(makeTask(1), { epochs: 2, lrDecay: "linear", store, resume });
    expect(rest.steps.map(({ lr, loss }) => [lr, loss])).toEqual(steps.slice(7).map(({ lr, loss }) => [lr, loss]));
  });

  test("stops at the signal with a last validation, and when nobody listens any more", async () => {
    const stopping = new AbortController();
    const seen: string[] = [];
    const task = makeTask(1);
    const optimizer = new Adam(task.model.parameters(), { lr: 0.01 });
    for await (const event of run(task, { optimizer, epochs: 9, signal: stopping.signal })) {
      seen.push(event.kind);
      if (event.kind === "step" && event.step === 8) stopping.abort();
    }
    expect(seen.filter((kind) => kind === "step")).toHaveLength(8);
    expect(seen.slice(-2)).toEqual(["validation", "end"]);
    for await (const _ of run(makeTask(1), { optimizer, epochs: 9 })) break;
  });

  test("lets timers run between steps", async () => {
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 150);
    const { end } = await events(makeTask(1, {}, { dropout: 0 }), { epochs: 1_000_000, signal: stopping.signal });
    expect(end.end).toBe("aborted");
  });

  test("stops when its time is up, and when its patience is", async () => {
    const late = await events(makeTask(1), { epochs: 1_000_000, maxMinutes: 0.001 });
    expect(late.end.end).toBe("stopped");
    const impatient = await events(makeTask(1, {}, { hiddenSize: 2 }), { epochs: 500, patience: 1 });
    expect(impatient.end.end).toBe("stopped");
    expect(impatient.validations.at(-1)?.best).toBe(false);
    expect(impatient.validations.filter(({ best }) => !best)).toHaveLength(1);
  });

  test.each([
    [{ epochs: 0 }, "train: expected epochs to be an integer ≥ 1, got 0"],
    [{ epochs: Number.NaN }, "train: expected epochs to be an integer ≥ 1, got NaN"],
    [{ patience: 1.5 }, "train: expected patience to be an integer ≥ 1, or Infinity, got 1.5"],
    [{ clipNorm: 0 }, "train: expected clipNorm to be a finite number above 0, or Infinity, got 0"],
    [{ maxMinutes: -1 }, "train: expected maxMinutes to be a finite number above 0, or Infinity, got -1"],
  ])("refuses %o", async (options, message) => {
    await expect(events(makeTask(1), options)).rejects.toThrow(new RangeError(message));
  });
});
