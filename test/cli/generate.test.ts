import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildOnce } from "../support/build.js";
import { seqgrad } from "../support/command.js";
import { contents, temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

const small = [
  "--task",
  "generate",
  "--hidden",
  "24",
  "--batch-size",
  "4",
  "--sequence-length",
  "20",
  "--threads",
  "1",
];

describe("seqgrad train --task generate", () => {
  test("makes a model of a text, with which generate goes on, and resumes it", () => {
    const folder = temporaryFolder();
    const [file, out] = ["plays.txt", "model"].map((name) => join(folder, name));
    writeFileSync(file, "the cat sat.\nthe dog sat.\n".repeat(60));
    const { code, err } = seqgrad([
      "train",
      "--train-text",
      file,
      "--out",
      out,
      ...small,
      "--lr",
      "0.02",
      "--epochs",
      "6",
    ]);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^a text of 1,4\d\d tokens, and one of \d\d for validation\na vocab/),
    ]);
    expect(err).toMatch(
      /epoch 6: training loss [\d.]+, validation loss [\d.]+(, saved)?\nfinished; best: validation loss [\d.]+;/,
    );
    expect(err).toContain(`try: npx seqgrad generate --model ${out}`);
    expect(JSON.parse(contents(out)["settings.json"])).toMatchObject({
      task: "generate",
      "sequence-length": 20,
      hidden: 24,
    });

    const judged = seqgrad(["evaluate", "--model", out, "--text", file]);
    expect(judged).toEqual({
      code: 0,
      err: "",
      out: expect.stringMatching(/^loss {2}0\.\d{3} nats a token \(perplexity 1\.\d\d\)\n$/),
    });
    const { loss } = JSON.parse(seqgrad(["evaluate", "--model", out, "--text", file, "--json"]).out);
    expect(judged.out).toContain(loss.toFixed(3));
    expect(seqgrad(["evaluate", "--model", out, "--src", file])).toEqual({
      code: 2,
      out: "",
      err: "seqgrad: evaluate: expected --text with a model of task generate, got no --text\n",
    });

    const go = (...args: string[]) =>
      seqgrad(["generate", "--model", out, "--context", "the c", "--length", "9", ...args]);
    expect(go("--top-k", "1")).toEqual({ code: 0, out: "the cat sat.\nt\n", err: "" });
    const { code: ended, err: said } = seqgrad(["generate", "--model", out, "--context", "the ☃☃ Ü", "--length", "1"]);
    expect([ended, said]).toEqual([0, "2 characters unknown to the model: ☃, Ü\n"]);
    const lines = go("--json", "--count", "3", "--seed", "4")
      .out.trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ context, text }) => [context, text.length])).toEqual(new Array(3).fill(["the c", 9]));

    const resumed = seqgrad(["train", "--train-text", file, "--out", out, "--resume", "--epochs", "7"]);
    expect([resumed.code, resumed.err]).toEqual([0, expect.stringContaining("from here on: epochs 6 → 7")]);
    const translated = seqgrad(["translate", "--model", out], "x\n");
    expect([translated.code, translated.err]).toEqual([
      1,
      expect.stringContaining("expected the model of task translate"),
    ]);
  });

  test.each<[string, string[], RegExp]>([
    [
      "no text",
      ["train", "--out", "x", "--task", "generate"],
      /expected --train-text FILE with --task generate, got none/,
    ],
    [
      "an option of translation",
      ["train", "--out", "x", ...small, "--train-text", "a", "--attention", "dot"],
      /expected no --attention with --task generate, got "dot"/,
    ],
    ["another task", ["train", "--out", "x", "--task", "sing"], /--task: expected "translate" or .*, got "sing"/],
    [
      "data of another task",
      ["train", "--out", "x", ...small, "--train-text", "a", "--train-tsv", "b"],
      /expected no --train-tsv with --task generate, got one/,
    ],
    [
      "a text to translate",
      ["train", "--out", "x", "--train-text", "a", "--level", "1"],
      /expected no --train-text with --task translate, got one/,
    ],
    [
      "tables that are not there",
      ["train", "--out", "x", ...small, "--train-text", "a", "--tied", "all"],
      /expected --tied none or decoder, as there is no source, got all/,
    ],
    [
      "tied tables of two widths",
      ["train", "--out", "x", ...small, "--train-text", "a", "--tied", "decoder", "--embedding", "4"],
      /expected --embedding 24 with --tied/,
    ],
    ["no model", ["generate"], /generate: expected --model DIR, got none/],
    ["a length of none", ["generate", "--model", "x", "--length", "0"], /--length: expected an integer ≥ 1, got "0"/],
  ])("wrong calls say so: %s", (_, args, message) => {
    const { code, out, err } = seqgrad(args);
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(message)]);
  });

  test("says which file is no text", () => {
    const folder = temporaryFolder();
    const file = join(folder, "bytes");
    writeFileSync(file, Uint8Array.of(0xff, 0xfe, 0x41));
    const { code, err } = seqgrad(["train", ...small, "--train-text", file, "--out", join(folder, "model")]);
    expect([code, err]).toEqual([1, expect.stringContaining("bytes: expected UTF-8, got other bytes")]);
  });
});
