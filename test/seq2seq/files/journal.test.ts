import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { finishMoves, replaceFiles } from "../../../src/seq2seq/files/journal.js";
import { listFiles, readFiles } from "../../../src/seq2seq/files/readFiles.js";
import { changesOf, type Fault, withFault } from "../../support/faults.js";
import { contents, temporaryFolder } from "../../support/folder.js";

const OLD = { config: "old", weights: "old weights", checkpoint: "old checkpoint", notes: "kept" };
const NEW: Record<string, string> = { config: "new", weights: "new weights", history: "added", notes: "kept" };
const { notes: _, ...WRITTEN } = NEW;

/** What a reader finds: of every file that there is or was, by the two ways of looking. */
function read(folder: string): Record<string, string> {
  const names = listFiles(folder);
  const files = readFiles(folder, [...new Set([...names, ...Object.keys(OLD), ...Object.keys(NEW)])]);
  expect(Object.keys(files).sort()).toEqual(names);
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]));
}

/** A folder with the old files in it. */
function oldFolder(): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(OLD)) writeFileSync(join(folder, name), text);
  return folder;
}

const replace = (folder: string): void => replaceFiles(folder, WRITTEN, ["checkpoint"]);

describe("replaceFiles", () => {
  test.each<Fault>(["from", "at"])("whatever fails %s any step on, readers find all old or all new files", (fault) => {
    const found = new Set<string>();
    for (let step = 0, isOver = false; !isOver; step++) {
      const folder = oldFolder();
      isOver = withFault(step, fault, () => replace(folder)) === null;
      const now = read(folder);
      expect([OLD, NEW]).toContainEqual(now);
      found.add(now.config);
      withFault(Number.POSITIVE_INFINITY, "at", () => replaceFiles(folder, { last: "1" }));
      expect(contents(folder)).toEqual({ ...now, last: "1" });
    }
    expect([...found]).toEqual(["old", "new"]);
  });

  test("a process that ends while it finishes another's moves leaves them to the next", () => {
    let pairs = 0;
    for (let step = 0, isOver = false; !isOver; step++) {
      for (let again = 0, isOverAgain = false; !isOverAgain; again++, pairs++) {
        const folder = oldFolder();
        isOver = withFault(step, "from", () => replace(folder)) === null;
        const now = read(folder);
        isOverAgain = withFault(again, "from", () => finishMoves(folder)) === null;
        expect(read(folder)).toEqual(now);
        withFault(Number.POSITIVE_INFINITY, "at", () => finishMoves(folder));
        expect(contents(folder)).toEqual(now);
      }
    }
    expect(pairs).toBeGreaterThan(100);
  });

  test("one file is replaced, or not, too", () => {
    const found = new Set<string>();
    for (let step = 0, isOver = false; !isOver; step++) {
      const folder = oldFolder();
      isOver = withFault(step, "from", () => replaceFiles(folder, { config: "new" })) === null;
      const now = read(folder);
      expect([OLD, { ...OLD, config: "new" }]).toContainEqual(now);
      found.add(now.config);
      finishMoves(folder);
      expect(contents(folder)).toEqual(now);
    }
    expect([...found]).toEqual(["old", "new"]);
  });

  test("what fails before the new files count leaves the folder as it was, and says where", () => {
    const folder = oldFolder();
    const before = readdirSync(folder);
    expect(withFault(4, "at", () => replace(folder))).toBe(`write: ${folder}: fault 4`);
    expect(readdirSync(folder)).toEqual(before);
  });

  test("what counts is on the disk before it counts: each file, its name, then the journal, then the moves", () => {
    const folder = oldFolder();
    const log = changesOf(folder, () => replaceFiles(folder, { a: "1", b: "2" }, ["checkpoint"]));
    expect(log).toEqual([
      "write a.seqgrad.new",
      "sync a.seqgrad.new",
      "write b.seqgrad.new",
      "sync b.seqgrad.new",
      "write seqgrad.journal.seqgrad.new",
      "sync seqgrad.journal.seqgrad.new",
      "sync .",
      "rename seqgrad.journal.seqgrad.new seqgrad.journal",
      "sync .",
      "rename a.seqgrad.new a",
      "rename b.seqgrad.new b",
      "remove checkpoint",
      "sync .",
      "remove seqgrad.journal",
      "sync .",
    ]);
    const one = changesOf(folder, () => replaceFiles(folder, { a: "3" }));
    expect(one).toEqual(["write a.seqgrad.new", "sync a.seqgrad.new", "rename a.seqgrad.new a", "sync ."]);
  });
});

describe("a journal", () => {
  const BROKEN = [
    '{"id":1,"write":[],"remove":[]}',
    '{"id":"1","write":[]}',
    '{"id":"1","write":{},"remove":7}',
    "[]",
    "\u001b",
  ];
  test("that leads out of the folder, or is none, is not followed", () => {
    for (const text of [
      "",
      "{}",
      "null",
      '{"id":"1","write":["../x"],"remove":[]}',
      '{"write":[],"remove":["a/b"]}',
      ...BROKEN,
    ]) {
      const folder = oldFolder();
      writeFileSync(join(folder, "seqgrad.journal"), text);
      const what = /seqgrad\.journal: expected a list of files: (?!.*is not iterable)\P{Cc}*$/u;
      expect(() => replaceFiles(folder, { a: "1" })).toThrow(what);
      expect(() => readFiles(folder, ["config"])).toThrow(what);
      expect(() => listFiles(folder)).toThrow(what);
      expect(existsSync(join(folder, "config"))).toBe(true);
    }
  });

  test("counts only for the files it lists: another's leftovers go", () => {
    const folder = oldFolder();
    writeFileSync(join(folder, "config.seqgrad.new"), "half");
    writeFileSync(join(folder, "weights.seqgrad.new"), "new weights");
    writeFileSync(join(folder, "seqgrad.journal"), '{"id":"1","write":["weights"],"remove":[]}');
    const expected = { ...OLD, weights: "new weights" };
    expect(read(folder)).toEqual(expected);
    finishMoves(folder);
    expect(contents(folder)).toEqual(expected);
  });
});
