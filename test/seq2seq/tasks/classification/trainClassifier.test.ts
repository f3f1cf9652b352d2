import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Generator, seq2seq, Tensor } from "../../../../src/index.js";
import { setAside } from "../../../../src/seq2seq/tasks/classification/examples.js";
import { temporaryFolder } from "../../../support/folder.js";
import { wrong } from "../../../support/wrong.js";

const { Classifier, evaluateClassifier, MemoryStore, trainClassifier } = seq2seq;
type Labelled = seq2seq.Labelled;

const generator = new Generator(5);
const pick = <T>(list: readonly T[]): T => list[generator.integer(list.length)];
/** What a sentence is about: its only telling word is anywhere in it. */
const texts: Labelled[] = Array.from({ length: 300 }, () => {
  const label = pick(["animal", "fruit", "tool"]);
  const telling = pick({ animal: ["cat", "dog"], fruit: ["fig", "plum"], tool: ["saw", "axe"] }[label] as string[]);
  const words = Array.from({ length: 5 }, () => pick(["the", "a", "is", "here", "there"]));
  words[generator.integer(5)] = telling;
  return { input: words.join(" "), label };
}); // in an order that says nothing
/** Three frames of two numbers or more, the greater of which is first in one class and second in the other. */
const frames: Labelled[] = Array.from({ length: 200 }, (_, i) => {
  const label = i < 100 ? "first" : "second"; // sorted by what is to be learned
  const count = 3 + generator.integer(3);
  const data = Array.from(
    { length: 2 * count },
    (_, k) => 0.2 * generator.normal() + (k % 2 === Number(i >= 100) ? 1 : 0),
  );
  return { input: { data, frames: count }, label };
});
const small = { batchSize: 16, lr: 0.01, epochs: 4, threads: 1, seed: 1 } as const;

describe("trainClassifier", () => {
  test.each(["last", "mean", "attention"] as const)("tells what texts are about, by pooling %s", async (pooling) => {
    const folder = join(temporaryFolder(), "model");
    const starts: seq2seq.ClassifierStart[] = [];
    const { classifier, best, end } = await trainClassifier({
      ...{ ...small, train: [...texts, { input: " ", label: "tool" }, { input: "saw", label: "" }], folder },
      model: { hiddenSize: 24, pooling },
      onStart: (start) => starts.push(start),
    });
    const { trainExamples, validExamples, empty, labels, criterion } = starts[0];
    expect([trainExamples + validExamples, empty, labels, criterion, end]).toEqual([
      ...[300, 2, ["animal", "fruit", "tool"], "accuracy", "finished"],
    ]);
    expect(best.accuracy).toBe(100);
    const [cat, plum] = classifier.classify(["here is the cat", "plum plum"]);
    expect([cat.label, plum.label]).toEqual(["animal", "fruit"]);
    expect(cat.probability).toBe(cat.probabilities[0]);
    expect(cat.probabilities.reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
    const loaded = Classifier.load(folder);
    expect(loaded.classify(["here is the cat", "plum plum"])).toEqual([cat, plum]);
    expect(loaded.classify([])).toEqual([]);
    expect(loaded.classify([""])[0].probabilities).toHaveLength(3);
  });

  test("tells what frames are, whatever order they stand in", async () => {
    const store = new MemoryStore();
    const asTensors = frames.map(({ input, label }) => {
      const { data, frames: count } = input as { data: number[]; frames: number };
      return { input: new Tensor(Float32Array.from(data), [count, 2]), label };
    });
    const { classifier, best } = await trainClassifier({ ...small, train: frames, store, model: { hiddenSize: 8 } });
    expect(best.accuracy).toBe(100);
    expect(await store.read("source.json")).toBeNull();
    const answers = classifier.classify(frames.map(({ input }) => input));
    expect(answers.filter(({ label }, i) => label === frames[i].label).length).toBeGreaterThan(190);
    expect(classifier.classify(asTensors.map(({ input }) => input))).toEqual(answers);
    const again = await trainClassifier({ ...small, train: asTensors, model: { hiddenSize: 8 } });
    expect(again.best).toEqual(best);
  });

  test("goes on bit for bit in the middle of an epoch, augmentation and all", async () => {
    const augment: seq2seq.Augment = (input, drawn) => {
      const { data, frames: count } = input as { data: number[]; frames: number };
      return { data: Array.from(data, (value) => value + 0.1 * drawn.normal()), frames: count };
    };
    const options = { ...small, train: frames, augment, model: { hiddenSize: 6, dropout: 0.2 } };
    const run = async (more: object) => {
      const losses: number[] = [];
      await trainClassifier({ ...options, onStep: ({ loss }) => void losses.push(loss), ...more });
      return losses;
    };
    const whole = await run({});
    expect(await run({ augment: undefined })).not.toEqual(whole);
    const store = new MemoryStore();
    const stopping = new AbortController();
    const first: number[] = [];
    await run({
      ...{ store, signal: stopping.signal },
      onStep({ loss, step }: seq2seq.StepEvent) {
        first.push(loss);
        if (step === 17) stopping.abort();
      },
    });
    const rest = await run({ store, resume: true });
    expect([...first, ...rest]).toEqual(whole);
    await expect(run({ store, resume: true, train: frames.slice(1) })).rejects.toThrow("training examples");
  });

  test("begins with the weights that initialize gives", async () => {
    const seen: number[] = [];
    const { classifier } = await trainClassifier({
      ...{ ...small, train: texts, lr: 0, epochs: 1, model: { hiddenSize: 8 } },
      initialize(model) {
        seen.push(model.config.classes);
        model.out.weight.data.fill(0);
        model.out.bias?.data.set([0, 1, 0]);
      },
    });
    expect(seen).toEqual([3]);
    expect(classifier.classify(["cat", "saw"]).map(({ label }) => label)).toEqual(["fruit", "fruit"]);
  });

  test.each<[string, object, string]>([
    [
      "no examples",
      { train: "a.tsv" },
      'train: expected examples { input, label } in a list or one by one, got "a.tsv"',
    ],
    [
      "pairs",
      { train: [{ source: "a", target: "b" }] },
      "train: expected { input, label } with a text or frames, and a text",
    ],
    ["nothing", { train: [] }, "train: expected at least one training example, got none"],
    ["one label", { train: texts.map(({ input }) => ({ input, label: "x" })) }, 'two labels or more, got one: "x"'],
    [
      "texts among frames",
      { train: [...frames, texts[0]] },
      "expected frames of 2 numbers, as the first, got a text at 200",
    ],
    [
      "frames of another width",
      { train: [...frames, { input: { data: [1, 2, 3], frames: 1 }, label: "first" }] },
      "expected frames of 2 numbers, as the first, got frames of 3 numbers at 200",
    ],
    [
      "a frame that is none, by its place among all",
      { train: [...frames, { input: { data: [1, Number.NaN], frames: 1 }, label: "first" }], valid: frames },
      "train: expected finite numbers, got NaN in frame 0 at 200",
    ],
    [
      "an unknown label",
      { valid: [{ input: "a", label: "verb" }] },
      'train: valid: expected labels that the classifier has, got "verb"',
    ],
    ["frames to judge texts", { valid: frames }, "train: valid: expected texts, as the model was trained on, got"],
    ["texts to augment", { augment: () => null }, "train: expected frames to augment, got texts"],
    [
      "rare words alone",
      { minFrequency: 999 },
      "train: expected a token seen at least minFrequency 999 times, got none",
    ],
    [
      "a setting of translation",
      { teacherForcing: 0.5 },
      "train: expected no teacherForcing with task classify, got 0.5",
    ],
    [
      "a residual of one layer",
      { model: { residual: true } },
      "train: expected numLayers 2 or more with residual, got 1",
    ],
    [
      "more layers than memory has",
      { model: { numLayers: 1e9 } },
      "train: expected a model of at most 2^31 numbers, got",
    ],
    ["an attention", { model: { attention: "dot" } }, 'train: expected no attention with task classify, got "dot"'],
  ])("refuses %s", async (_, options, message) => {
    await expect(trainClassifier({ ...small, train: texts, ...options })).rejects.toThrow(message);
  });
});

test("what is set aside has no text in common with what is trained on, whatever its case", () => {
  const all = Array.from({ length: 400 }, (_, i) => ({
    input: i % 2 ? `Text ${i % 50}` : `text  ${(i + 1) % 50}`,
    label: "x",
  }));
  const [train, valid] = setAside(all, new Generator(1));
  expect([train.length, valid.length]).toEqual([384, 16]); // one of 25 texts, as no more than a twentieth
  const plain = (examples: readonly Labelled[]) =>
    examples.map(({ input }) => String(input).toLowerCase().replace("  ", " "));
  expect(plain(train)).not.toContain(plain(valid)[0]);
});

describe("a classifier", () => {
  const store = new MemoryStore();
  let classifier: seq2seq.Classifier;
  let files: Record<string, Uint8Array | string>;
  beforeAll(async () => {
    ({ classifier } = await trainClassifier({ ...small, epochs: 1, train: texts, store, model: { hiddenSize: 8 } }));
    files = { ...classifier.files() };
  });

  test("is told how good it is", async () => {
    const examples = texts.slice(0, 50);
    const scores = await evaluateClassifier(classifier, [...examples, { input: "", label: "tool" }]);
    const told = classifier.classify(examples.map(({ input }) => input));
    const right = told.filter(({ label }, i) => label === examples[i].label).length;
    expect(scores).toMatchObject({ examples: 50, empty: 1, labels: classifier.labels, accuracy: 2 * right });
    const losses = told.map(
      ({ probabilities }, i) => -Math.log(probabilities[classifier.labels.indexOf(examples[i].label)]),
    );
    expect(scores.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss) / 50, 5);
    expect(scores.confusion.flat().reduce((sum, count) => sum + count)).toBe(50);
    expect(scores.confusion.reduce((sum, row, i) => sum + row[i], 0)).toBe(right);
    await expect(evaluateClassifier(classifier, [])).rejects.toThrow(
      "evaluate: expected at least one example, got none",
    );
    await expect(evaluateClassifier(classifier, [{ input: "a", label: "verb" }])).rejects.toThrow(
      'evaluate: expected labels that the classifier has, got "verb"',
    );
  });

  test("refuses what it was not trained on", () => {
    expect(() => classifier.classify(wrong("cat"))).toThrow('classify: expected a list of inputs, got "cat"');
    expect(() => classifier.classify(["cat", wrong(3)])).toThrow(
      "classify: expected texts, as the model was trained on, got 3 at 1",
    );
    const { model, labels, language } = classifier;
    expect(() => new Classifier({ model, labels: ["a", "b", "a"], language })).toThrow("expected 3 different labels");
    expect(() => new Classifier({ model, labels })).toThrow("expected a language, as the model reads texts, got none");
  });

  test.each<[string, (config: Record<string, unknown>) => void, string]>([
    ["another task", (config) => Object.assign(config, { task: "generate" }), "expected the model of task classify"],
    ["labels too few", (config) => Object.assign(config, { labels: ["a"] }), "expected 3 different labels, as many as"],
    ["no labels", (config) => delete config.labels, "expected 3 different labels, as many as classes, got undefined"],
  ])("refuses files with %s", (_, change, message) => {
    const config = JSON.parse(files["config.json"] as string);
    change(config);
    expect(() => Classifier.fromFiles({ ...files, "config.json": JSON.stringify(config) })).toThrow(
      `config.json: ${message}`,
    );
  });

  test("refuses files without the words, and another task's", () => {
    const { "source.json": _, ...rest } = files;
    expect(() => Classifier.fromFiles(rest)).toThrow("source.json: expected a model's file of this name, got none");
    const wanted = 'config.json: expected the model of task generate, got one of "classify"';
    expect(() => seq2seq.TextGenerator.fromFiles({ ...files, "target.json": files["source.json"] })).toThrow(wanted);
  });
});
