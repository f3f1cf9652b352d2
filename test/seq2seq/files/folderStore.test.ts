import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FolderStore } from "../../../src/seq2seq/files/folderStore.js";
import { contents, temporaryFolder } from "../../support/folder.js";
import { sharedStoreCases, storeCases } from "./storeCases.js";

describe("FolderStore", () => {
  for (const [name, run] of Object.entries({ ...storeCases, ...sharedStoreCases })) {
    test(name, () => {
      const path = join(temporaryFolder(), "deeply", "nested");
      return run(() => new FolderStore(path));
    });
  }

  test("leaves the files and nothing else", async () => {
    const parent = temporaryFolder();
    const store = new FolderStore(`${parent}/model/`);
    await store.write({ a: "1", b: Uint8Array.of(0, 255) });
    await store.write({ a: "2" }, ["b"]);
    expect(contents(parent)).toEqual({ [join("model", "a")]: "2" });
  });

  test("reading and listing make nothing, a lock that nothing follows leaves nothing", async () => {
    const parent = temporaryFolder();
    const store = new FolderStore(join(parent, "new", "deep"));
    expect([await store.read("a"), await store.list()]).toEqual([null, []]);
    expect(readdirSync(parent)).toEqual([]);
    const release = await store.lock();
    expect(readdirSync(join(parent, "new", "deep"))).toEqual(["seqgrad.lock"]);
    await release();
    expect(readdirSync(parent)).toEqual([]);
  });

  test("whoever locks it makes the moves that a killed writer has left, though nothing is written", async () => {
    const path = temporaryFolder();
    writeFileSync(join(path, "a"), "old");
    for (const name of ["a", "c"]) writeFileSync(join(path, `${name}.seqgrad.new`), "new");
    writeFileSync(join(path, "seqgrad.journal"), JSON.stringify({ id: "1", write: ["a"], remove: [] }));
    const release = await new FolderStore(path).lock();
    await release();
    expect(contents(path)).toEqual({ a: "new" });
    writeFileSync(join(path, "seqgrad.journal"), "{");
    await expect(new FolderStore(path).lock()).rejects.toThrow(/seqgrad.journal: expected a list of files/);
    expect(Object.keys(contents(path)).sort()).toEqual(["a", "seqgrad.journal"]); // and no lock
  });

  test("fills the current folder and the one a link leads to, and leaves what it does not know", async () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, "disk", "own"), { recursive: true });
    writeFileSync(join(parent, "disk", "notes.new"), "mine");
    symlinkSync(join(parent, "disk"), join(parent, "link"));
    await new FolderStore(join(parent, "link")).write({ a: "1", b: "2" });
    const before = process.cwd();
    try {
      process.chdir(join(parent, "disk"));
      await new FolderStore(".").write({ b: "3" });
    } finally {
      process.chdir(before);
    }
    expect(contents(join(parent, "disk"))).toEqual({ a: "1", b: "3", "notes.new": "mine" });
    expect(readdirSync(parent).sort()).toEqual(["disk", "link"]);
    expect(await new FolderStore(join(parent, "link")).list()).toEqual(["a", "b", "notes.new"]);
  });

  test("keeps everything as it was where a folder is in the way", async () => {
    const folder = temporaryFolder();
    const store = new FolderStore(folder);
    await store.write({ a: "1" });
    mkdirSync(join(folder, "taken"));
    await expect(store.write({ a: "2", taken: "3" })).rejects.toThrow(
      /^write: .*expected a file to replace, got .*taken/,
    );
    await expect(store.write({ a: "2" }, ["taken"])).rejects.toThrow(/^write: .*which is a folder/);
    await expect(store.read("taken")).rejects.toThrow(/^read: .*taken: expected a file, got a folder$/);
    expect(contents(folder)).toEqual({ a: "1" });
    expect(readdirSync(folder).sort()).toEqual(["a", "taken"]);
  });
});
