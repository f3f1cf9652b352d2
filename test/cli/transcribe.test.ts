import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seq2seq } from "../../src/index.js";
import { beeps } from "../support/beeps.js";
import { buildOnce } from "../support/build.js";
import { seqgrad } from "../support/command.js";
import { contents, newFolder } from "../support/folder.js";

const folder = newFolder();
const at = (...names: string[]): string => join(folder, ...names);

/** A list of recordings beside it. */
function writeList(name: string, utterances: readonly seq2seq.Utterance[]): string {
  mkdirSync(at(name));
  const lines = utterances.map(({ sound, text }, i) => {
    writeFileSync(at(name, `${i}.wav`), seq2seq.writeWav(sound.channels, sound.sampleRate));
    return `${name}/${i}.wav\t${text}\n`;
  });
  writeFileSync(at(`${name}.tsv`), lines.join(""));
  return at(`${name}.tsv`);
}

const small = [
  "--hidden",
  "24",
  "--bidirectional",
  "--conditional",
  "--sample-rate",
  "8000",
  "--bands",
  "16",
  "--hop",
  "20",
];
const task = [
  "--task",
  "transcribe",
  "--window",
  "40",
  "--batch-size",
  "8",
  "--lr",
  "0.02",
  "--threads",
  "1",
  ...small,
];
const unseen = beeps(20, 3);
let [train, valid, test1, model] = ["", "", "", at("model")];

beforeAll(() => {
  buildOnce();
  train = writeList("train", beeps(160, 1));
  valid = writeList("valid", beeps(20, 2));
  test1 = writeList("test", unseen);
  const { code, err } = seqgrad([
    ...["train", "--train-list", train, "--valid-list", valid, "--out", model, ...task, "--epochs", "6"],
  ]);
  expect([code, err]).toEqual([
    0,
    expect.stringMatching(/^160 recordings, and 20 for validation\na vocabulary of 7 tokens, [\d,]+ parameters\n/),
  ]);
  expect(err).toContain("the best model is chosen by word error rate");
  expect(err).toMatch(
    /epoch 6: .*validation loss [\d.]+, word error rate [\d.]+ %, character error rate [\d.]+ %, exact/,
  );
  expect(err).toContain(`try: npx seqgrad transcribe FILE.wav --model ${model}`);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("seqgrad transcribe", () => {
  test("writes a line for each recording, and draws where it looked", () => {
    const files = [0, 1, 2].map((i) => at("test", `${i}.wav`));
    const picture = at("attention.svg");
    const { code, out, err } = seqgrad(["transcribe", ...files, "--model", model, "--attention", picture]);
    const expected = unseen.slice(0, 3).map(({ text }) => text);
    expect([code, out, err]).toEqual([
      ...[0, `${expected.join("\n")}\n`, `attention of the first recording drawn in ${picture}\n`],
    ]);
    expect(contents(folder)["attention.svg"]).toMatch(/^<svg.*seconds/s);
    const piped = `cat "${files[0]}" | "${process.execPath}" dist/cli/main.js transcribe /dev/stdin --model "${model}"`;
    expect(execFileSync("sh", ["-c", `${piped} --attention "${picture}"`], { stdio: "pipe" }).toString()).toBe(
      `${expected[0]}\n`,
    );
    const json = seqgrad(["transcribe", files[0], "--model", model, "--beam", "2", "--json"]);
    expect(JSON.parse(json.out)).toEqual({ file: files[0], text: expected[0] });
  });

  test("training says what no text to train on has", () => {
    const odd = writeList("odd", [{ ...unseen[0], text: "a ü" }]);
    const lists = ["--train-list", train, "--valid-list", odd];
    const { code, err } = seqgrad(["train", ...lists, "--out", at("odd-model"), ...task, "--epochs", "1"]);
    expect([code, err]).toEqual([0, expect.stringContaining('parameters\nonly validation texts have " ", "ü"\n')]);
  });

  test("resumes, is evaluated and inspected", () => {
    const resumed = seqgrad([
      "train",
      "--train-list",
      train,
      "--valid-list",
      valid,
      "--out",
      model,
      "--resume",
      "--epochs",
      "7",
    ]);
    expect([resumed.code, resumed.err]).toEqual([0, expect.stringContaining("from here on: epochs 6 → 7")]);
    expect(JSON.parse(contents(model)["settings.json"])).toMatchObject({
      task: "transcribe",
      "sample-rate": 8000,
      bands: 16,
    });
    expect(contents(model)["settings.json"]).not.toContain("subwords");
    const { code, out } = seqgrad(["evaluate", "--model", model, "--list", test1]);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        /^recordings +20\nexact +\d+ \(.*\nword error rate +[\d.]+ % {2}\(.*20 words\)\ncharacter error/,
      ),
    ]);
    const scores = JSON.parse(seqgrad(["evaluate", "--model", model, "--list", test1, "--json"]).out);
    expect(scores.wer.score).toBeLessThan(40);
    expect(scores).toMatchObject({ recordings: 20, exact: 20 - scores.wer.substitutions, wer: { length: 20 } });
    const shown = seqgrad(["inspect", model]);
    expect([shown.code, shown.out]).toEqual([
      0,
      expect.stringMatching(
        /^task +transcribe\ncell +gru.*\nattention +additive, inside the step\nframes +16 bands of 40 ms each 20 ms at 8,000 Hz, the loudest 80 dB\ntarget +7 character tokens/,
      ),
    ]);
    expect(shown.out).toContain("WER");
    expect(JSON.parse(seqgrad(["inspect", model, "--json"]).out)).toMatchObject({ frames: { sampleRate: 8000 } });
  });

  test.each<[string, () => string[], number, RegExp]>([
    [
      "no list",
      () => ["train", "--out", "x", ...task],
      2,
      /expected --train-list FILE with --task transcribe, got none/,
    ],
    [
      "a setting of translation",
      () => ["train", "--out", "x", ...task, "--train-list", train, "--reverse-source"],
      ...([2, /expected no --reverse-source with --task transcribe, got true/] as const),
    ],
    [
      "a setting of transcription",
      () => ["train", "--out", "x", "--level", "1", "--bands", "9"],
      ...([2, /expected no --bands with --task translate, got 9/] as const),
    ],
    [
      "layers that are not there",
      () => ["train", "--out", "x", ...task, "--train-list", train, "--subsample", "2"],
      ...([2, /expected --layers 3 or more with --subsample 2, got 1/] as const),
    ],
    [
      "a list that is not there",
      () => ["train", "--out", at("new"), ...task, "--train-list", at("none.tsv")],
      ...([1, /train: --train-list: .*none.tsv does not exist/] as const),
    ],
    ["no model", () => ["transcribe", at("test", "0.wav")], 2, /transcribe: expected --model DIR, got none/],
    ["no recording", () => ["transcribe", "--model", model], 2, /transcribe: expected FILE.wav, got nothing/],
    [
      "a recording that is not there",
      () => ["transcribe", "b.wav", "--model", model],
      1,
      /transcribe: b.wav does not exist/,
    ],
    [
      "what is no sound",
      () => ["transcribe", train, "--model", model],
      1,
      /transcribe: .*train.tsv: expected a WAV file/,
    ],
    [
      "a model of another task",
      () => ["translate", "--model", model],
      1,
      /the model of task translate, got one of "transcribe"/,
    ],
    [
      "words to put in place of unknown ones",
      () => ["transcribe", "a.wav", "--replace-unknown"],
      ...([2, /unknown option --replace-unknown/] as const),
    ],
    [
      "two kinds of test",
      () => ["evaluate", "--model", model, "--list", test1, "--src", train],
      ...([2, /expected no --src with a model of task transcribe, got one/] as const),
    ],
  ])("wrong calls say so: %s", (_, args, expected, message) => {
    const { code, out, err } = seqgrad(args());
    expect([code, out, err]).toEqual([expected, "", expect.stringMatching(message)]);
  });
});
