import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluate } from "../../src/cli/evaluate.js";
import { inspect } from "../../src/cli/inspect.js";
import { type Command, helpPage, parse, UsageError } from "../../src/cli/options.js";
import { duration } from "../../src/cli/progress.js";
import { score } from "../../src/cli/score.js";
import { givenSettings } from "../../src/cli/settingOptions.js";
import { train } from "../../src/cli/train.js";
import { translate } from "../../src/cli/translate.js";
import { defaultSettings, type SettingName, settingsByName } from "../../src/seq2seq/index.js";
import { optionName } from "../../src/seq2seq/tasks/settingsFile.js";
import { buildOnce } from "../support/build.js";
import { seqgrad } from "../support/command.js";
import { newFolder } from "../support/folder.js";

const folder = newFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => buildOnce(), 120_000);

/** Calls a command as the program does, but in this process. */
async function call([name, ...args]: readonly string[]): Promise<void> {
  const command: Command = name === "train" ? train : translate;
  const { values, positionals } = parse(command, args);
  await command.run(values, positionals);
}

const config = (content: string | Uint8Array): string => {
  writeFileSync(join(folder, "config.json"), content);
  return join(folder, "config.json");
};

describe("seqgrad", () => {
  test.each<[string, string[], RegExp]>([
    ["no command", [], /expected a command, got none/],
    [
      "an unknown command",
      ["tranlate"],
      /^seqgrad: unknown command "tranlate"; did you mean translate\?\n`seqgrad --help` tells more\n$/,
    ],
    [
      "help on an unknown command",
      ["help", "xyzzyx"],
      /^seqgrad: unknown command "xyzzyx"\n`seqgrad --help` tells more\n$/,
    ],
    ["an unknown option", ["train", "--epoch", "3"], /unknown option --epoch; did you mean --epochs\?/],
  ])("exits with 2, and a word of help, on %s", (_, args, message) => {
    const { code, out, err } = seqgrad(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^seqgrad: /);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n {4}at /);
  });

  test.each<[string, () => string[], RegExp]>([
    ["an option like none", () => ["train", "--quantum"], /unknown option --quantum$/m],
    ["a short option", () => ["train", "-x"], /unknown option -x$/m],
    ["a missing value", () => ["train", "--out"], /--out: expected a value, got none/],
    [
      "one value twice",
      () => ["train", "--out", "x", "--epochs", "3", "--json", "--json", "--out=y"],
      /^train: --out: expected once, got "x" and "y"$/,
    ],
    ["an option for a value", () => ["train", "--out", "--force"], /--out: expected a value, got --force/],
    ["a value too many", () => ["train", "--force=yes"], /--force: expected no value, got "yes"/],
    [
      "a word for a number",
      () => ["train", "--out", "x", "--epochs", "many"],
      /--epochs: expected an integer ≥ 1, got "many"$/,
    ],
    [
      "half a number",
      () => ["train", "--out", "x", "--epochs", "1.5"],
      /--epochs: expected an integer ≥ 1, got "1.5"$/,
    ],
    [
      "a number out of range",
      () => ["train", "--out", "x", "--dropout", "1.5"],
      /--dropout: expected a number in \[0, 1\], got "1.5"$/,
    ],
    ["a negative number", () => ["train", "--out", "x", "--lr", "-1"], /--lr: expected a finite number ≥ 0, got "-1"$/],
    [
      "none of the choices",
      () => ["train", "--out", "x", "--cell", "tcn"],
      /--cell: expected "gru" or "lstm" or "rnn", got "tcn"$/,
    ],
    ["a word on its own", () => ["train", "pairs.tsv", "--out", "x"], /got "pairs\.tsv"/],
    ["no place to write", () => ["train"], /expected --out DIR, got none/],
    ["an empty text", () => ["train", "--out", "x", "--train-tsv", ""], /--train-tsv: expected a text, got ""/],
    ["an empty place", () => ["train", "--out="], /--out: expected a text, got ""/],
    [
      "a whole number too large to be exact",
      () => ["train", "--out", "x", "--seed", "9007199254740993"],
      /--seed: expected an integer ≥ 0 and at most 9007199254740991, got "9007199254740993"$/,
    ],
    [
      "one far larger",
      () => ["translate", "--beam", "99999999999999999999"],
      /--beam: expected an integer ≥ 1 and at most 9007199254740991, got "99999999999999999999"$/,
    ],
    [
      "built-in sentences beside a file",
      () => ["train", "--out", "x", "--train-tsv", "a", "--level", "2"],
      /--level and --size are for the built-in corpus/,
    ],
    ["one file of two", () => ["train", "--out", "x", "--train-src", "a"], /--train-src and --train-tgt together/],
    [
      "one validation file of two",
      () => ["train", "--out", "x", "--valid-tgt", "a"],
      /--valid-src and --valid-tgt together/,
    ],
    [
      "two kinds of validation data",
      () => ["train", "--out", "x", "--valid-tsv", "a", "--valid-src", "a"],
      /either --valid-tsv or --valid-src and --valid-tgt, got both/,
    ],
    [
      "two kinds of data",
      () => ["train", "--out", "x", "--train-tsv", "a", "--train-src", "a"],
      /either --train-tsv or/,
    ],
    [
      "nothing to train on",
      () => ["train", "--out", "x"],
      /^train: expected --train-tsv, or --train-src and --train-tgt, or --level N for the built-in corpus, got none of them$/,
    ],
    [
      "two beginnings",
      () => ["train", "--out", "x", "--resume", "--from", "y"],
      /^train: expected either --resume or --from, got both$/,
    ],
    [
      "more than the beam",
      () => ["translate", "--model", "m", "--n-best", "3", "--beam", "2"],
      /--n-best: expected at most the beam of 2, got 3/,
    ],
    [
      "a file for standard input",
      () => ["translate", "package.json", "--model", "m"],
      /^translate: expected texts, got the file "package\.json" \(to read from it: < package\.json\)$/,
    ],
    ["a broken config file", () => ["train", "--config", config("{")], /--config: .*config\.json: /],
    [
      "a list for a config",
      () => ["train", "--config", config("[]")],
      /config\.json: expected an object whose keys are option names, got \[\]$/,
    ],
    [
      "an unknown key in it",
      () => ["train", "--config", config('{"hiden":3}')],
      /config\.json: unknown option "hiden"; did you mean "hidden"\?$/,
    ],
    [
      "a wrong value in it",
      () => ["train", "--config", config('{"force":1}')],
      /^--config: .*config\.json: "force": expected true or false, got 1$/,
    ],
    [
      "a key in it as it is typed",
      () => ["translate", "--config", config('{"--beam": 3}')],
      /^--config: .*config\.json: unknown option "--beam"; did you mean "beam"\?$/,
    ],
    [
      "a wrong value in it that the command line replaces",
      () => ["train", "--out", "x", "--epochs", "3", "--config", config('{"epochs":null}')],
      /^--config: .*config\.json: "epochs": expected an integer ≥ 1, got null$/,
    ],
    ["a config file in it", () => ["train", "--config", config('{"config":"x"}')], /unknown option "config"/],
    ["a number in it beyond all numbers", () => ["train", "--config", config('{"lr":1e999}')], /"lr": .*got Infinity/],
    [
      "bytes in it that are not UTF-8",
      () => ["train", "--config", config(Buffer.from('{"out":"\xff"}', "latin1"))],
      /--config: .*config\.json: expected UTF-8, got other bytes$/,
    ],
  ])("takes for wrong usage %s", async (_, args, message) => {
    const fault: unknown = await call(args()).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(UsageError);
    expect((fault as UsageError).message).toMatch(message);
  });

  test("prints help and version on standard output", () => {
    const exits = "\n\nexit code: 0 done, 1 failed, 2 wrong usage\n";
    for (const args of [["--help"], ["help"]]) {
      const { code, out, err } = seqgrad(args);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/train[\s\S]*translate/);
      expect(out.endsWith(exits)).toBe(true);
    }
    expect(seqgrad(["--version"])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    for (const command of ["train", "translate", "evaluate", "score", "inspect", "plot", "export"]) {
      const { code, out, err } = seqgrad([command, "--help"]);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(new RegExp(`usage: seqgrad ${command} [\\s\\S]*example:\n +\\S`));
      expect(out.endsWith(exits)).toBe(true);
      expect(seqgrad(["help", command]).out).toBe(out);
    }
  });
});

test("values come as numbers, flags and texts, the command line before the file", () => {
  const file = config('{"epochs": 7, "lr": "0.5", "force": true, "out": "there"}');
  const { values } = parse(train, ["--config", file, "--out=--odd", "--epochs", "4", "--dropout", "1e-1"]);
  expect(values).toEqual({ config: file, epochs: 4, lr: 0.5, force: true, out: "--odd", dropout: 0.1 });
});

test("every setting is an option of train, with its default in the help and its own name", () => {
  const help = helpPage(train);
  const rows = new Map([...help.matchAll(/^ {2}--(\S+)(?: \S+)? {2,}(.*)$/gm)].map(([, name, text]) => [name, text]));
  const value = (name: SettingName) => {
    const { initial, accepts } = settingsByName[name];
    return initial === false ? true : (initial ?? [2, 1, "a text"].find(accepts));
  };
  for (const name of Object.keys(defaultSettings) as SettingName[]) {
    const option = optionName(name);
    expect(rows.get(option)).toContain(settingsByName[name].help);
    if (![null, false, Number.POSITIVE_INFINITY].includes(defaultSettings[name] as number)) {
      expect(rows.get(option)).toContain(`(${defaultSettings[name]}${name === "tokenizer" ? "; " : ")"}`);
    }
    const args = value(name) === true ? [`--${option}`] : [`--${option}`, String(value(name))];
    expect(givenSettings(parse(train, args).values)).toEqual({ [name]: value(name) });
  }
  expect(rows.get("tokenizer")).toMatch(
    /character \(word; character with --task generate; character with --task transcribe\)$/,
  );
  const named: SettingName[] = ["numLayers", "hiddenSize", "batchSize", "lr"];
  expect(named.map(optionName)).toEqual(["layers", "hidden", "batch-size", "lr"]);
});

test("a config file that is not there is a failure, not wrong usage", async () => {
  const file = join(folder, "none.json");
  const fault: unknown = await call(["train", "--config", file]).catch((error: unknown) => error);
  expect(fault).toEqual(new Error(`train: --config: ${file} does not exist`));
  expect(fault).not.toBeInstanceOf(UsageError);
});

test("an option where an argument belongs is answered with the usage", () => {
  expect(() => parse(inspect, ["--model", "x"])).toThrow(
    new UsageError("inspect: unknown option --model; usage: seqgrad inspect DIR [options]"),
  );
  expect(() => parse(inspect, ["--jsn", "x"])).toThrow(/unknown option --jsn; did you mean --json\?$/);
});

test("an empty argument is none", () => {
  expect(() => parse(score, ["hypotheses.txt", ""])).toThrow(new UsageError("score: expected REF, got nothing"));
  expect(() => parse(score, ["", "references.txt"])).toThrow(new UsageError("score: expected HYP, got nothing"));
});

test("what may be given several times is a list", () => {
  const files = ["--ref", "a", "--ref=b"];
  expect(parse(evaluate, files).values.ref).toEqual(["a", "b"]);
  expect(parse(evaluate, ["--config", config('{"ref": "c"}')]).values.ref).toEqual(["c"]);
  const file = config('{"ref": ["c", "d"]}');
  expect(parse(evaluate, ["--config", file]).values.ref).toEqual(["c", "d"]);
  expect(parse(evaluate, [...files, "--config", file]).values.ref).toEqual(["a", "b"]);
  for (const bad of ['["c", 3]', "[]", "3"]) {
    expect(() => parse(evaluate, ["--config", config(`{"ref": ${bad}}`)])).toThrow(
      /^--config: .*: "ref": expected a text, got /,
    );
  }
  expect(() => parse(evaluate, ["--ref", "a", "--ref", ""])).toThrow('--ref: expected a text, got ""');
  for (const args of [["--ref", "a\0"], ["--config", config('{"ref": "a\\u0000"}')], ["a\0"]]) {
    expect(() => parse(evaluate, args)).toThrow(
      /^(--ref|evaluate|--config: .*: "ref"): expected a text without null characters, got "a/,
    );
  }
  expect(parse(score, ["h", "a", "b", "c"]).positionals).toEqual(["h", "a", "b", "c"]);
  expect(() => parse(score, ["h", "a", ""])).toThrow(new UsageError("score: expected REF, got nothing"));
});

test("a config file may begin with a byte order mark", () => {
  const { values } = parse(train, ["--config", config('\ufeff{"hidden": 12}')]);
  expect(values).toMatchObject({ hidden: 12 });
});

test("durations read as people say them", () => {
  expect([-1, 0.4, 59.4, 59.6, 200, 3599, 3600, 7512].map(duration)).toEqual([
    "0 s",
    "0 s",
    "59 s",
    "1 min 00 s",
    "3 min 20 s",
    "59 min 59 s",
    "1 h 00 min",
    "2 h 05 min",
  ]);
});
