import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  checkWritable,
  fileSystem,
  holds,
  isEmptyFolder,
  writeAtomic,
  writeFolder,
} from "../../../src/seq2seq/files/disk.js";
import { contents, temporaryFolder } from "../../support/folder.js";

/** Content that cannot be written: the disk's faults are hard to arrange, a wrong type fails at the same place. */
const unwritable = 5 as unknown as string;

describe("writeAtomic", () => {
  test("writes and replaces text and bytes, leaving nothing else behind", () => {
    const folder = temporaryFolder();
    const path = join(folder, "file");
    writeAtomic(path, "one é");
    expect(readFileSync(path, "utf8")).toBe("one é");
    writeAtomic(path, Uint8Array.of(0, 255));
    expect(contents(folder)).toEqual({ file: "\0\xff" });
  });

  test("replaces by a move: who has the old file open goes on reading it whole", () => {
    const folder = temporaryFolder();
    const path = join(folder, "file");
    writeAtomic(path, "old content");
    const fs = fileSystem();
    const open = fs.openSync(path, "r");
    writeAtomic(path, "new");
    expect(fs.readFileSync(open, "utf8")).toBe("old content");
    fs.closeSync(open);
  });

  test("keeps the old content, and no temporary file, when writing fails", () => {
    const folder = temporaryFolder();
    writeAtomic(join(folder, "file"), "old");
    expect(() => writeAtomic(join(folder, "file"), unwritable)).toThrow(/^write: .*file: /);
    expect(contents(folder)).toEqual({ file: "old" });
    mkdirSync(join(folder, "taken"));
    expect(() => writeAtomic(join(folder, "taken"), "new")).toThrow(/EISDIR|ENOTEMPTY|EPERM/);
    expect(() => writeAtomic(join(folder, "absent", "file"), "new")).toThrow(/ENOENT/);
    expect(contents(folder)).toEqual({ file: "old" });
  });
});

describe("writeFolder", () => {
  test.each(["model", "model/", join("deeply", "nested", "model")])(
    "makes %s with its files and nothing else",
    (name) => {
      const parent = temporaryFolder();
      writeFolder(`${parent}/${name}`, { a: "1", b: Uint8Array.of(50) });
      expect(contents(parent)).toEqual({ [join(name, "a")]: "1", [join(name, "b")]: "2" });
    },
  );

  test("replaces a folder as a whole, also a file or a link", () => {
    const parent = temporaryFolder();
    const path = join(parent, "model");
    writeFolder(path, { a: "1", b: "2" });
    writeFolder(path, { b: "3" });
    expect(contents(parent)).toEqual({ [join("model", "b")]: "3" });

    writeFileSync(join(parent, "file"), "");
    writeFolder(join(parent, "file"), { c: "4" });
    symlinkSync(path, join(parent, "link"));
    writeFolder(join(parent, "link"), { d: "5" });
    expect(contents(parent)).toEqual({ [join("file", "c")]: "4", [join("link", "d")]: "5", [join("model", "b")]: "3" });
  });

  test("leaves the old folder as it was, and nothing beside it, when writing fails", () => {
    const parent = temporaryFolder();
    writeFolder(join(parent, "model"), { a: "1" });
    expect(() => writeFolder(join(parent, "model"), { a: "2", b: unwritable })).toThrow(/^write: .*b: /);
    expect(() => writeFolder(join(parent, "other"), { b: unwritable })).toThrow(/^write: .*b: /);
    expect(contents(parent)).toEqual({ [join("model", "a")]: "1" });
    expect(existsSync(join(parent, "other"))).toBe(false);
  });

  test("removes what a run that was killed left behind under its name", () => {
    const parent = temporaryFolder();
    const stale = join(parent, `model.${process.pid}.new`);
    mkdirSync(stale);
    writeFileSync(join(stale, "junk"), "");
    writeFolder(join(parent, "model"), { a: "1" });
    expect(contents(parent)).toEqual({ [join("model", "a")]: "1" });
  });
});

describe("writeFolder into an empty folder", () => {
  test("fills the current one, which cannot be moved, and leaves nothing beside it", () => {
    const parent = temporaryFolder();
    const folder = join(parent, "here");
    mkdirSync(folder);
    const before = process.cwd();
    try {
      process.chdir(folder);
      writeFolder(".", { "a.txt": "one" });
    } finally {
      process.chdir(before);
    }
    expect(contents(parent)).toEqual({ [join("here", "a.txt")]: "one" });
    expect(readdirSync(parent)).toEqual(["here"]);
  });

  test("fills the one that a link leads to, and clears away what a killed run left in it", () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, "disk", ".seqgrad.new"), { recursive: true });
    symlinkSync(join(parent, "disk"), join(parent, "link"));
    expect(isEmptyFolder(join(parent, "link"))).toBe(true);
    writeFolder(join(parent, "link"), { a: "1" });
    expect(contents(join(parent, "disk"))).toEqual({ a: "1" });
    expect(readdirSync(join(parent, "disk"))).toEqual(["a"]);
    expect(lstatSync(join(parent, "link")).isSymbolicLink()).toBe(true);
  });

  test("writes inside it, as what is beside it may be another disk", () => {
    const parent = temporaryFolder();
    const folder = join(parent, "mount");
    mkdirSync(folder);
    const before = statSync(parent).mtimeMs;
    writeFolder(folder, { a: "1" });
    expect(statSync(parent).mtimeMs).toBe(before);
  });
});

describe("checkWritable", () => {
  test("leaves nothing behind, of folders that are there as of those that are not", () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, "empty"));
    writeFolder(join(parent, "full"), { a: "1" });
    for (const name of ["empty", "full", "full/", join("new", "deep", "er"), "new/"])
      checkWritable(`${parent}/${name}`);
    expect(readdirSync(parent, { recursive: true })).toEqual(["empty", "full", join("full", "a")]);
  });

  test("refuses what lies below a file, and gives up where the system makes no folders", () => {
    const parent = temporaryFolder();
    writeFileSync(join(parent, "file"), "mine");
    for (const path of [
      join(parent, "file", "model"),
      join(parent, "file", "a", "b"),
      ...(existsSync("/proc/self") ? ["/proc/model"] : []),
    ]) {
      expect(() => checkWritable(path)).toThrow(`expected a folder that can be written, got ${path}: E`);
    }
    expect(contents(parent)).toEqual({ file: "mine" });
  });
});

test("a link to nowhere is something that is there", () => {
  const parent = temporaryFolder();
  symlinkSync(join(parent, "nowhere"), join(parent, "link"));
  expect([holds(join(parent, "link")), holds(join(parent, "nowhere")), holds(join(parent, "link", "a"))]).toEqual([
    true,
    false,
    false,
  ]);
  writeFolder(join(parent, "link"), { a: "1" });
  expect(contents(parent)).toEqual({ [join("link", "a")]: "1" });
});
