import { describe, test } from "vitest";
import { MemoryStore } from "../../../src/seq2seq/files/memoryStore.js";
import { same, storeCases } from "./storeCases.js";

describe("MemoryStore", () => {
  for (const [name, run] of Object.entries(storeCases)) {
    test(name, () => {
      const store = new MemoryStore();
      return run(() => store);
    });
  }

  test("begins with the files it is given", async () => {
    const store = new MemoryStore({ b: "2", a: Uint8Array.of(1) }, { name: "my model" });
    same([store.name, await store.list()], ["my model", ["a", "b"]]);
  });
});
