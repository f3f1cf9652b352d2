import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineDecoder, readLines, streamLines } from "../../../src/seq2seq/data/lines.js";
import { temporaryFolder } from "../../support/folder.js";
import { listOf } from "../../support/listOf.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const invalid = (before: string, ...wrong: number[]): Uint8Array =>
  Uint8Array.of(...bytes(before), ...wrong, 0x0a, 0x61);

/** All lines of bytes that come in parts of these lengths, repeated. */
function inParts(content: Uint8Array, lengths: readonly number[]): string[] {
  const decoder = new LineDecoder("f");
  const part = Buffer.alloc(Math.max(...lengths));
  const lines: string[] = [];
  for (let at = 0, k = 0; at < content.length; at += lengths[k++ % lengths.length]) {
    // Each part arrives in the same memory, as from a reader that keeps its buffer.
    const arrived = content.subarray(at, at + lengths[k % lengths.length]);
    part.set(arrived);
    lines.push(...decoder.push(part.subarray(0, arrived.length)));
  }
  return [...lines, ...decoder.end()];
}

async function fromFile(content: Uint8Array): Promise<string[]> {
  const file = join(temporaryFolder(), "f.txt");
  writeFileSync(file, content);
  return listOf(streamLines(file));
}

describe("readLines", () => {
  test.each([
    ["a\nb\n", ["a", "b"]],
    ["a\nb", ["a", "b"]],
    ["a\r\nb\r\n", ["a", "b"]],
    ["\ufeffa\nb\n", ["a", "b"]],
    ["a\n\ufeffb\n", ["a", "\ufeffb"]],
    ["a\n\nb\n\n", ["a", "", "b", ""]],
    [" a \u2028 b\u0085\n", [" a \u2028 b\u0085"]],
    ["été 🦜\n", ["été 🦜"]],
    ["", []],
    ["\n", [""]],
    ["\ufeff", []],
    ["\ufeff\n", [""]],
  ])("of %j, as a whole, in parts, and as a file", async (text, lines) => {
    expect(readLines(bytes(text), "f")).toEqual(lines);
    for (const size of [1, 2, 3]) expect(inParts(bytes(text), [size])).toEqual(lines);
    expect(await fromFile(bytes(text))).toEqual(lines);
  });

  test("gives the same lines whatever the parts that they come in", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "🦜", "\n", "\r", "\r\n", "\ufeff"), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (content, sizes) => {
        const all = content.replace(/^\ufeff/, "").split(/\r?\n/);
        if (all.at(-1) === "") all.pop();
        expect(readLines(bytes(content), "f")).toEqual(all);
        expect(inParts(bytes(content), sizes)).toEqual(all);
      }),
    );
  });

  test("reads beyond what is decoded at once, in memory and from a file", async () => {
    const text = "é".repeat(50);
    const content = bytes(`${text}\n`.repeat(200_000)); // 20 MB
    const lines = readLines(content, "f");
    expect([lines.length, new Set(lines)]).toEqual([200_000, new Set([text])]);
    const streamed = await fromFile(content);
    expect([streamed.length, new Set(streamed)]).toEqual([200_000, new Set([text])]);
  });

  test.each([
    ["a stray byte", invalid("one\ntwo ", 0xff), 2],
    ["a character cut off by the end of its line", invalid("one\ntwo\n", 0xc3), 3],
    ["Latin-1", invalid("", 0xe9, 0x74, 0xe9), 1],
    ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x61, 0), 1],
    ["an overlong form", invalid("one\r\n", 0xc0, 0x80), 2],
    ["a character cut off by the end of the file", Uint8Array.of(0x61, 0x0a, 0xe2, 0x82), 2],
  ])("names file and line of %s", async (_, content, line) => {
    const message = `expected UTF-8, got an invalid byte in line ${line}`;
    expect(() => readLines(content, "some.txt")).toThrow(new Error(`some.txt: ${message}`));
    for (const size of [1, 4, 100]) expect(() => inParts(content, [size])).toThrow(new Error(`f: ${message}`));
    await expect(fromFile(content)).rejects.toThrow(message);
  });

  test("hands out the lines before a bad one, however the bytes are cut, and then names it", () => {
    const text = fc.array(fc.constantFrom("a", "é", "🦜", ""), { maxLength: 8 });
    fc.assert(
      fc.property(text, fc.constantFrom("\n", "\r\n"), fc.integer({ min: 1, max: 40 }), (good, end, size) => {
        const content = Uint8Array.of(...bytes(good.map((line) => line + end).join("")), 0x61, 0xff, 0x0a, 0x62, 0x0a);
        const decoder = new LineDecoder("f");
        const lines: string[] = [];
        const read = (): void => {
          for (let at = 0; at < content.length; at += size)
            lines.push(...decoder.push(content.subarray(at, at + size)));
          decoder.end();
        };
        const message = `f: expected UTF-8, got an invalid byte in line ${good.length + 1}`;
        expect(read).toThrow(new Error(message));
        expect(lines).toEqual(good);
        expect(() => decoder.check()).toThrow(new Error(message));
      }),
    );
  });

  test("hands out the lines before one that is far too long", () => {
    const decoder = new LineDecoder("f");
    decoder.check();
    expect(decoder.push(bytes(`one\n${"x".repeat(5e6)}`))).toEqual(["one"]);
    expect(() => decoder.check()).toThrow("got more in line 2");
  });

  test("does not take a line that is far too long for invalid UTF-8, nor keeps it", async () => {
    const decoder = new LineDecoder("big.txt");
    const part = new Uint8Array(2 ** 20);
    decoder.push(bytes("one\n"));
    const push = (): void => {
      for (let k = 0; k < 5; k++) decoder.push(part);
    };
    const message = "expected lines of at most 4194304 bytes, got more in line 2";
    expect(push).toThrow(new Error(`big.txt: ${message}`));
    const content = bytes(`one\n${"x".repeat(5e6)}\n`);
    expect(() => readLines(content, "f")).toThrow(new Error(`f: ${message}`));
    await expect(fromFile(content)).rejects.toThrow(message);
  });
});

describe("streamLines", () => {
  test("says in a sentence which file cannot be read", async () => {
    const folder = temporaryFolder();
    const read = (path: string) => listOf(streamLines(path));
    await expect(read(`${folder}/none.txt`)).rejects.toThrow(new Error(`${folder}/none.txt does not exist`));
    await expect(read(folder)).rejects.toThrow(new Error(`${folder} is a folder, not a file`));
  });
});
