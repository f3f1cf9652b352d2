import { describe, expect, test } from "vitest";
import { resolveSettings, settingsFromJSON, settingsToJSON } from "../../../src/seq2seq/tasks/resolveSettings.js";
import {
  defaultSettings,
  SETTINGS,
  type SettingName,
  type Settings,
  settingsByName,
} from "../../../src/seq2seq/tasks/settings.js";
import { optionName, settingsFile, trainOptions } from "../../../src/seq2seq/tasks/settingsFile.js";
import { hasSetting } from "../../../src/seq2seq/tasks/settingsOfTask.js";

const names = Object.keys(settingsByName) as SettingName[];
const ofTranslation = names.filter((name) => name !== "task" && hasSetting("translate", name));

describe("the table of settings", () => {
  test("has every setting once, with a default that it takes", () => {
    const all = Object.values(SETTINGS).flatMap((group) => Object.keys(group));
    expect(new Set(all).size).toBe(all.length);
    expect(names).toEqual(all);
    for (const name of names) expect([name, settingsByName[name].accepts(defaultSettings[name])]).toEqual([name, true]);
  });

  test("lets a resumed run change its learning rate, length, patience, threads and what becomes of faults, and nothing else", () => {
    const free = names.filter((name) => settingsByName[name].mayChange);
    expect(free).toEqual(["lr", "skipNonfinite", "epochs", "patience", "maxMinutes", "detectAnomaly", "threads"]);
  });
});

/** A value that is allowed and not the default. */
const others = {
  task: "translate", sequenceLength: 64, pooling: "last",
  tokenizer: "character", lowercase: true, subwords: 9, jointSubwords: true, subwordDropout: 0.1, minFrequency: 2, maxVocabulary: 50, maxLength: 9,
  cell: "lstm", hiddenSize: 8, numLayers: 2, bidirectional: true, dropout: 0.1, reverseSource: true,
  embeddingSize: 5, layerNorm: true, residual: true, embeddingDropout: 0, outputDropout: 0.2, contextDropout: 0.3,
  wordDropout: 0.4, initialState: "mean", tied: "decoder", lexical: true,
  attention: "none", inputFeeding: true, conditional: true, contextInput: true,
  sampleRate: 16_000, bands: 40, window: 25, hop: 10, topDb: 80, normalize: "recording", stack: 1, subsample: 0,
  speedPerturbation: 0, noise: null, shift: 0, filterAugment: 0, timeMask: 0, frequencyMask: 0,
  lr: 0.5, batchSize: 3, batchTokens: 70, clipNorm: Number.POSITIVE_INFINITY, labelSmoothing: 0.1, teacherForcing: 0.5,
  optimizer: "sgd", warmupSteps: 4, lrDecay: "linear", lrDecayFactor: 0.7, lrDecayPatience: 2, lrDecayStart: 1, lrDecayEvery: 1,
  weightDecay: 1e-5, initScale: 0.08, lossReduction: "sentence", ema: 0.9, averageCheckpoints: 2, averageOf: "last",
  validateEvery: 50, skipNonfinite: 3, detectAnomaly: true,
  epochs: 2, patience: 3, maxMinutes: 0.5, seed: 7, threads: 2, level: 2, size: 500,
  sourceEmbeddings: "en.vec", targetEmbeddings: "fr.vec",
} satisfies Settings; // biome-ignore format: a table

describe("resolveSettings", () => {
  test("takes what is given, and defaults for the rest", () => {
    expect(resolveSettings({})).toEqual({ settings: defaultSettings, changed: [] });
    expect(resolveSettings(others)).toEqual({ settings: others, changed: [] });
    expect(resolveSettings({ lr: 0.5, seed: undefined }).settings).toEqual({ ...defaultSettings, lr: 0.5 });
  });

  test("takes, in a resumed run, what it began with where nothing is given", () => {
    expect(resolveSettings({}, others)).toEqual({ settings: others, changed: [] });
    expect(resolveSettings({ ...others }, others)).toEqual({ settings: others, changed: [] });
  });

  test.each(ofTranslation)("changes %s in a resumed run, and tells it, or refuses", (name) => {
    const resume = () => resolveSettings({ [name]: others[name] }, defaultSettings);
    const [from, to] = [defaultSettings[name], others[name]];
    expect(to).not.toEqual(from);
    if (settingsByName[name].mayChange) {
      expect(resume()).toEqual({ settings: { ...defaultSettings, [name]: to }, changed: [{ name, from, to }] });
    } else {
      const shown = (value: unknown) => (typeof value === "string" ? `"${value}"` : value);
      const expected = from === null ? `no ${name}` : `${name} ${shown(from)}`;
      const message = `resume: expected ${expected}, which the run began with, got ${shown(to)}`;
      expect(resume).toThrow(new Error(message));
    }
  });

  test.each<[Record<string, unknown>, string]>([
    [{ lr: -1 }, "train: expected lr to be a finite number ≥ 0, got -1"],
    [{ lr: "0.1" }, 'train: expected lr to be a finite number ≥ 0, got "0.1"'],
    [{ lr: Number.POSITIVE_INFINITY }, "train: expected lr to be a finite number ≥ 0, got Infinity"],
    [{ clipNorm: 0 }, "train: expected clipNorm to be a finite number above 0, or Infinity, got 0"],
    [{ dropout: 1.5 }, "train: expected dropout to be a number in [0, 1], got 1.5"],
    [{ epochs: 0 }, "train: expected epochs to be an integer ≥ 1, got 0"],
    [{ epochs: null }, "train: expected epochs to be an integer ≥ 1, got null"],
    [{ patience: 1.5 }, "train: expected patience to be an integer ≥ 1, or Infinity, got 1.5"],
    [{ maxMinutes: Number.NaN }, "train: expected maxMinutes to be a finite number above 0, or Infinity, got NaN"],
    [{ threads: 65 }, "train: expected threads to be an integer from 1 to 64, or Infinity, got 65"],
    [{ cell: "tcn" }, 'train: expected cell to be "gru" or "lstm" or "rnn", got "tcn"'],
    [{ lowercase: 1 }, "train: expected lowercase to be true or false, got 1"],
    [{ level: 4 }, "train: expected level to be an integer from 1 to 3, got 4"],
    [{ seed: 2 ** 53 }, `train: expected seed to be an integer ≥ 0 and at most 9007199254740991, got ${2 ** 53}`],
  ])("refuses %j", (given, message) => {
    expect(() => resolveSettings(given)).toThrow(new RangeError(message));
    expect(() => resolveSettings(given, defaultSettings)).toThrow(new RangeError(message));
  });
});

describe("settings of a task", () => {
  test("are those that it has, with its own defaults", () => {
    expect(resolveSettings({ task: "generate" }).settings).toEqual({
      ...{ ...defaultSettings, task: "generate", tokenizer: "character" },
    });
    expect(resolveSettings({ task: "generate", tokenizer: "word", sequenceLength: 9 }).settings.tokenizer).toBe("word");
  });

  test.each<[Partial<Settings>, string]>([
    [{ task: "generate", attention: "dot" }, 'train: expected no attention with task generate, got "dot"'],
    [{ task: "transcribe", lexical: true }, "train: expected no lexical with task transcribe, got true"],
    [{ task: "generate", bands: 9 }, "train: expected no bands with task generate, got 9"],
    [{ noise: 10 }, "train: expected no noise with task translate, got 10"],
    [{ task: "classify", teacherForcing: 0.5 }, "train: expected no teacherForcing with task classify, got 0.5"],
    [{ pooling: "mean" }, 'train: expected no pooling with task translate, got "mean"'],
    [{ sequenceLength: 9 }, "train: expected no sequenceLength with task translate, got 9"],
  ])("are refused where it has not got them: %j", (given, message) => {
    expect(() => resolveSettings(given)).toThrow(new RangeError(message));
  });
});

describe("settings in a file", () => {
  test.each([
    ["defaults", defaultSettings],
    ["others", others],
  ] as const)("come back as they were: %s", (_, settings) => {
    expect(settingsFromJSON(JSON.parse(JSON.stringify(settingsToJSON(settings))))).toEqual(settings);
  });

  test("that there were not yet when a file was written are as they were then", () => {
    const { ema: _, lrDecayPatience: __, ...earlier } = JSON.parse(JSON.stringify(settingsToJSON(others)));
    expect(settingsFromJSON(earlier)).toEqual({ ...others, ema: 0, lrDecayPatience: 1 });
  });

  test("are kept by the names of the command's options, without what drew no sentences", () => {
    const file = JSON.parse(settingsFile(others));
    expect(Object.keys(file)).toEqual(["task", ...ofTranslation.map(optionName)]);
    expect(file).toMatchObject({ hidden: 8, "batch-size": 3, "clip-norm": "Infinity", level: 2, size: 500 });
    const { level, size, ...rest } = JSON.parse(settingsFile({ ...others, level: null }));
    expect([level, size, rest]).toEqual([undefined, undefined, expect.objectContaining({ hidden: 8 })]);
  });

  test("are options of trainTranslator again", () => {
    const { model, ...rest } = trainOptions(JSON.parse(settingsFile(others)));
    expect(resolveSettings({ ...rest, ...model }).settings).toEqual(others);
    expect(rest).not.toHaveProperty("task"); // which a function for one task does not take
    expect([model.hiddenSize, Object.hasOwn(rest, "hiddenSize")]).toEqual([8, false]);
    expect(() => trainOptions({ hiddenSize: 8 })).toThrow(
      'trainOptions: expected settings by the command\'s names, got "hiddenSize"',
    );
    expect(() => trainOptions([] as object)).toThrow("trainOptions: expected an object");
  });

  test.each<[string, unknown, string]>([
    ["nothing", undefined, "settings: expected an object, got undefined"],
    ["a list", [], "settings: expected an object, got []"],
    [
      "none of one",
      { ...settingsToJSON(others), seed: undefined },
      "settings: expected seed to be an integer ≥ 0, got undefined",
    ],
    ["a bad one", { ...settingsToJSON(others), seed: -1 }, "settings: expected seed to be an integer ≥ 0, got -1"],
    [
      "no limit where there must be one",
      { ...settingsToJSON(others), epochs: "Infinity" },
      "settings: expected epochs to be an integer ≥ 1, got Infinity",
    ],
  ])("are refused when the file holds %s", (_, json, message) => {
    expect(() => settingsFromJSON(json)).toThrow(message);
  });
});
