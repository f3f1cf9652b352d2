import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { fileSystem, holds, makeFolder, syncFolder, writeSynced } from "../../../src/seq2seq/files/disk.js";
import { temporaryFolder } from "../../support/folder.js";

test("writeSynced writes text and bytes, in the place of what was there", () => {
  const path = join(temporaryFolder(), "file");
  writeSynced(path, "something longer");
  writeSynced(path, "é");
  expect(readFileSync(path, "utf8")).toBe("é");
  writeSynced(path, Uint8Array.of(0, 255));
  expect([...readFileSync(path)]).toEqual([0, 255]);
});

test("syncFolder is told of a folder that is not there", () => {
  const parent = temporaryFolder();
  syncFolder(parent);
  expect(() => syncFolder(join(parent, "absent"))).toThrow("ENOENT");
});

test("makeFolder makes those above it too, and notes what it made", () => {
  const parent = temporaryFolder();
  mkdirSync(join(parent, "a"));
  const made: string[] = [];
  makeFolder(join(parent, "a", "b", "c"), made);
  makeFolder(join(parent, "a", "b", "c"), made);
  expect(made).toEqual([join(parent, "a", "b"), join(parent, "a", "b", "c")]);
  expect(readdirSync(parent, { recursive: true })).toEqual(["a", join("a", "b"), join("a", "b", "c")]);
});

test("a link to nowhere is something that is there", () => {
  const parent = temporaryFolder();
  symlinkSync(join(parent, "nowhere"), join(parent, "link"));
  writeFileSync(join(parent, "file"), "");
  const names = ["link", "nowhere", join("link", "a"), "file", join("file", "a")];
  expect(names.map((name) => holds(join(parent, name)))).toEqual([true, false, false, true, false]);
});

test("an environment without a file system is told from a Node.js without the one way to it", () => {
  onTestFinished(() => void vi.unstubAllGlobals());
  vi.stubGlobal("process", { versions: { node: "22.2.0" } });
  expect(fileSystem).toThrow("files: expected Node.js 20.16 and later or 22.3 and later, got 22.2.0");
  vi.stubGlobal("process", undefined);
  expect(fileSystem).toThrow("files: expected Node's file system, got an environment without one");
});
