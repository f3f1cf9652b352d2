import { expect, test } from "vitest";
import { IndexedDbStore } from "../../../src/seq2seq/files/indexedDbStore.js";
import { Generator } from "../../../src/tensor/index.js";
import { bundle } from "../../support/bundle.js";
import { chromium, Visitor } from "../../support/chromium.js";
import { stateOf } from "./states.js";
import { sharedStoreCases, storeCases } from "./storeCases.js";

/** A visitor to a page that runs this program. */
async function visitorOf(program: string): Promise<Visitor> {
  const script = await bundle(program, "browser");
  return Visitor.to({
    "/": {
      type: "text/html",
      body: '<!doctype html><meta charset="utf-8"><script type="module" src="/it.js"></script>',
    },
    "/it.js": { type: "text/javascript", body: script },
  });
}

test.skipIf(!chromium)("in a page, every case holds, with the browser's locks and without", async () => {
  const visitor = await visitorOf("test/seq2seq/files/storePage.ts");
  let told: [string, string][] = [];
  await visitor.visit(chromium!, (message) => {
    told = JSON.parse(message);
    return true;
  });
  expect(told.filter(([, outcome]) => outcome !== "ok")).toEqual([]);
  const shared = Object.keys({ ...storeCases, ...sharedStoreCases });
  const names = told.map(([name]) => name);
  for (const kind of ["locks", "rows"]) {
    expect(names).toEqual(expect.arrayContaining(shared.map((name) => `${kind}: ${name}`)));
  }
});

// Each time with a new database: a Chromium killed within a write leaves half a record at the end of its log, writes on
// behind it when it is next opened, and when it is opened after that, finds its log damaged and throws the database away.
test.skipIf(!chromium)("when the browser is killed between two words of a page, one whole state is left", async () => {
  const generator = new Generator(1);
  const visitor = await visitorOf("test/seq2seq/files/writerPage.ts");
  for (let kill = 0; kill < 2; kill++) {
    const last = 2 + Math.floor(generator.random() * 10);
    let wrote = -1;
    await visitor.visit(chromium!, (message) => {
      wrote = (JSON.parse(message) as { wrote?: number }).wrote ?? wrote;
      return wrote >= last;
    });
    let found: Record<string, string> | undefined;
    await visitor.visit(chromium!, (message) => {
      found ??= (JSON.parse(message) as { found: Record<string, string> }).found;
      return true;
    });
    const n = Number(found?.["config.json"]);
    expect([wrote, wrote + 1]).toContain(n); // it may have been killed before it said so
    expect(found).toEqual(stateOf(n));
    visitor.forget();
  }
});

test("without a page it says so", async () => {
  const store = new IndexedDbStore("model");
  const what = /"model" in the page's database: expected a page with IndexedDB, got an environment without$/;
  await expect(store.read("a")).rejects.toThrow(what);
  await expect(store.list()).rejects.toThrow(what);
  await expect(store.write({ a: "1" })).rejects.toThrow(/expected a page with IndexedDB, got an environment without$/);
});
