import { describe, expect, test } from "vitest";
import { readLines, readParallel, readTsv } from "../../../src/seq2seq/data/readPairs.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const invalid = (before: string, ...wrong: number[]): Uint8Array =>
  Uint8Array.of(...bytes(before), ...wrong, 0x0a, 0x61);

describe("readLines", () => {
  test.each([
    ["a\nb\n", ["a", "b"]],
    ["a\nb", ["a", "b"]],
    ["a\r\nb\r\n", ["a", "b"]],
    ["\ufeffa\nb\n", ["a", "b"]],
    ["a\n\nb\n\n", ["a", "", "b", ""]],
    [" a \u2028 b\u0085\n", [" a \u2028 b\u0085"]],
    ["été 🦜\n", ["été 🦜"]],
    ["", []],
    ["\n", [""]],
    ["\ufeff", []],
  ])("of %j", (text, lines) => {
    expect(readLines(bytes(text), "f")).toEqual(lines);
  });

  test.each([
    ["a stray byte", invalid("one\ntwo ", 0xff), 2],
    ["a character cut off by the end of its line", invalid("one\ntwo\n", 0xc3), 3],
    ["Latin-1", invalid("", 0xe9, 0x74, 0xe9), 1],
    ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x61, 0), 1],
    ["an overlong form", invalid("one\r\n", 0xc0, 0x80), 2],
    ["a character cut off by the end of the file", Uint8Array.of(0x61, 0x0a, 0xe2, 0x82), 2],
  ])("names file and line of %s", (_, content, line) => {
    const message = `some.txt: expected UTF-8, got an invalid byte in line ${line}`;
    expect(() => readLines(content, "some.txt")).toThrow(new Error(message));
  });
});

describe("readTsv", () => {
  test("takes the first two columns of each line", () => {
    expect(readTsv(bytes("\ufeffa b\tc\r\nd\te\tCC-BY 2.0\tmore\r\n\tf\n"), "f")).toEqual([
      { source: "a b", target: "c" },
      { source: "d", target: "e" },
      { source: "", target: "f" },
    ]);
  });

  test("takes a blank line for an empty pair", () => {
    const empty = { source: "", target: "" };
    const read = readTsv(bytes("a\tb\n\n \t\r\n  \r\nc\td\n\n"), "f");
    expect(read).toEqual([{ source: "a", target: "b" }, empty, empty, empty, { source: "c", target: "d" }, empty]);
  });

  test("names file and line where a column is missing", () => {
    const message = 'p.tsv: expected two columns separated by a tab, got one in line 2: "no tab"';
    expect(() => readTsv(bytes("a\tb\nno tab\nc\td\n"), "p.tsv")).toThrow(new Error(message));
    expect(() => readTsv(bytes(`${"x".repeat(1000)}\n`), "p.tsv")).toThrow(/x{60}"$/);
  });

  test.each(["", "\n\n", "\ufeff\r\n", "  \n"])("refuses the empty file %j", (text) => {
    expect(() => readTsv(bytes(text), "p.tsv")).toThrow(new Error("p.tsv: expected sentences, got an empty file"));
  });
});

describe("readParallel", () => {
  const read = (source: string, target: string) =>
    readParallel({ bytes: bytes(source), file: "s.en" }, { bytes: bytes(target), file: "s.fr" });

  test("pairs line by line, whatever the line breaks, and keeps tabs", () => {
    expect(read("a\nb\tb\n", "\ufeffc\r\nd")).toEqual([
      { source: "a", target: "c" },
      { source: "b\tb", target: "d" },
    ]);
  });

  test("gives both counts where they differ", () => {
    const message = "parallel files: expected as many lines in both, got 3 in s.en and 2 in s.fr";
    expect(() => read("a\nb\nc\n", "d\ne\n")).toThrow(new Error(message));
  });

  test("names the file that is empty, or not UTF-8", () => {
    expect(() => read("", "a\n")).toThrow(new Error("s.en: expected sentences, got an empty file"));
    expect(() => read("a\n", "\n")).toThrow(new Error("s.fr: expected sentences, got an empty file"));
    const good = { bytes: bytes("a\n"), file: "s.en" };
    expect(() => readParallel(good, { bytes: invalid("", 0xff), file: "s.fr" })).toThrow(/^s\.fr: expected UTF-8/);
  });
});
