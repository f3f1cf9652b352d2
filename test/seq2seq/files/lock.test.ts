import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { writeFiles } from "../../../src/seq2seq/files/folderStore.js";
import { checkWritable, lockFolder } from "../../../src/seq2seq/files/lock.js";
import { interrupted } from "../../support/faults.js";
import { contents, temporaryFolder } from "../../support/folder.js";

/** The number of a process that has ended. */
const GONE = spawnSync(process.execPath, ["--version"]).pid;

interface Given {
  id?: string;
  pid?: number;
  host?: string;
  began?: string;
}

/** Writes a lock as another process would have. */
function lockOf(path: string, { id = "a", pid = GONE, host = hostname(), began = "" }: Given = {}): void {
  writeFileSync(path, JSON.stringify({ id, pid, host, began, since: "2026-01-02T03:04:05.000Z" }));
}

describe("lockFolder", () => {
  test("says in the folder who has it, and to others since when", () => {
    const folder = temporaryFolder();
    const release = lockFolder(folder);
    expect(JSON.parse(contents(folder)["seqgrad.lock"])).toMatchObject({ pid: process.pid, host: hostname() });
    expect(() => lockFolder(folder)).toThrow(`which process ${process.pid} (this one) has had since 20`);
    release();
    release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("takes over from a process that is gone, and keeps out of another machine's", () => {
    const folder = temporaryFolder();
    const lock = join(folder, "seqgrad.lock");
    lockOf(lock);
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
    lockOf(lock, { host: "elsewhere" });
    expect(() => lockFolder(folder)).toThrow(
      `lock: expected a folder that nobody writes to, got ${folder}, which process ${GONE} on elsewhere ` +
        `has had since 2026-01-02T03:04:05.000Z; if that one is gone, remove ${lock}`,
    );
  });

  test("works where a program may not know its machine's name, and then takes over from nobody", () => {
    const folder = temporaryFolder();
    const os = process.getBuiltinModule("node:os");
    vi.spyOn(os, "hostname").mockImplementation(() => {
      throw new Error("Requires sys access");
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`which process ${process.pid} (this one) has had since`);
    release();
    lockOf(join(folder, "seqgrad.lock"), { host: "" });
    expect(() => lockFolder(folder)).toThrow(`which process ${GONE} has had since`);
  });

  test.skipIf(!existsSync("/proc/self/stat"))("takes over where another process has got the number since", () => {
    const folder = temporaryFolder();
    lockOf(join(folder, "seqgrad.lock"), { pid: process.ppid, began: "1" });
    lockFolder(folder)();
    lockOf(join(folder, "seqgrad.lock"), { pid: process.ppid, began: beginOf(process.ppid) });
    expect(() => lockFolder(folder)).toThrow(`which process ${process.ppid} has had since`);
  });

  const DEEP = `${"[".repeat(9000)}${"]".repeat(9000)}`;
  const deep = (name: string): string => `{"id":"1","pid":1,"${name}":${DEEP}}`;
  const LONG = JSON.stringify({ id: "a".repeat(300), pid: 1 });
  const SILENT = ["", "{}", '{"id":"../x","pid":1}', LONG, "null", ...["id", "host", "began", "since"].map(deep)];
  test.each(SILENT.map((text) => [text.slice(0, 40), text]))("takes over a lock that says nothing: %s", (_, text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "seqgrad.lock"), text);
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("takes over where several in a row said nothing, or lead back to each other", () => {
    const folder = temporaryFolder();
    const lock = join(folder, "seqgrad.lock");
    for (const name of [lock, `${lock}._`, `${lock}.__`]) writeFileSync(name, "?");
    writeFiles(folder, {});
    expect(readdirSync(folder)).toEqual([]);
    lockOf(lock, { id: "a" });
    lockOf(`${lock}.a`, { id: "a" });
    expect(() => lockFolder(folder)).toThrow(/^lock: expected a folder that can be written, .*EEXIST/);
  });

  test("follows those who ended while they took over, and the next write clears away after them", () => {
    const folder = temporaryFolder();
    const lock = join(folder, "seqgrad.lock");
    lockOf(lock, { id: "a" });
    lockOf(`${lock}.a`, { id: "b" });
    lockOf(`${lock}.b`, { id: "c", pid: process.pid, began: beginOf(process.pid) });
    expect(() => lockFolder(folder)).toThrow(`process ${process.pid} (this one)`);
    lockOf(`${lock}.b`, { id: "c" });
    lockOf(`${lock}.x`, { id: "y", pid: process.pid }); // of no chain
    writeFiles(folder, { model: "1" });
    expect(contents(folder)).toEqual({ model: "1" });
  });

  test("makes the folder, and removes what it made if nothing came into it", () => {
    const parent = temporaryFolder();
    const deep = join(parent, "a", "b");
    const release = lockFolder(deep);
    mkdirSync(join(parent, "a", "other"));
    release();
    expect(readdirSync(join(parent, "a"))).toEqual(["other"]);
    lockFolder(`${deep}/`)();
    writeFiles(deep, { model: "1" });
    expect(contents(parent)).toEqual({ [join("a", "b", "model")]: "1" });
  });

  test("checkWritable finds out the same, in its caller's name, and leaves nothing behind", () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, "empty"));
    writeFiles(join(parent, "full"), { model: "1" });
    const release = lockFolder(join(parent, "taken"));
    const before = readdirSync(parent, { recursive: true });
    for (const name of ["empty", "full", "full/", join("new", "deep", "er"), "new/"]) {
      checkWritable("train", `${parent}/${name}`);
    }
    expect(() => checkWritable("train", join(parent, "taken"))).toThrow(
      /^train: expected a folder that nobody writes to/,
    );
    expect(() => checkWritable("train", join(parent, "full", "model"))).toThrow(
      /^train: expected a folder that can be/,
    );
    expect(readdirSync(parent, { recursive: true })).toEqual(before);
    release();
  });

  test("refuses what is no folder or cannot be made, and leaves nothing", () => {
    const parent = temporaryFolder();
    writeFileSync(join(parent, "file"), "mine");
    symlinkSync(join(parent, "nowhere"), join(parent, "link"));
    const paths = ["file", join("file", "model"), join("file", "a", "b"), "link"].map((name) => join(parent, name));
    for (const path of existsSync("/proc/self") ? [...paths, "/proc/model"] : paths) {
      expect(() => lockFolder(path)).toThrow(`lock: expected a folder that can be written, got ${path}: E`);
    }
    expect(readdirSync(parent).sort()).toEqual(["file", "link"]);
    expect(readFileSync(join(parent, "file"), "utf8")).toBe("mine");
  });
});

/** What releases the folder; null when another has it. */
function tryToTake(folder: string): (() => void) | null {
  try {
    return lockFolder(folder);
  } catch (error) {
    expect((error as Error).message).toMatch(/^lock: expected a folder that nobody writes to/);
    return null;
  }
}

/** How one folder may look to several that come at once. */
const beginnings: Record<string, (folder: string) => void> = {
  "no folder": () => {},
  "no lock": (folder) => mkdirSync(folder),
  "a lock left behind": (folder) => {
    mkdirSync(folder);
    lockOf(join(folder, "seqgrad.lock"));
  },
  "a chain left behind": (folder) => {
    mkdirSync(folder);
    lockOf(join(folder, "seqgrad.lock"));
    lockOf(join(folder, "seqgrad.lock.a"), { id: "b" });
  },
};

/** What others do meanwhile: take it, give it back, come twice. */
const others: Record<string, string> = {
  "another takes it": "take",
  "another takes it and gives it back": "take release",
  "another takes it and gives it back, and a third takes it": "take release take",
  "another takes it, writes and gives it back": "take write release",
};

describe.each(Object.keys(beginnings))("of several that come to %s", (beginning) => {
  test.each(Object.keys(others))("exactly one has it, at whatever moment %s", (doing) => {
    const outcomes = new Set<string>();
    for (let step = 0, isOver = false; !isOver; step++) {
      const folder = join(temporaryFolder(), "model");
      beginnings[beginning](folder);
      let first: (() => void) | null = null;
      let other: (() => void) | null = null;
      const meanwhile = (): void => {
        for (const what of others[doing].split(" ")) {
          if (what === "take") other = tryToTake(folder);
          else if (other && what === "write") writeFileSync(join(folder, "model"), "1");
          else if (other && what === "release") {
            other();
            other = null;
          }
          if (other) outcomes.add("another");
        }
      };
      const take = (): void => {
        first = tryToTake(folder);
      };
      isOver = !interrupted(step, take, meanwhile);
      if (isOver) meanwhile();
      const holding = [first, other].filter((release) => release !== null) as (() => void)[];
      if (first) outcomes.add("the first");
      expect(holding.length).toBe(1);
      expect(tryToTake(folder)).toBeNull();
      holding[0]();
      expect(existsSync(join(folder, "seqgrad.lock"))).toBe(false);
    }
    expect([...outcomes].sort()).toEqual(["another", "the first"]);
  });
});

function beginOf(pid: number): string {
  const stat = existsSync("/proc/self/stat") ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
