import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildOnce } from "../support/build.js";
import { seqgrad, writeTsv } from "../support/command.js";
import { reversedDigits } from "../support/digits.js";
import { contents, temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

const pairs = reversedDigits(4, 3, 1);
const sizes = ["--hidden", "12", "--batch-size", "16"];
const small = [...sizes, "--epochs", "2"];

/** Gives the training file another content, and the arguments that name it. */
function tsvOf(path: string, content: string | Uint8Array): string[] {
  writeFileSync(path, content);
  return ["--train-tsv", path];
}

/** A folder with the pairs as pairs.tsv, and as train.src and train.tgt. */
function data(): { folder: string; tsv: string; parallel: string[]; out: string } {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder, name);
  writeTsv(path("pairs.tsv"), pairs);
  const lines = (side: "source" | "target"): string => `${pairs.map((pair) => pair[side]).join("\n")}\n`;
  writeFileSync(path("train.src"), lines("source"));
  writeFileSync(path("train.tgt"), lines("target"));
  const parallel = ["--train-src", path("train.src"), "--train-tgt", path("train.tgt")];
  return { folder, tsv: path("pairs.tsv"), parallel, out: path("model") };
}

describe("seqgrad train", () => {
  test("makes a model of a TSV file, and the same one of parallel files", () => {
    const { tsv, parallel, out } = data();
    const { code, out: printed, err } = seqgrad(["train", "--train-tsv", tsv, "--out", out, ...small]);
    expect({ code, printed }).toEqual({ code: 0, printed: "" });
    expect(err).toMatch(/^\d+ training pairs, \d+ for validation\nvocabularies of 8 and 8 tokens, [\d,]+ parameters\n/);
    const scores = String.raw`validation loss [\d.]+, BLEU [\d.]+, chrF [\d.]+, exact [\d.]+ %`;
    expect(err).toMatch(/\nthe best model is chosen by validation loss\n/); // for want of long references
    expect(err).toMatch(new RegExp(`epoch 1: training loss [\\d.]+, ${scores}, saved\\nepoch 2: `));
    expect(err).toMatch(new RegExp(`\\nfinished; best: ${scores}; saved in `));
    expect(err).toContain(`saved in ${out}`);
    expect(err).not.toContain("\r"); // plain lines where it is no terminal
    expect(seqgrad(["translate", "--model", out], "1 2\n").code).toBe(0);

    const other = `${out}2`;
    expect(seqgrad(["train", ...parallel, "--out", other, ...small]).code).toBe(0);
    const { "history.json": _, ...timeless } = contents(out);
    expect(contents(other)).toMatchObject(timeless);
  });

  test("takes validation pairs from two files or one, to the same result", () => {
    const { tsv, parallel, out } = data();
    const [, src, , tgt] = parallel;
    const other = `${out}2`;
    expect(seqgrad(["train", ...parallel, "--out", out, ...small, "--valid-src", src, "--valid-tgt", tgt]).code).toBe(
      0,
    );
    expect(seqgrad(["train", ...parallel, "--out", other, ...small, "--valid-tsv", tsv]).code).toBe(0);
    const { "history.json": _, ...timeless } = contents(out);
    expect(contents(other)).toMatchObject(timeless);
  });

  test("hands every option on to the training", () => {
    const { parallel, out } = data();
    const [, src, , tgt] = parallel;
    const args = ["--valid-src", src, "--valid-tgt", tgt, "--cell", "lstm", "--layers", "2", "--bidirectional"];
    args.push("--reverse-source", "--dropout", "0.2", "--tokenizer", "character", "--lowercase", "--seed", "4");
    args.push("--min-frequency", "2", "--max-vocabulary", "7", "--max-length", "3", "--patience", "3", "--lr", "0.01");
    args.push("--clip-norm", "2", "--label-smoothing", "0.1", "--teacher-forcing", "0.5", "--max-minutes", "1");
    const { code, err } = seqgrad(["train", ...parallel, "--out", out, ...small, ...args]);
    expect([code, err]).toEqual([0, expect.stringContaining("vocabularies of 7 and 7 tokens")]);
    expect(err).toMatch(/^20 training pairs \(64 over-long left out\), 20 for validation/); // "1 2" has three characters
    const files = contents(out);
    expect(JSON.parse(files["config.json"])).toMatchObject({
      model: { cell: "lstm", numLayers: 2, bidirectional: true, hiddenSize: 12, dropout: 0.2 },
      reverseSource: true,
    });
    expect(JSON.parse(files["source.json"]).tokenizer).toEqual({ kind: "character", lowercase: true });
    expect(files["checkpoint.safetensors"]).toContain(`\\"lr\\":0.01`);
  });

  test("makes a model over subwords, which inspect and translate know as such", () => {
    const { folder, out } = data();
    const spelled = join(folder, "spelled.tsv");
    const spell = (digits: string): string => digits.replaceAll("1", "eleven").replaceAll("2", "eleventh");
    writeTsv(
      spelled,
      pairs.map(({ source, target }) => ({ source: spell(source), target: spell(target) })),
    );
    const args = ["--tokenizer", "space", "--subwords", "4", "--joint-subwords", "--subword-dropout", "0.5"];
    expect(seqgrad(["train", "--train-tsv", spelled, "--out", out, ...small, ...args]).code).toBe(0);
    const { tokenizer } = JSON.parse(contents(out)["source.json"]);
    expect(tokenizer).toMatchObject({ kind: "bpe", words: { kind: "space", lowercase: false } });
    expect(tokenizer.merges).toHaveLength(4);
    expect(contents(out)["target.json"]).toBe(contents(out)["source.json"]);
    expect(seqgrad(["inspect", out]).out).toMatch(/\nsource +\d+ pieces of space tokens by 4 merges\n/);
    expect(seqgrad(["translate", "--model", out], "elevens eleven\n").err).toContain(
      "1 word unknown to the model: elevens",
    );
  });

  test("takes its options from a JSON file, the command line going before it", () => {
    const { folder, tsv, out } = data();
    const config = join(folder, "config.json");
    writeFileSync(
      config,
      JSON.stringify({ "train-tsv": tsv, out: "nowhere", hidden: 12, epochs: 1, bidirectional: true }),
    );
    const { code } = seqgrad(["train", "--config", config, "--out", out, "--cell", "rnn"]);
    expect(code).toBe(0);
    expect(JSON.parse(contents(out)["config.json"]).model).toMatchObject({
      cell: "rnn",
      bidirectional: true,
      hiddenSize: 12,
    });
  });

  test("prints what a program reads: each event as a JSON object", () => {
    const { tsv, out } = data();
    const { code, out: printed, err } = seqgrad(["train", "--train-tsv", tsv, "--out", out, ...small, "--json"]);
    expect(code).toBe(0);
    const events = printed
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const epoch = [...new Array<string>(5).fill("step"), "validation"];
    expect(events.map(({ kind }) => kind)).toEqual(["start", ...epoch, ...epoch, "end"]);
    const [start, step] = events;
    expect(start).toMatchObject({ trainPairs: 80, validPairs: 4, inputSize: 8, criterion: "loss", doneEpochs: 0 });
    expect(step).toMatchObject({ step: 1, epoch: 1, stepInEpoch: 1, stepsPerEpoch: 5, lr: 0.001 });
    const [first, second] = events.filter(({ kind }) => kind === "validation");
    expect(first).toMatchObject({ epoch: 1, step: 5, best: true, criterion: "loss", trainLoss: expect.any(Number) });
    expect(Object.keys(first)).toEqual(expect.arrayContaining(["loss", "bleu", "chrf", "exact", "seconds"]));
    const { loss, bleu } = second.best ? second : first;
    expect(events.at(-1)).toMatchObject({ end: "finished", best: { loss, bleu }, model: out });
    expect(err).toContain(`validation loss ${first.loss.toFixed(3)}`);
    // The folder keeps the same: history.json has each step and each validation.
    const { steps, validations } = JSON.parse(contents(out)["history.json"]);
    expect([steps.loss.length, validations.length]).toEqual([10, 2]);
    expect(validations[0]).toMatchObject({ epoch: 1, step: 5, scores: { loss: first.loss, bleu: first.bleu } });
  });

  test("says what it leaves out, and where the first over-long pair is", () => {
    const { tsv, out } = data();
    writeTsv(tsv, [...pairs, { source: "", target: "1" }, { source: "1 ".repeat(70), target: "1" }]);
    const { err } = seqgrad([
      "train",
      "--train-tsv",
      tsv,
      "--valid-src",
      tsv,
      "--valid-tgt",
      tsv,
      "--out",
      out,
      ...small,
    ]);
    expect(err).toMatch(
      /^84 training pairs \(1 over-long left out, 1 empty left out\), 85 for validation \(1 over-long/,
    );
    expect(err).toContain(`\nthe first over-long pair: line ${pairs.length + 2}, 70 tokens\n`);
  });

  test("says that a smoothed training loss is not what the validation loss is", () => {
    const { tsv, out } = data();
    const { err } = seqgrad(["train", "--train-tsv", tsv, "--out", out, ...small, "--label-smoothing", "0.1"]);
    expect(err).toMatch(/epoch 1: training loss [\d.]+ \(label smoothing 0.1\), validation loss/);
  });

  test("says that it trains on the built-in corpus, and how much of that there is", () => {
    const { out } = data();
    const train = ["train", "--out", out, "--level", "1", ...sizes, "--epochs", "1"];
    const { code, err } = seqgrad([...train, "--size", "200"]);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^200 training pairs of the built-in corpus, level 1, 500 for/),
    ]);
    for (const size of ["30000", "24400"]) {
      // more than there are, and more than leaves enough to validate
      expect(seqgrad([...train, "--size", size, "--force"])).toEqual({
        code: 2,
        out: "",
        err: `seqgrad: --size: expected at most the 24488 pairs of level 1, those for validation among them, got ${size}\n`,
      });
    }
  });

  test("resumes, and says so", () => {
    const { tsv, out } = data();
    const other = ["train", "--train-tsv", tsv, "--batch-size", "16", "--dropout", "0.2"];
    const train = [...other, "--hidden", "12"];
    expect(seqgrad([...train, "--out", out, "--epochs", "1"]).code).toBe(0);
    const { code, err } = seqgrad([...train, "--out", out, "--epochs", "3", "--resume"]);
    expect([code, err]).toEqual([
      0,
      expect.stringContaining("from here on: epochs 1 → 3\nresuming after epoch 1\nepoch 2: "),
    ]);
    expect(seqgrad([...train, "--out", `${out}2`, "--epochs", "3"]).code).toBe(0);
    expect(contents(out)["checkpoint.safetensors"]).toBe(contents(`${out}2`)["checkpoint.safetensors"]);
    const refused = seqgrad([...other, "--out", out, "--resume", "--hidden", "13"]);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toBe("seqgrad: resume: expected --hidden 12, which the run began with, got 13\n");
  });

  test("resumed with other data, says which of it is other", () => {
    const { tsv, parallel, out } = data();
    const train = ["train", "--train-tsv", tsv, "--out", out];
    expect(seqgrad([...train, ...small]).code).toBe(0);
    const others = seqgrad([...train, "--resume", "--valid-src", parallel[1], "--valid-tgt", parallel[3]]);
    expect([others.code, others.err.split(": ").at(-1)]).toEqual([
      1,
      "expected the training pairs and validation pairs that the run began with, got others " +
        "(what is not given for validation is set aside from training)\n",
    ]);
    const drawn = seqgrad(["train", "--out", out, "--resume", "--level", "1"]);
    expect(drawn.err).toBe("seqgrad: resume: expected no --level, which the run began with, got 1\n");
  });

  test("resumed without a word, a run on the built-in corpus draws the same sentences, and goes on to its end", async () => {
    const { out } = data();
    const args = ["train", "--level", "1", "--size", "200", "--seed", "4", ...sizes, "--epochs", "4"];
    expect(seqgrad([...args, "--out", out, "--max-minutes", "0.0001"]).code).toBe(0); // stopped within its first epoch
    const { code, err } = seqgrad(["train", "--out", out, "--resume", "--max-minutes", "9"]);
    expect([code, err]).toEqual([0, expect.stringContaining("200 training pairs of the built-in corpus, level 1")]);
    expect(err).toMatch(/from here on: maxMinutes 0.0001 → 9\n[\s\S]*\nepoch 4: .*\nfinished; /);
    expect(seqgrad([...args, "--out", `${out}2`]).code).toBe(0);
    expect(contents(out)["model.safetensors"]).toBe(contents(`${out}2`)["model.safetensors"]);
    const other = seqgrad(["train", "--out", out, "--resume", "--level", "2"]);
    expect(other.err).toBe("seqgrad: resume: expected --level 1, which the run began with, got 2\n");
  });

  test.each([
    ["--input-feeding --attention none", "--attention dot, general or additive with --input-feeding, got none"],
    ["--conditional --attention none", "--attention dot, general or additive with --conditional, got none"],
    ["--context-input", "--attention none with --context-input, got additive"],
    ["--input-feeding --conditional", "either --input-feeding or --conditional, got both"],
    ["--residual", "--layers 2 or more with --residual, got 1"],
    ["--joint-subwords", "--subwords with --joint-subwords, got none"],
    ["--subword-dropout .1", "--subwords with --subword-dropout, got none"],
    ["--subwords 50 --tokenizer character", '--subwords of words, got --subwords 50 with --tokenizer "character"'],
    ["--lexical --attention none", "--attention dot, general or additive with --lexical, got none"],
    ["--attention dot --bidirectional", "--attention dot without --bidirectional, as it .*, got both"],
    ["--resume --force", "either --resume or --force, got both"],
  ])("contradictory options are a wrong call: %s", (given, message) => {
    const { tsv, out } = data();
    const { code, err } = seqgrad(["train", "--train-tsv", tsv, "--out", out, ...given.split(" ")]);
    expect([code, err]).toEqual([2, expect.stringMatching(new RegExp(`^seqgrad: train: expected ${message}\n$`))]);
  });

  test("asked to resume a run on files, names them as what is missing", () => {
    const { tsv, out } = data();
    expect(seqgrad(["train", "--train-tsv", tsv, "--out", out, ...small]).code).toBe(0);
    const { code, err } = seqgrad(["train", "--out", out, "--resume"]);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/expected the files that the run began with \(--train-tsv, or /),
    ]);
  });

  test("trains on from a model with other data, in a run of its own", () => {
    const { folder, tsv, out } = data();
    const train = ["train", "--train-tsv", tsv, ...small, "--lr", "0.02", "--dropout", "0.1", "--reverse-source"];
    expect(seqgrad([...train, "--out", out]).code).toBe(0);
    const before = contents(out);
    const others = join(folder, "others.tsv");
    writeTsv(others, [...pairs.slice(0, 30), { source: "unheard", target: "of" }]);
    const tuned = join(folder, "tuned");
    const tune = ["train", "--train-tsv", others, "--from", out, "--epochs", "1"];
    const { code, err } = seqgrad([...tune, "--out", tuned, "--lr", "0"]);
    expect([code, err]).toEqual([0, expect.stringContaining("vocabularies of 8 and 8 tokens")]);
    const after = contents(tuned);
    // With a learning rate of 0 nothing moves: weights, words and settings are those of the model it came from.
    for (const name of ["model.safetensors", "config.json", "source.json", "target.json"])
      expect(after[name]).toBe(before[name]);
    expect(JSON.parse(after["history.json"]).steps.loss).toHaveLength(1);
    expect(contents(out)).toEqual(before);
    const fault = (...more: string[]): string => seqgrad([...tune, "--force", ...more]).err.trimEnd();
    expect(fault("--out", tuned, "--hidden", "9")).toMatch(
      /expected --hidden 12, as the model to begin with has it, got 9$/,
    );
    expect(fault("--out", tuned, "--min-frequency", "2")).toMatch(/expected no --min-frequency, .*, got 2$/);
    expect(fault("--out", out)).toMatch(/expected --out beside what is read/);
    expect(contents(out)).toEqual(before);
  });

  test("refuses an output folder that holds something, unless it is a model and to be replaced", () => {
    const { tsv, out } = data();
    const train = ["train", "--train-tsv", tsv, "--out", out, ...small];
    expect(seqgrad(train).code).toBe(0);
    const before = contents(out);
    const { code, err } = seqgrad(train);
    expect([code, err]).toEqual([
      1,
      `seqgrad: train: expected an empty or absent folder, got ${out}, which holds something ` +
        "(--force replaces a model, --resume goes on with it)\n",
    ]);
    expect(contents(out)).toEqual(before);
    expect(seqgrad([...train, "--seed", "2", "--force"]).code).toBe(0);
    expect(contents(out)["model.safetensors"]).not.toBe(before["model.safetensors"]);
  });

  test("never removes what is not a model's, forced or not", () => {
    const { tsv, out } = data();
    mkdirSync(out);
    writeFileSync(join(out, "config.json"), "{}");
    writeFileSync(join(out, "thesis.txt"), "mine");
    const { code, err } = seqgrad(["train", "--train-tsv", tsv, "--out", out, "--force", ...small]);
    expect([code, err]).toEqual([1, expect.stringContaining(`got ${out}, which holds thesis.txt too`)]);
    expect(contents(out)).toEqual({ "config.json": "{}", "thesis.txt": "mine" });
  });

  test("never removes what it reads, forced or not", () => {
    const { folder, tsv, parallel } = data();
    const config = join(folder, "config.json");
    writeFileSync(config, JSON.stringify({ hidden: 12 }));
    const before = contents(folder);
    const file = seqgrad(["train", "--train-tsv", tsv, "--out", tsv, "--force", ...small]);
    expect(file).toMatchObject({ code: 1, out: "" });
    expect(file.err).toMatch(/^seqgrad: train: expected --out beside what is read, got .*pairs\.tsv/);
    expect(seqgrad(["train", ...parallel, "--out", folder, "--force", ...small]).code).toBe(1);
    const builtIn = ["train", "--size", "200", "--out", folder, "--force", "--config", config];
    expect(seqgrad([...builtIn, "--epochs", "1"]).code).toBe(1);
    expect(contents(folder)).toEqual(before);
  });

  test.each<[string, (d: ReturnType<typeof data>) => string[], RegExp]>([
    [
      "a file that is not there",
      ({ folder }) => ["--train-tsv", join(folder, "none.tsv")],
      /train: --train-tsv: .*none\.tsv does not exist$/,
    ],
    [
      "a folder for a file",
      ({ folder }) => ["--train-tsv", folder],
      /train: --train-tsv: .*seqgrad-test-.* is a folder, not a file$/,
    ],
    [
      "a missing column",
      ({ folder }) => ["--train-tsv", join(folder, "train.src")],
      /train\.src: expected two columns separated by a tab, got one in line 1/,
    ],
    [
      "files of different length",
      ({ tsv, parallel }) => {
        writeTsv(tsv, pairs.slice(1));
        return ["--train-src", tsv, ...parallel.slice(2)];
      },
      /got 83 in .*pairs\.tsv and 84 in .*train\.tgt/,
    ],
    ["an empty file", ({ tsv }) => tsvOf(tsv, ""), /pairs\.tsv: expected sentences, got an empty file/],
    [
      "bytes that are not UTF-8",
      ({ tsv }) => tsvOf(tsv, Buffer.from("a\tb\n\xff\tc\n", "latin1")),
      /pairs\.tsv: expected UTF-8, got an invalid byte in line 2/,
    ],
    [
      "a loss that is not finite",
      ({ tsv }) => ["--train-tsv", tsv, "--lr", "1e37", "--epochs", "9"],
      /expected a finite loss and gradients, got loss .* at step \d+ \(epoch \d+\)/,
    ],
    [
      "the op that made it, if asked to",
      ({ tsv }) => ["--train-tsv", tsv, "--lr", "1e37", "--epochs", "9", "--detect-anomaly"],
      /train: at step \d+ \(epoch 1\): (forward|backward) of \w+: expected finite (numbers|gradients), got \S+ at /,
    ],
    ["nothing to resume", () => ["--resume"], /expected a model folder with a checkpoint .*model, which has none$/],
  ])("fails with 1 and one clear line on %s", (_, make, message) => {
    const given = data();
    const { code, out, err } = seqgrad(["train", ...make(given), "--out", given.out, "--hidden", "8"]);
    const last = err.trim().split("\n").at(-1);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(last).toMatch(/^seqgrad: /);
    expect(last).toMatch(message);
    expect(err).not.toMatch(/\n {4}at /); // no stack trace
  });
});
