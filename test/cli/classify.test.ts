import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildOnce } from "../support/build.js";
import { seqgrad } from "../support/command.js";
import { contents, newFolder, temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

const animals = ["the cat is here", "a dog is there", "dog and cat"];
const tools = ["the saw is here", "an axe is there", "axe and saw"];
const rows = [...animals.map((text) => `${text}\tanimal`), ...tools.map((text) => `${text}\ttool`)];
const small = ["--task", "classify", "--hidden", "16", "--batch-size", "8", "--lr", "0.02", "--threads", "1"];

describe("seqgrad train --task classify", () => {
  const folder = newFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const [file, valid, out] = ["train.tsv", "valid.tsv", "model"].map((name) => join(folder, name));
  let trained: ReturnType<typeof seqgrad>;
  beforeAll(() => {
    writeFileSync(file, `${Array.from({ length: 20 }, () => rows.join("\n")).join("\n")}\n\n`);
    writeFileSync(valid, `${rows.join("\r\n")}\r\n`);
    const data = ["--train-tsv", file, "--valid-tsv", valid, "--out", out];
    trained = seqgrad(["train", ...data, ...small, "--epochs", "4", "--pooling", "mean"]);
  });

  test("makes a model of texts and their labels", () => {
    const { code, err } = trained;
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(
        /^120 training texts, 6 for validation \(1 empty left out\), 2 labels\na vocabulary of \d+ tok/,
      ),
    ]);
    expect(err).toContain("the best model is chosen by accuracy");
    expect(err).toMatch(/epoch 4: training loss [\d.]+, validation loss [\d.]+, accuracy [\d.]+ %/);
    expect(err).toContain(`try: npx seqgrad classify --model ${out}`);
    expect(JSON.parse(contents(out)["settings.json"])).toMatchObject({ task: "classify", pooling: "mean", hidden: 16 });
    expect(JSON.parse(contents(out)["settings.json"])).not.toHaveProperty("attention");
  });

  test("which classify runs on texts and on standard input", () => {
    const { code, out: told, err } = seqgrad(["classify", "the dog", "an axe", "--model", out]);
    expect([code, told, err]).toEqual([0, expect.stringMatching(/^animal\t0\.\d{4}\ntool\t0\.\d{4}\n$/), ""]);
    expect(seqgrad(["classify", "--model", out], "the dog\nan axe").out).toBe(told);
    const [line] = seqgrad(["classify", "--model", out, "--json"], "the dog\n").out.split("\n");
    const { text, label, probability, probabilities } = JSON.parse(line);
    expect([text, label, probability]).toEqual(["the dog", "animal", probabilities.animal]);
    expect(probabilities.animal + probabilities.tool).toBeCloseTo(1, 5);
  });

  test("on texts that no file can be called, and on those that folders are called", () => {
    const texts = ["a dog ".repeat(100), `${valid}/x`, folder];
    const { code, out: told, err } = seqgrad(["classify", ...texts, "--model", out]);
    expect([code, told.match(/\n/g)?.length, err]).toEqual([0, 3, expect.stringMatching(/ unknown to the model: /)]);
  });

  test("and says which words the model does not know", () => {
    const err = "2 words unknown to the model: zebra, yak\n";
    expect(seqgrad(["classify", "the zebra", "a zebra and a yak and a cat", "--model", out]).err).toBe(err);
    expect(seqgrad(["classify", "--model", out], "the zebra\na yak and a zebra").err).toBe(err);
  });

  test("which evaluate scores, and inspect shows", () => {
    const { code, out: scores } = seqgrad(["evaluate", "--model", out, "--tsv", valid]);
    expect([code, scores]).toEqual([
      0,
      expect.stringMatching(/^examples {3}6\nloss {7}\d\.\d{3} nats an example\naccuracy {3}6 \(100\.00 %\)\n\nrows: /),
    ]);
    expect(scores).toContain("        animal  tool\nanimal       3     0\ntool         0     3\n");
    const json = JSON.parse(seqgrad(["evaluate", "--model", out, "--tsv", valid, "--json"]).out);
    expect(json).toMatchObject({
      examples: 6,
      accuracy: 100,
      labels: ["animal", "tool"],
      confusion: [
        [3, 0],
        [0, 3],
      ],
    });
    const { out: shown } = seqgrad(["inspect", out]);
    expect(shown).toMatch(
      /^task {7}classify, 2 labels: animal, tool\ncell {7}gru, 1 layer of 16, dropout 0\npooling {4}mean\n/,
    );
    expect(shown).toMatch(/best {7}epoch \d, loss [\d.]+, accuracy 100 \(chosen by accuracy\)/);
    const summary = JSON.parse(seqgrad(["inspect", out, "--json"]).out);
    expect(summary).toMatchObject({ task: "classify", labels: ["animal", "tool"], source: { kind: "word" } });
  });

  test("and that goes on", () => {
    const resumed = seqgrad([
      "train",
      "--train-tsv",
      file,
      "--valid-tsv",
      valid,
      "--out",
      out,
      "--resume",
      "--epochs",
      "5",
    ]);
    expect([resumed.code, resumed.err]).toEqual([0, expect.stringContaining("from here on: epochs 4 → 5")]);
  });

  test.each<[string, string[], RegExp]>([
    [
      "texts to evaluate",
      ["evaluate", "--model", out],
      /evaluate: expected --tsv with a model of task classify, got no --tsv/,
    ],
    [
      "options of translation",
      ["evaluate", "--model", out, "--tsv", valid, "--beam", "3"],
      /evaluate: expected no --beam with a model of task classify, got one/,
    ],
    ["a model to evaluate", ["evaluate", "--tsv", valid], /evaluate: expected --model DIR, got none/],
    ["a model", ["classify", "x"], /classify: expected --model DIR, got none/],
    [
      "texts rather than files",
      ["classify", valid, "--model", out],
      /expected texts, got the file .*valid\.tsv" \(to read from it: < .*valid\.tsv\)/,
    ],
    ["data", ["train", "--out", "x", ...small], /expected --train-tsv FILE with --task classify, got none/],
    [
      "data of its own task",
      ["train", "--out", "x", ...small, "--train-tsv", "a", "--train-src", "b"],
      /expected no --train-src with --task classify, got one/,
    ],
    [
      "options of its own task",
      ["train", "--out", "x", ...small, "--train-tsv", "a", "--attention", "dot"],
      /expected no --attention with --task classify, got "dot"/,
    ],
    [
      "options that go together",
      ["train", "--out", "x", ...small, "--train-tsv", "a", "--residual"],
      /expected --layers 2 or more with --residual, got 1/,
    ],
    [
      "a pooling that there is",
      ["train", "--out", "x", ...small, "--pooling", "max"],
      /--pooling: expected "last" or .*, got "max"/,
    ],
  ])("wrong calls are told to give %s", (_, args, message) => {
    const { code, out, err } = seqgrad(args);
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(message)]);
  });

  test("says what is wrong with a file", () => {
    const own = temporaryFolder();
    const [one, two] = ["one.tsv", "two.tsv"].map((name) => join(own, name));
    writeFileSync(one, "a cat\tanimal\nno label\n");
    const fails = (...args: string[]) => {
      const { code, err } = seqgrad(args);
      expect(code).toBe(1);
      return err;
    };
    const train = (tsv: string) => fails("train", ...small, "--out", join(own, "model"), "--train-tsv", tsv);
    expect(train(one)).toMatch(/one\.tsv: expected two columns separated by a tab, got one in line 2: "no label"/);
    expect(train(two)).toMatch(/train: --train-tsv: .*two\.tsv does not exist/);
    writeFileSync(two, "a cat\tanimal\na dog\tanimal\n");
    expect(train(two)).toMatch(/expected examples of two labels or more, got one: "animal"/);
    writeFileSync(two, "a cat\tverb\n");
    expect(fails("evaluate", "--model", out, "--tsv", two)).toMatch(
      /expected labels that the classifier has, got "verb"/,
    );
    expect(fails("evaluate", "--model", own, "--src", two, "--ref", two)).toMatch(
      /expected a model folder, got .*, which has no config/,
    );
    expect(fails("translate", "--model", out)).toContain("expected the model of task translate");
  });
});
