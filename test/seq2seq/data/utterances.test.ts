import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readUtterances, writeWav } from "../../../src/seq2seq/index.js";
import { temporaryFolder } from "../../support/folder.js";

function listOf(text: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "wavs"));
  writeFileSync(join(folder, "wavs", "a b.wav"), writeWav([Float32Array.of(0.5, -0.5)], 8000));
  writeFileSync(join(folder, "none.wav"), writeWav([new Float32Array(0)], 8000));
  writeFileSync(join(folder, "text.wav"), "not a sound at all");
  writeFileSync(join(folder, "list.tsv"), text.replaceAll("FOLDER", folder));
  return join(folder, "list.tsv");
}

test("reads recordings from where the list stands, and their texts", () => {
  const sound = { sampleRate: 8000, channels: [Float32Array.of(0.5, -0.5)] };
  expect(readUtterances(listOf("wavs/a b.wav\tone two\tignored\r\n\nFOLDER/wavs/a b.wav\tthree\n"))).toEqual([
    { sound, text: "one two" },
    { sound, text: "three" },
  ]);
});

test.each<[string, string, RegExp]>([
  ["a line without a text", "wavs/a b.wav\tone\nwavs/a b.wav\n", /list.tsv: line 2: expected PATH TAB TEXT, got "wavs/],
  ["an empty text", "wavs/a b.wav\t \n", /list.tsv: line 1: expected a text behind wavs\/a b.wav, got none/],
  ["no path", "\tone\n", /list.tsv: line 1: expected PATH TAB TEXT/],
  ["a file that is not there", "\nb.wav\tone\n", /list.tsv: line 2: b.wav does not exist/],
  ["a folder", "wavs\tone\n", /list.tsv: line 1: wavs is a folder, not a file/],
  ["what is no WAV", "text.wav\tone\n", /list.tsv: line 1: text.wav: expected a WAV file/],
  [
    "a recording of nothing",
    "none.wav\tone\n",
    /list.tsv: line 1: none.wav: expected a recording with samples, got one/,
  ],
  ["an empty list", "\n\n", /list.tsv: expected PATH TAB TEXT on each line, got an empty file/],
])("says which line is wrong: %s", (_, text, message) => {
  expect(() => readUtterances(listOf(text))).toThrow(message);
});

test("says what of a line is no path without all of it, and nothing that a terminal would obey", () => {
  const list = join(temporaryFolder(), "list.tsv");
  writeFileSync(list, `${"a".repeat(5000)}\u001b\tone\n`);
  expect(() => readUtterances(list)).toThrow(/list\.tsv: line 1: a{300}…: ENAMETOOLONG/);
  writeFileSync(list, "a\0.wav\tone\n");
  expect(() => readUtterances(list)).toThrow("list.tsv: line 1: a\\u0000.wav is no path");
  writeFileSync(list, "a\v\t\n");
  expect(() => readUtterances(list)).toThrow("line 1: expected a text behind a\\u000b, got none");
  writeFileSync(list, "\u001b[2J.wav\tone\n");
  expect(() => readUtterances(list)).toThrow("list.tsv: line 1: \\u001b[2J.wav does not exist");
});

test("says that a list is not there", () => {
  expect(() => readUtterances("/nowhere/list.tsv")).toThrow("/nowhere/list.tsv does not exist");
});
