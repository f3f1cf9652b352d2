import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../../../src/seq2seq/files/safetensors.js";
import type { TrainTranslatorOptions } from "../../../../src/seq2seq/tasks/translation/trainOptions.js";
import { trainTranslator } from "../../../../src/seq2seq/tasks/translation/trainTranslator.js";
import { Translator } from "../../../../src/seq2seq/tasks/translation/translator.js";
import type { Progress } from "../../../../src/seq2seq/training/progress.js";
import { reversedDigits } from "../../../support/digits.js";
import { contents, temporaryFolder } from "../../../support/folder.js";
import { numbers } from "../../../support/models.js";

const pairs = reversedDigits(4, 3, 1);

/** 80 pairs in batches of 16 are 5 steps an epoch; dropout and teacher forcing make every step draw numbers. */
const run = {
  train: pairs.slice(0, 80),
  valid: pairs.slice(80),
  model: { hiddenSize: 12, dropout: 0.3 },
  teacherForcing: 0.5,
  batchSize: 16,
  epochs: 4,
  seed: 3,
} satisfies Omit<TrainTranslatorOptions, "folder">;

function checkpoint(folder: string) {
  const { tensors, metadata } = decodeSafetensors(readFileSync(join(folder, "checkpoint.safetensors")));
  const { progress, ...state } = JSON.parse(metadata.training);
  const { best, sinceBest, ...rest } = progress as Progress;
  return { tensors: numbers(tensors), state: { ...state, progress: rest }, best, sinceBest };
}

/** Runs until the given step of an epoch, or until its end where the step is null; then stops as Ctrl-C does. */
async function interrupted(folder: string, epoch: number, step: number | null, options = {}): Promise<void> {
  const controller = new AbortController();
  const { end } = await trainTranslator({
    ...run,
    ...options,
    folder,
    signal: controller.signal,
    onStep: (report) => {
      if (report.epoch === epoch && report.stepInEpoch === step) controller.abort();
    },
    onValidation: (report) => {
      if (report.epoch === epoch && step === null) controller.abort();
    },
  });
  expect(end).toBe("aborted");
}

describe("a resumed run", () => {
  test.each([
    { where: "in the first epoch", epoch: 1, step: 2 },
    { where: "in a later epoch", epoch: 3, step: 4 },
    { where: "at the last step of an epoch", epoch: 2, step: 5 },
    { where: "after an epoch's validation", epoch: 2, step: null },
  ])("interrupted $where continues bit for bit", async ({ epoch, step }) => {
    const [whole, parted] = [temporaryFolder(), temporaryFolder()];
    await trainTranslator({ ...run, folder: whole });
    await interrupted(parted, epoch, step);
    expect(checkpoint(parted).tensors).not.toEqual(checkpoint(whole).tensors);
    await trainTranslator({ ...run, folder: parted, resume: true });
    const [one, other] = [checkpoint(whole), checkpoint(parted)];
    expect(other.tensors).toEqual(one.tensors);
    expect(other.state).toEqual(one.state);
    expect(one.state.progress).toMatchObject({ epoch: 4, step: 0, totalSteps: 20 });
  });

  test("with validations every few steps, averages and a schedule continues bit for bit, wherever it was interrupted", async () => {
    const average = { ema: 0.9, averageCheckpoints: 3, averageOf: "last" } as const;
    const updates = { lr: 0.02, warmupSteps: 4, lrDecay: "plateau", weightDecay: 1e-4 } as const;
    const loss = { lossReduction: "sentence", clipNorm: 5, initScale: 0.3 } as const;
    const more = { ...average, ...updates, ...loss, validateEvery: 3 };
    const whole = temporaryFolder();
    await trainTranslator({ ...run, ...more, folder: whole });
    const one = checkpoint(whole);
    for (const [epoch, step] of [
      [1, 2],
      [2, 1],
      [3, 5],
    ]) {
      const parted = temporaryFolder();
      await interrupted(parted, epoch, step, more);
      await trainTranslator({ train: run.train, valid: run.valid, folder: parted, resume: true });
      const other = checkpoint(parted);
      expect([other.tensors, other.state]).toEqual([one.tensors, one.state]);
    }
    const names = Object.keys(one.tensors);
    for (const part of ["ema.", "snapshot.12.", "snapshot.15.", "snapshot.18."]) {
      expect(names.filter((name) => name.startsWith(part)).length).toBeGreaterThan(10);
    }
    expect(names.filter((name) => name.startsWith("snapshot.9."))).toEqual([]);
  });

  test("goes on from a checkpoint from before there were schedules and averages", async () => {
    const [whole, parted] = [temporaryFolder(), temporaryFolder()];
    await trainTranslator({ ...run, folder: whole });
    await interrupted(parted, 2, 3);
    const path = join(parted, "checkpoint.safetensors");
    const { tensors, metadata } = decodeSafetensors(readFileSync(path));
    const training = JSON.parse(metadata.training);
    const added = ["optimizer", "warmupSteps", "weightDecay", "ema", "averageCheckpoints", "validateEvery"];
    for (const name of [...added, "lrDecayFactor", "lossReduction"]) delete training.settings[name];
    for (const name of ["bestDue", "reductions", "sinceReduction", "judgedAt", "averagedAt"]) {
      expect(training.progress).toHaveProperty(name);
      delete training.progress[name];
    }
    writeFileSync(path, encodeSafetensors({ tensors, metadata: { training: JSON.stringify(training) } }));
    await trainTranslator({ ...run, folder: parted, resume: true });
    expect(checkpoint(parted).tensors).toEqual(checkpoint(whole).tensors);
  });

  test("may be interrupted twice", async () => {
    const [whole, parted] = [temporaryFolder(), temporaryFolder()];
    await trainTranslator({ ...run, folder: whole });
    await interrupted(parted, 1, 3);
    await interrupted(parted, 1, 4, { resume: true });
    await interrupted(parted, 3, 1, { resume: true });
    await trainTranslator({ ...run, folder: parted, resume: true });
    expect(checkpoint(parted).tensors).toEqual(checkpoint(whole).tensors);
  });

  test("with pairs held out by itself holds out the same ones", async () => {
    const all = { ...run, train: pairs, valid: undefined };
    const [whole, parted] = [temporaryFolder(), temporaryFolder()];
    await trainTranslator({ ...all, folder: whole });
    await interrupted(parted, 2, 3, all);
    await trainTranslator({ ...all, folder: parted, resume: true });
    expect(checkpoint(parted).tensors).toEqual(checkpoint(whole).tensors);
  });

  test("says how many epochs are done, and counts on from the best score", async () => {
    const folder = temporaryFolder();
    await trainTranslator({ ...run, epochs: 2, folder });
    const before = checkpoint(folder);
    const model = contents(folder)["model.safetensors"];
    let done = -1;
    const epochs: number[] = [];
    const { best } = await trainTranslator({
      ...run,
      epochs: 3,
      folder,
      resume: true,
      onStart: ({ doneEpochs }) => {
        done = doneEpochs;
      },
      onValidation: (report) => {
        epochs.push(report.epoch);
        if (!report.best) expect(contents(folder)["model.safetensors"]).toBe(model);
      },
    });
    expect(done).toBe(2);
    expect(epochs).toEqual([3]);
    expect(best.bleu).toBeGreaterThanOrEqual(before.best!.bleu);
  });

  test("goes on with the settings it began with, where they are left out", async () => {
    const settings = { lr: 0.004, labelSmoothing: 0.1, clipNorm: Number.POSITIVE_INFINITY, lowercase: true };
    const [whole, parted] = [temporaryFolder(), temporaryFolder()];
    await trainTranslator({ ...run, ...settings, train: pairs, valid: undefined, folder: whole });
    await interrupted(parted, 2, 3, { ...settings, train: pairs, valid: undefined });
    await trainTranslator({ train: pairs, epochs: run.epochs, folder: parted, resume: true });
    const [one, other] = [checkpoint(whole), checkpoint(parted)];
    expect([other.tensors, other.state]).toEqual([one.tensors, one.state]);
  });

  test("that is already finished changes nothing", async () => {
    const folder = temporaryFolder();
    await trainTranslator({ ...run, folder });
    const before = contents(folder);
    expect((await trainTranslator({ ...run, folder, resume: true })).end).toBe("finished");
    expect(contents(folder)).toEqual(before);
  });

  test("that ended for want of patience stays ended", async () => {
    const folder = temporaryFolder();
    const still = { ...run, lr: 0, patience: 1, epochs: 9, folder };
    expect((await trainTranslator(still)).end).toBe("stopped");
    const before = contents(folder);
    expect((await trainTranslator({ ...still, resume: true })).end).toBe("stopped");
    expect(contents(folder)).toEqual(before);
    expect((await trainTranslator({ ...still, resume: true, patience: 2 })).end).toBe("stopped");
    expect(checkpoint(folder).state.progress.epoch).toBe(3);
  });

  test("does not count an interruption as an epoch without a better model", async () => {
    // Without learning only the first validation is a best one, so that patience 2 ends after epoch 3.
    const still = { ...run, model: { hiddenSize: 12 }, lr: 0, patience: 2, epochs: 9 };
    const epochsOf = async (folder: string, resume: boolean): Promise<number[]> => {
      const epochs: number[] = [];
      const onValidation = (report: { epoch: number }): void => void epochs.push(report.epoch);
      await trainTranslator({ ...still, folder, resume, onValidation });
      return epochs;
    };
    expect(await epochsOf(temporaryFolder(), false)).toEqual([1, 2, 3]);
    for (const step of [3, null]) {
      const folder = temporaryFolder();
      await interrupted(folder, 2, step, still);
      expect((await epochsOf(folder, true)).at(-1)).toBe(3);
    }
  });

  test("stays as it was where it is not told otherwise, goes on to the epochs that were wanted, and says what changes", async () => {
    const folder = temporaryFolder();
    await trainTranslator({ ...run, epochs: 1, patience: 5, folder });
    const epochs: number[] = [];
    let changed: unknown;
    let settings: unknown;
    await trainTranslator({
      train: run.train,
      valid: run.valid,
      folder,
      resume: true,
      epochs: 2,
      lr: 0.002,
      onStart: (report) => ({ changed, settings } = report),
      onValidation: ({ epoch }) => void epochs.push(epoch),
    });
    expect(epochs).toEqual([2]);
    expect(settings).toMatchObject({ seed: run.seed, batchSize: run.batchSize, patience: 5, epochs: 2 });
    expect(changed).toEqual([
      { name: "lr", from: 0.001, to: 0.002 },
      { name: "epochs", from: 1, to: 2 },
    ]);
    const { metadata } = decodeSafetensors(readFileSync(join(folder, "checkpoint.safetensors")));
    expect(JSON.parse(metadata.training)).toMatchObject({
      settings: { lr: 0.002 },
      optimizer: { paramGroups: [{ lr: 0.002 }] },
    });
  });

  describe("refuses", () => {
    const resume = (folder: string, options = {}) =>
      trainTranslator({ ...run, epochs: 2, ...options, folder, resume: true });

    test("a folder that is not there, or has no checkpoint", async () => {
      const folder = temporaryFolder();
      await expect(resume(join(folder, "none"))).rejects.toThrow(/none, which does not exist/);
      (await trainTranslator({ ...run, epochs: 1, folder: join(folder, "made") })).translator.save(
        join(folder, "bare"),
      );
      await expect(resume(join(folder, "bare"))).rejects.toThrow(
        /expected a checkpoint to go on from, got none in .*bare/,
      );
    });

    test.each<[string, Partial<TrainTranslatorOptions>]>([
      ["batchSize 16", { batchSize: 32 }],
      ["clipNorm 1", { clipNorm: Number.POSITIVE_INFINITY }],
      ["labelSmoothing 0", { labelSmoothing: 0.1 }],
      ["teacherForcing 0.5", { teacherForcing: 1 }],
      ['optimizer "adam"', { optimizer: "sgd" }],
      ["ema 0", { ema: 0.9 }],
      ["validateEvery Infinity", { validateEvery: 2 }],
      ["seed 3", { seed: 4 }],
      ["maxLength 60", { maxLength: 9 }],
      ['tokenizer "word"', { tokenizer: "character" }],
      ["lowercase false", { lowercase: true }],
      ["minFrequency 1", { minFrequency: 2 }],
      ["maxVocabulary 30000", { maxVocabulary: 20 }],
      ["dropout 0.3", { model: { dropout: 0.1 } }],
    ])("another setting than %s, which the run began with", async (began, options) => {
      const folder = temporaryFolder();
      await trainTranslator({ ...run, epochs: 1, folder });
      const before = contents(folder);
      await expect(resume(folder, options)).rejects.toThrow(
        `resume: expected ${began}, which the run began with, got `,
      );
      expect(contents(folder)).toEqual(before);
    });

    test("other training pairs, other kernels and broken checkpoints, and leaves everything as it was", async () => {
      const folder = temporaryFolder();
      await trainTranslator({ ...run, epochs: 1, folder });
      const path = join(folder, "checkpoint.safetensors");
      const good = readFileSync(path);
      const before = contents(folder);
      await expect(resume(folder, { train: run.train.toReversed() })).rejects.toThrow(
        `resume: ${path}: expected the training pairs that the run began with, got others`,
      );
      await expect(resume(folder, { valid: run.valid.slice(1) })).rejects.toThrow(
        `resume: ${path}: expected the validation pairs that the run began with, got others`,
      );
      expect(contents(folder)).toEqual(before);

      const { tensors, metadata } = decodeSafetensors(good);
      const state = JSON.parse(metadata.training);
      const write = (training: string): void =>
        writeFileSync(path, encodeSafetensors({ tensors, metadata: { training } }));
      write(JSON.stringify({ ...state, kernels: "abacus" }));
      await expect(resume(folder)).rejects.toThrow(
        /checkpoint\.safetensors: expected the kernel set abacus that the run began with/,
      );
      write("{}");
      await expect(resume(folder)).rejects.toThrow("expected a checkpoint with training state, got a file without");
      write("{");
      await expect(resume(folder)).rejects.toThrow(
        /^resume: .*checkpoint\.safetensors: expected training state in JSON/,
      );
      for (const broken of [{ epochStart: "now" }, { epochStart: [0, 0, 0, 0] }, { step: -1 }, { count: null }]) {
        write(JSON.stringify({ ...state, progress: { ...state.progress, ...broken } }));
        await expect(resume(folder)).rejects.toThrow(/^resume: .*checkpoint\.safetensors: .*expected/);
      }
      write(JSON.stringify({ ...state, progress: { ...state.progress, step: 6 } }));
      await expect(resume(folder)).rejects.toThrow(/expected fewer than the 5 steps of an epoch to be done, got 6/);
      write(JSON.stringify({ ...state, settings: { ...state.settings, lr: "0.1" } }));
      await expect(resume(folder)).rejects.toThrow(/checkpoint\.safetensors: settings: expected lr to be .*got "0.1"/);
      writeFileSync(path, good.subarray(0, good.length - 1));
      await expect(resume(folder)).rejects.toThrow(/checkpoint\.safetensors: expected the checksum/);
      expect(Translator.load(folder)).toBeInstanceOf(Translator);
    });
  });
});
