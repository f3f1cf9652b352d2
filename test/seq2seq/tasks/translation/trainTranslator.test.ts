import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MemoryStore } from "../../../../src/seq2seq/files/memoryStore.js";
import { decodeSafetensors, encodeSafetensors } from "../../../../src/seq2seq/files/safetensors.js";
import { isBetter } from "../../../../src/seq2seq/tasks/score.js";
import type {
  TrainTranslatorOptions,
  ValidationReport,
} from "../../../../src/seq2seq/tasks/translation/trainOptions.js";
import { trainTranslator } from "../../../../src/seq2seq/tasks/translation/trainTranslator.js";
import { Translator } from "../../../../src/seq2seq/tasks/translation/translator.js";
import { decodeCheckpoint } from "../../../../src/seq2seq/training/checkpoint.js";
import { reversedDigits } from "../../../support/digits.js";
import { contents, temporaryFolder } from "../../../support/folder.js";
import { numbers } from "../../../support/models.js";

const pairs = reversedDigits(4, 3, 1);
const small = {
  train: pairs.slice(0, 64),
  valid: pairs.slice(64),
  model: { hiddenSize: 12 },
  batchSize: 16,
  epochs: 2,
} satisfies Omit<TrainTranslatorOptions, "folder">;

describe("trainTranslator", () => {
  test("learns to reverse digit sentences that it has not seen", async () => {
    const digits = reversedDigits(5, 4, 2);
    const [train, unseen] = [digits.slice(0, 700), digits.slice(700)];
    const { translator, best, end } = await trainTranslator({
      train,
      valid: unseen,
      folder: temporaryFolder(),
      model: { hiddenSize: 48 },
      batchSize: 16,
      lr: 0.008,
      epochs: 8,
    });
    expect(end).toBe("finished");
    const exact = (some: typeof digits): number => {
      const translations = translator.translate(some.map(({ source }) => source));
      return translations.filter((text, i) => text === some[i].target).length / some.length;
    };
    expect(exact(train)).toBeGreaterThan(0.7);
    expect(exact(unseen)).toBeGreaterThan(0.6); // by chance it would be about 1 in 600
    expect(best.bleu).toBeGreaterThan(80);
  });

  test("makes the same folder from the same seed, byte for byte", async () => {
    const [one, two, other] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const options = { ...small, model: { hiddenSize: 12, dropout: 0.2 }, teacherForcing: 0.5, seed: 5 };
    for (const folder of [one, two]) await trainTranslator({ ...options, folder });
    await trainTranslator({ ...options, seed: 6, folder: other });
    expect(Object.keys(contents(one)).sort()).toEqual([
      "checkpoint.safetensors",
      "config.json",
      "history.json",
      "model.safetensors",
      "settings.json",
      "source.json",
      "target.json",
    ]);
    const { "history.json": _, ...timeless } = contents(one);
    expect(contents(two)).toMatchObject(timeless);
    expect(contents(other)["model.safetensors"]).not.toBe(contents(one)["model.safetensors"]);
  });

  test("keeps the best model, and returns it", async () => {
    const folder = temporaryFolder();
    const reports: ValidationReport[] = [];
    let kept = "";
    // A learning rate this high makes some epochs worse than others.
    const result = await trainTranslator({
      ...small,
      lr: 0.1,
      epochs: 8,
      folder,
      onValidation: (report) => {
        reports.push(report);
        if (report.best) kept = contents(folder)["model.safetensors"];
      },
    });
    const better = (a: ValidationReport, b: ValidationReport): number => (isBetter(a, b, "loss") ? -1 : 1);
    expect(reports.some(({ best }) => !best)).toBe(true);
    expect(result.best).toEqual(reports.toSorted(better)[0].scores);
    expect(contents(folder)["model.safetensors"]).toBe(kept);
    expect(numbers(result.translator.model.stateDict())).toEqual(numbers(Translator.load(folder).model.stateDict()));
  });

  test("stops by patience, and by the time", async () => {
    const epochs: (number | null)[] = [];
    const onValidation = ({ epoch }: ValidationReport): void => void epochs.push(epoch);
    const still = { ...small, lr: 0, patience: 2, epochs: 50, onValidation };
    expect((await trainTranslator({ ...still, folder: temporaryFolder() })).end).toBe("stopped");
    expect(epochs).toEqual([1, 2, 3]);

    const folder = temporaryFolder();
    const started = performance.now();
    const { end } = await trainTranslator({ ...small, epochs: 1_000_000, maxMinutes: 0.3 / 60, folder });
    expect(end).toBe("stopped");
    expect(performance.now() - started).toBeLessThan(5000);
    expect(Translator.load(folder).translate(["1 2"])).toHaveLength(1);
  });

  test("stopped by the signal saves what there is, also before any step", async () => {
    for (const stopAt of [0, 3]) {
      const folder = temporaryFolder();
      const controller = new AbortController();
      if (stopAt === 0) controller.abort();
      const reports: ValidationReport[] = [];
      const { end } = await trainTranslator({
        ...small,
        folder,
        signal: controller.signal,
        onStep: ({ step }) => {
          if (step === stopAt) controller.abort();
        },
        onValidation: (report) => void reports.push(report),
      });
      expect(end).toBe("aborted");
      expect(reports).toMatchObject([{ epoch: 1, trainLoss: null, best: true }]);
      expect(contents(folder)).toHaveProperty(["checkpoint.safetensors"]);
      expect(Translator.load(folder).translate(["1 2"])).toHaveLength(1);
    }
  });

  test("stopped between two epochs does not validate the same weights again", async () => {
    const controller = new AbortController();
    const epochs: number[] = [];
    await trainTranslator({
      ...small,
      folder: temporaryFolder(),
      signal: controller.signal,
      onValidation: ({ epoch }) => {
        epochs.push(epoch);
        controller.abort();
      },
    });
    expect(epochs).toEqual([1]);
  });

  test("trains by the optimiser and weight decay that it is told, from first weights of the range that it is told", async () => {
    const store = new MemoryStore();
    const given = { optimizer: "sgd", weightDecay: 0.01, initScale: 0.08, lr: 0 } as const;
    const { translator } = await trainTranslator({ ...small, ...given, epochs: 1, store });
    const { header } = decodeCheckpoint((await store.read("checkpoint.safetensors")) as Uint8Array);
    expect(header.optimizer).toMatchObject({ kind: "SGD", paramGroups: [{ weightDecay: 0.01, momentum: 0 }] });
    for (const [name, values] of Object.entries(numbers(translator.model.stateDict()))) {
      const most = Math.max(...values.map(Math.abs));
      const spread = [name, most <= Math.fround(0.08), most > 0.04, Math.min(...values) < 0 && Math.max(...values) > 0];
      expect(spread).toEqual([name, true, true, true]);
    }
    const normalised = await trainTranslator({
      ...small,
      ...given,
      epochs: 1,
      weightDecay: 0,
      model: { layerNorm: true },
    });
    const gains = [...normalised.translator.model.namedParameters()].filter(([name]) => name.includes("norm_"));
    expect(gains.length).toBeGreaterThan(0);
    for (const [name, { data }] of gains)
      expect([name, new Set(data)]).toEqual([name, new Set([name.includes("bias") ? 0 : 1])]);
    await expect(trainTranslator({ ...small, initScale: 0.08, from: translator })).rejects.toThrow(
      "train: expected no initScale, as the model to begin with has its weights, got 0.08",
    );
  });

  test("keeps the average of checkpoints where it is the best, as a whole model", async () => {
    const store = new MemoryStore();
    const reports: ValidationReport[] = [];
    const { best, translator } = await trainTranslator({
      ...{ ...small, store, lr: 0.03, batchSize: 4, epochs: 6, averageCheckpoints: 4, averageOf: "last" },
      onValidation: (report) => void reports.push(report),
    });
    const last = reports.at(-1) as ValidationReport;
    expect(last).toMatchObject({ averaged: 4, best: true });
    expect(best).toEqual(last.scores);
    const { tensors } = decodeCheckpoint((await store.read("checkpoint.safetensors")) as Uint8Array);
    const steps = [48, 64, 80, 96];
    for (const [name, values] of Object.entries(numbers(translator.model.stateDict()))) {
      const mean = (i: number): number =>
        steps.reduce((sum, step) => sum + tensors[`snapshot.${step}.${name}`].data[i], 0) / steps.length;
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(mean(i), 6);
      });
    }
  });

  test("counts pairs that are empty or over-long on either side", async () => {
    const [long, longer] = ["1 2 3 4 5 6", "1 2 3 4 5 6 7"];
    const odd = [
      { source: longer, target: "1" },
      { source: "1", target: longer },
      { source: "", target: "1" },
      { source: "1", target: "  " },
      { source: long, target: long },
    ];
    let counts = {};
    await trainTranslator({
      ...small,
      train: [...small.train, ...odd],
      maxLength: 6,
      epochs: 1,
      folder: temporaryFolder(),
      onStart: ({ train: { tooLong, empty, pairs: kept } }) => {
        counts = { tooLong, empty, kept: kept.length };
      },
    });
    expect(counts).toEqual({ tooLong: 2, empty: 2, kept: 65 });
  });

  test("says why there is nothing to train on, or to judge by", async () => {
    const nothing = [{ source: "", target: "" }];
    const start = (options: Partial<TrainTranslatorOptions>) =>
      trainTranslator({ ...small, folder: temporaryFolder(), ...options });
    await expect(start({ train: nothing })).rejects.toThrow(
      "train: expected at least one training pair, got none (1 empty and 0 over-long were left out)",
    );
    await expect(start({ valid: pairs, maxLength: 0 })).rejects.toThrow(/training pair.* 64 over-long/);
    await expect(start({ valid: nothing })).rejects.toThrow(/at least one validation pair/);
    await expect(start({ minFrequency: 1000 })).rejects.toThrow(
      "train: expected a source token seen at least minFrequency 1000 times, got none",
    );
    await expect(start({ train: [] })).rejects.toThrow(/at least one training pair/);
    await expect(start({ train: [...nothing, pairs[0]], valid: undefined })).rejects.toThrow(
      /training pair, got none \(1 set aside for validation, 1 empty and 0 over-long were left out\)/,
    );
  });

  test.each<[keyof TrainTranslatorOptions, readonly number[]]>([
    ["epochs", [0, -1, 1.5, Number.NaN]],
    ["patience", [0, -1, 1.5, Number.NaN]],
    ["maxMinutes", [0, -1, Number.NaN]],
    ["maxLength", [-1, 1.5, Number.NaN]],
  ])("refuses %s out of range", async (name, values) => {
    for (const value of values) {
      const start = trainTranslator({ ...small, folder: temporaryFolder(), [name]: value });
      await expect(start).rejects.toThrow(new RegExp(`^train: expected ${name} .*, got ${value}$`));
    }
  });

  test.each([{ hiddenSize: 1e9 }, { hiddenSize: 12, numLayers: 1e8 }])(
    "refuses a model beyond memory, as %j",
    async (model) => {
      const start = trainTranslator({ ...small, model, folder: temporaryFolder() });
      await expect(start).rejects.toThrow(/^train: expected a model of at most 2\^31 numbers, got \d+ or more$/);
    },
  );

  test("refuses model options that do not go together before any pair is read", async () => {
    const unread = (async function* () {
      yield await Promise.reject(new Error("a pair was read"));
    })();
    const start = trainTranslator({ ...small, train: unread, model: { attention: "none", inputFeeding: true } });
    await expect(start).rejects.toThrow(
      "Seq2Seq: expected attention dot, general or additive with inputFeeding, got none",
    );
  });

  test.each([
    [1e37, /^train: expected a finite validation loss, got (NaN|Infinity) in epoch 1\./],
    [
      1e39,
      /^train: expected finite weights after the update at step 1 \(epoch 1\); the first parameter that is not is \w+\./,
    ],
  ])("saves no model that the last step of an epoch broke, by a learning rate of %s", async (lr, message) => {
    const folder = temporaryFolder();
    const oneStep = { ...small, batchSize: 64, lr, folder };
    await expect(trainTranslator(oneStep)).rejects.toThrow(message);
    expect(contents(folder)).toEqual({});
  });

  test("needs no disk: a store keeps what a folder would, and a run goes on from it", async () => {
    const folder = temporaryFolder();
    const inFolder = await trainTranslator({ ...small, folder });
    const store = new MemoryStore();
    const { translator, best } = await trainTranslator({ ...small, store });
    expect(best).toEqual(inFolder.best);
    expect(await store.list()).toEqual(Object.keys(contents(folder)).sort());
    expect(translator.files()).toEqual(inFolder.translator.files());
    const parted = new MemoryStore();
    await trainTranslator({ ...small, epochs: 1, store: parted });
    await trainTranslator({ ...small, store: parted, resume: true });
    expect(await parted.read("model.safetensors")).toEqual(await store.read("model.safetensors"));
    expect((await trainTranslator(small)).translator.files()).toEqual(translator.files());
  });

  test("refuses a folder and a store, a resumed run of neither, and two writers", async () => {
    const store = new MemoryStore();
    await expect(trainTranslator({ ...small, store, folder: "x" })).rejects.toThrow("got both");
    await expect(trainTranslator({ ...small, resume: true })).rejects.toThrow("got neither");
    const first = trainTranslator({ ...small, store });
    await expect(trainTranslator({ ...small, store })).rejects.toThrow(/^lock: /);
    await first;
    await trainTranslator({ ...small, store });
  });

  test("trains a model on, with other data, its own vocabularies and a run of its own", async () => {
    const { translator: from } = await trainTranslator({ ...small, epochs: 4 });
    const train = [...small.train.slice(0, 30), { source: "one 2", target: "2 one" }];
    const { translator, best } = await trainTranslator({ ...small, train, from, epochs: 1 });
    expect(translator.target.vocabulary.toJSON()).toEqual(from.target.vocabulary.toJSON());
    const { best: anew } = await trainTranslator({ ...small, train: small.train.slice(0, 30), epochs: 1 });
    expect(best.loss).toBeLessThan(anew.loss);
  });

  test("trains a model on with other rates of dropout, which follow the one that is given", async () => {
    const model = { hiddenSize: 12, dropout: 0.2, wordDropout: 0.1, outputDropout: 0.4 };
    const { translator: from } = await trainTranslator({ ...small, model, epochs: 1 });
    const rates = async (model: TrainTranslatorOptions["model"]) => {
      const { config } = (await trainTranslator({ ...small, model, from, epochs: 1 })).translator.model;
      return [config.dropout, config.embeddingDropout, config.outputDropout, config.wordDropout];
    };
    expect(await rates({})).toEqual([0.2, 0.2, 0.4, 0.1]);
    expect(await rates({ dropout: 0.3 })).toEqual([0.3, 0.3, 0.3, 0.1]);
    expect(await rates({ embeddingDropout: 0, wordDropout: 0 })).toEqual([0.2, 0, 0.4, 0]);
    await expect(rates({ layerNorm: true })).rejects.toThrow(
      "train: expected layerNorm false, as the model to begin with has it, got true",
    );
  });

  test("has every part of a model that its settings ask for, and saves it", async () => {
    const model = {
      ...{ hiddenSize: 12, embeddingSize: 8, bidirectional: true, conditional: true, numLayers: 2 },
      ...{ layerNorm: true, residual: true, initialState: "mean", tied: "decoder", lexical: true },
      ...{ dropout: 0.1, embeddingDropout: 0.2, contextDropout: 0.3, outputDropout: 0.4, wordDropout: 0.1 },
    } satisfies TrainTranslatorOptions["model"];
    const folder = temporaryFolder();
    const { translator } = await trainTranslator({ ...small, model, folder });
    expect(translator.model.config).toMatchObject({ ...model, attention: "additive" });
    expect(numbers(Translator.load(folder).model.stateDict())).toEqual(numbers(translator.model.stateDict()));
    expect(Object.keys(translator.model.stateDict())).toEqual(
      expect.arrayContaining(["initial.weight", "decoder.upper.0.norm_hh_weight_l0", "decoder.lexical.hidden.weight"]),
    );
  });

  test("ties all tables only where both sides have one vocabulary", async () => {
    const model = { hiddenSize: 12, tied: "all" } as const;
    const { translator } = await trainTranslator({ ...small, model, epochs: 1 }); // the same digits on both sides
    expect(translator.model.encoder.embedding).toBe(translator.model.decoder.embedding);
    const train = small.train.map(({ source, target }) => ({ source, target: target.replaceAll("1", "one") }));
    await expect(trainTranslator({ ...small, train, model })).rejects.toThrow(
      "train: expected one vocabulary for both sides with tied all, got two, of 8 and 8 tokens",
    );
  });

  test("begins with the vectors of files", async () => {
    const file = join(temporaryFolder(), "digits.vec");
    writeFileSync(file, "2 12\n1 1 2 3 4 5 6 7 8 9 10 11 12\n9 0 0 0 0 0 0 0 0 0 0 0 0\n");
    const options = { ...small, lr: 0, epochs: 1 };
    const { translator: plain } = await trainTranslator(options);
    const { translator } = await trainTranslator({ ...options, targetEmbeddings: file });
    const [before, after] = [plain, translator].map(
      ({ model }) => model.decoder.embedding.weight.toArray() as number[][],
    );
    const [id] = translator.target.vocabulary.encode(["1"]);
    before[id] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    expect(after).toEqual(before);
    expect(translator.model.encoder.embedding.weight.toArray()).toEqual(plain.model.encoder.embedding.weight.toArray());

    const fault = (more: Partial<TrainTranslatorOptions>) => trainTranslator({ ...options, ...more });
    const wide = { sourceEmbeddings: file, model: { hiddenSize: 12, embeddingSize: 5 } };
    await expect(fault(wide)).rejects.toThrow("to have vectors of 5 numbers, the embeddingSize, got 12 in ");
    await expect(fault({ sourceEmbeddings: `${file}2` })).rejects.toThrow("digits.vec2 does not exist");
    await expect(fault({ sourceEmbeddings: file, from: translator })).rejects.toThrow(
      "train: expected no sourceEmbeddings, as the model to begin with has its own, got ",
    );
    writeFileSync(file, "one 1 2 3 4 5 6 7 8 9 10 11 12\n");
    await expect(fault({ targetEmbeddings: file })).rejects.toThrow("to have a word of the vocabulary, got none in ");
  });

  test("judges by references in the form that the model writes", async () => {
    const shout = (some: typeof pairs) =>
      some.map(({ source, target }) => ({ source, target: ` ${target.replaceAll(" ", "\u00a0 A")}` }));
    const [train, valid] = [shout(small.train), shout(small.train.slice(0, 20))];
    const { best } = await trainTranslator({
      ...{ train, valid, batchSize: 8, lr: 0.02, epochs: 12, lowercase: true },
      model: { hiddenSize: 32 },
    });
    expect(best.exact).toBeGreaterThan(50); // with capitals and no-break spaces kept in the references, none
  });

  describe("and what is already in the folder", () => {
    test("refuses to replace it unless told to", async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "notes.txt"), "mine");
      const start = trainTranslator({ ...small, folder });
      await expect(start).rejects.toThrow(
        `train: expected an empty or absent folder, got ${folder}, which holds something (overwrite replaces a model`,
      );
      await expect(trainTranslator({ ...small, folder, overwrite: true })).rejects.toThrow(
        `train: expected a folder with nothing but a model to replace, got ${folder}, which holds notes.txt too`,
      );
      expect(contents(folder)).toEqual({ "notes.txt": "mine" });
    });

    test("spares what is laid there before the first save", async () => {
      const folder = join(temporaryFolder(), "model");
      await trainTranslator({ ...small, folder });
      const onStart = (): void => writeFileSync(join(folder, "notes.txt"), "mine");
      await trainTranslator({ ...small, folder, overwrite: true, onStart });
      expect(contents(folder)).toMatchObject({ "notes.txt": "mine" });
    });

    test("removes the pictures of a model that it replaces, and leaves those of one that it goes on with", async () => {
      const folder = temporaryFolder();
      await trainTranslator({ ...small, folder });
      writeFileSync(join(folder, "curves.svg"), "");
      await trainTranslator({ ...small, epochs: small.epochs + 1, folder, resume: true });
      expect(Object.keys(contents(folder))).toContain("curves.svg");
      await trainTranslator({ ...small, folder, overwrite: true });
      expect(Object.keys(contents(folder))).not.toContain("curves.svg");
    });

    test("finds out before the first step that nothing can be saved there", async () => {
      const parent = temporaryFolder();
      writeFileSync(join(parent, "file"), "mine");
      let steps = 0;
      const onStep = (): void => void steps++;
      const folder = join(parent, "file", "model");
      await expect(trainTranslator({ ...small, folder, onStep })).rejects.toThrow(
        `train: expected a folder that can be written, got ${folder}: `,
      );
      expect([steps, contents(parent)]).toEqual([0, { file: "mine" }]);
    });

    test("takes a link to nowhere for something", async () => {
      const parent = temporaryFolder();
      symlinkSync(join(parent, "nowhere"), join(parent, "link"));
      const folder = join(parent, "link");
      await expect(trainTranslator({ ...small, folder })).rejects.toThrow(/link, which holds something/);
    });

    test("leaves it alone when the new run fails before its first save", async () => {
      const parent = temporaryFolder();
      const folder = join(parent, "model");
      mkdirSync(folder);
      writeFileSync(join(folder, "config.json"), "old");
      const failing = { ...small, folder, overwrite: true };
      await expect(trainTranslator({ ...failing, lr: 1e38, epochs: 9, batchSize: 4 })).rejects.toThrow(/finite/);
      await expect(trainTranslator({ ...failing, train: [] })).rejects.toThrow(/training pair/);
      expect(contents(parent)).toEqual({ [join("model", "config.json")]: "old" });
    });

    test("keeps the best model when the loss is no longer finite", async () => {
      const folder = temporaryFolder();
      await trainTranslator({ ...small, folder });
      const best = contents(folder)["model.safetensors"];
      // The run goes on from weights one of which is broken.
      const path = join(folder, "checkpoint.safetensors");
      const {
        tensors,
        metadata: { training },
      } = decodeSafetensors(readFileSync(path));
      tensors["model.encoder.gru.weight_hh_l0"].data[5] = Number.NaN;
      writeFileSync(path, encodeSafetensors({ tensors, metadata: { training } }));
      await expect(trainTranslator({ ...small, folder, resume: true, epochs: 4 })).rejects.toThrow(
        /checkpoint\.safetensors: model\.encoder\.gru\.weight_hh_l0: expected finite numbers, got NaN at 5/,
      );
      expect(contents(folder)["model.safetensors"]).toBe(best);
      expect(Translator.load(folder).translate(["1 2"])).toHaveLength(1);
    });
  });
});
