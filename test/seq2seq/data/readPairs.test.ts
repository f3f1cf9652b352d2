import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  readParallel,
  readTsv,
  streamParallel,
  streamTsv,
  type TextPair,
} from "../../../src/seq2seq/data/readPairs.js";
import { temporaryFolder } from "../../support/folder.js";
import { listOf } from "../../support/listOf.js";

const input = (file: string) => ({ bytes: readFileSync(file), file });

/** Both roads from files to pairs, which have to give and to throw the same. */
const ROADS: [string, (tsv: string) => Promise<TextPair[]>, (source: string, target: string) => Promise<TextPair[]>][] =
  [
    ["at once", async (tsv) => readTsv(readFileSync(tsv), tsv), async (s, t) => readParallel(input(s), input(t))],
    ["as a stream", (tsv) => listOf(streamTsv(tsv)), (s, t) => listOf(streamParallel(s, t))],
  ];

let folder = "";
beforeEach(() => {
  folder = temporaryFolder();
});
/** Writes a file; errors name it by its whole path. */
function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe.each(ROADS)("a tab-separated file %s", (_, tsv) => {
  const read = (content: string): Promise<TextPair[]> => tsv(write("p.tsv", content));

  test("gives the first two columns of each line", async () => {
    expect(await read("\ufeffa b\tc\r\nd\te\tCC-BY 2.0\tmore\r\n\tf\n")).toEqual([
      { source: "a b", target: "c" },
      { source: "d", target: "e" },
      { source: "", target: "f" },
    ]);
  });

  test("has an empty pair in a blank line", async () => {
    const empty = { source: "", target: "" };
    const pairs = await read("a\tb\n\n \t\r\n  \r\nc\td\n\n");
    expect(pairs).toEqual([{ source: "a", target: "b" }, empty, empty, empty, { source: "c", target: "d" }, empty]);
  });

  test("is named, with the line where a column is missing", async () => {
    const message = `${folder}/p.tsv: expected two columns separated by a tab, got one in line 2: "no tab"`;
    await expect(read("a\tb\nno tab\nc\td\n")).rejects.toThrow(new Error(message));
    await expect(read(`${"x".repeat(1000)}\n`)).rejects.toThrow(/[^x]x{60}"$/);
    await expect(read("\u001b[31mred\u009b\n")).rejects.toThrow(/"\\u001b\[31mred\\u009b"$/);
  });

  test.each(["", "\n\n", "\ufeff\r\n", "  \n"])("is refused when it is empty: %j", async (content) => {
    await expect(read(content)).rejects.toThrow(new Error(`${folder}/p.tsv: expected sentences, got an empty file`));
  });
});

describe.each(ROADS)("parallel files %s", (_, __, parallel) => {
  const read = (source: string | Uint8Array, target: string | Uint8Array): Promise<TextPair[]> =>
    parallel(write("s.en", source), write("s.fr", target));

  test("are paired line by line, whatever the line breaks, and keep tabs", async () => {
    expect(await read("a\nb\tb\n", "\ufeffc\r\nd")).toEqual([
      { source: "a", target: "c" },
      { source: "b\tb", target: "d" },
    ]);
  });

  test("are refused with both counts where these differ", async () => {
    const message = "parallel files: expected as many lines in both, got";
    await expect(read("a\nb\nc\n", "d\ne\n")).rejects.toThrow(
      new Error(`${message} 3 in ${folder}/s.en and 2 in ${folder}/s.fr`),
    );
    const many = "a line\n".repeat(100_000); // more than is read at once
    await expect(read("a\n", many)).rejects.toThrow(`${message} 1 in ${folder}/s.en and 100000 in ${folder}/s.fr`);
    await expect(read(many, "a\n\n")).rejects.toThrow(`${message} 100000 in ${folder}/s.en and 2 in ${folder}/s.fr`);
  });

  test("are named when empty or not UTF-8", async () => {
    const empty = "expected sentences, got an empty file";
    await expect(read("", "a\n")).rejects.toThrow(new Error(`${folder}/s.en: ${empty}`));
    await expect(read("a\n", "\n")).rejects.toThrow(new Error(`${folder}/s.fr: ${empty}`));
    await expect(read("a\n", Uint8Array.of(0xff, 0x0a))).rejects.toThrow(
      `${folder}/s.fr: expected UTF-8, got an invalid byte in line 1`,
    );
  });
});
