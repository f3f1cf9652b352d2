import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { writeFiles } from "../../../src/seq2seq/files/folderStore.js";
import { lockFolder } from "../../../src/seq2seq/files/lock.js";
import { checkReplaceable, outdated } from "../../../src/seq2seq/files/modelFolder.js";
import { contents, temporaryFolder } from "../../support/folder.js";

const check = (path: string, overwrite = false): void => checkReplaceable("train", path, overwrite, "a way to do it");

/** Everything that a run, the command and `npm start` put into a model's folder. */
const MODEL = {
  "config.json": "",
  "source.json": "",
  "target.json": "",
  "model.safetensors": "",
  "checkpoint.safetensors": "",
  "history.json": "",
  "settings.json": "",
  "curves.svg": "",
  "attention.svg": "",
};

/** What may lie about after a run was killed, and while another one runs. */
const LEFTOVERS = ["seqgrad.lock", "seqgrad.lock.1-2", "model.safetensors.seqgrad.new", "seqgrad.journal.seqgrad.new"];

describe("checkReplaceable", () => {
  test("takes a place with nothing in it, be it after a run that was killed before it saved anything", () => {
    const folder = join(temporaryFolder(), "model");
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    check(join(folder, "absent", "deep"));
    mkdirSync(folder);
    check(folder);
    check(link);
    onTestFinished(lockFolder(folder));
    for (const name of LEFTOVERS) writeFileSync(join(folder, name), "");
    check(folder);
    check(folder, true);
  });

  test("takes a model only if it is to be overwritten, all of it", () => {
    const folder = temporaryFolder();
    writeFiles(folder, MODEL);
    for (const name of LEFTOVERS) writeFileSync(join(folder, name), "");
    check(folder, true);
    expect(() => check(folder)).toThrow(
      `train: expected an empty or absent folder, got ${folder}, which holds something (a way to do it)`,
    );
  });

  test("takes new files that count, but are not in their places yet, for a model", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "config.json.seqgrad.new"), "");
    writeFileSync(join(folder, "seqgrad.journal"), '{"id":"1","write":["config.json"],"remove":[]}');
    expect(() => check(folder)).toThrow("which holds something");
    check(folder, true);
  });

  test.each([
    ["a file", (path: string) => writeFileSync(path, "mine"), "which is no folder"],
    ["a link to nowhere", (path: string) => symlinkSync(`${path}-gone`, path), "which is no folder"],
    ["a picture of one's own", (path: string) => writeFiles(path, { ...MODEL, "cat.svg": "" }), "holds cat.svg too"],
    ["a text called new", (path: string) => writeFiles(path, { "config.json.new": "" }), "holds config.json.new too"],
    [
      "a folder in it",
      (path: string) => mkdirSync(join(path, "config.json"), { recursive: true }),
      "holds config.json",
    ],
  ])("never takes %s", (_, make, message) => {
    const path = join(temporaryFolder(), "model");
    make(path);
    expect(() => check(path, true)).toThrow(message);
    expect(() => check(path)).toThrow("which holds something");
  });
});

test("outdated names what a new model removes of the one before it", () => {
  const folder = temporaryFolder();
  const saved = { "config.json": "new", "model.safetensors": "new" };
  writeFiles(folder, { ...MODEL, "notes.txt": "mine" });
  writeFiles(folder, saved, outdated(saved));
  expect(contents(folder)).toEqual({ ...saved, "notes.txt": "mine" });
});
