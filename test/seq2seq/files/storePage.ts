/** What a page does that tests its stores: every case, with the browser's locks and without. */
import { IndexedDbStore } from "../../../src/seq2seq/files/indexedDbStore.js";
import { same, sharedStoreCases, storeCases } from "./storeCases.js";

const cases: typeof storeCases = {
  ...storeCases,
  ...sharedStoreCases,

  async "a write that fails half-way has done nothing, and says in plain words why"(open) {
    const store = open();
    await store.write({ a: "1", b: "2" });
    for (const [name, message] of Object.entries({
      QuotaExceededError: /^write: "\S+" in the page's database: expected room for the files, got none left/,
      UnknownError: /^write: .*: expected the page's database to stay open, got it closed: .* \(thrown\)$/,
      DataError: /^write: .*: thrown$/,
    })) {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (value, key) {
        if (key === "c") throw new DOMException("thrown", name);
        return put.call(this, value, key);
      };
      const failure = await store
        .write({ a: "3", c: "4", d: "5" }, ["b"])
        .then(String, (error: Error) => error.message);
      IDBObjectStore.prototype.put = put;
      if (!message.test(failure)) throw new Error(failure);
      same(await store.list(), ["a", "b"]);
      same(await store.read("a"), new TextEncoder().encode("1"));
    }
  },

  async "a database that is cleared between two calls is empty then, and can be written"(open) {
    const store = open();
    await store.write({ a: "1" });
    for (const { name } of await indexedDB.databases()) {
      await new Promise((resolve) => {
        indexedDB.deleteDatabase(name!).onsuccess = resolve;
      });
    }
    same(await store.list(), []);
    await store.write({ b: "2" });
    same(await store.list(), ["b"]);
  },
};

const withoutLocks: typeof storeCases = {
  async "a row that nobody has refreshed for minutes is taken over, and its holder writes no more"(open) {
    const now = Date.now;
    const first = open();
    const release = await first.lock();
    await first.write({ a: "1" });
    Date.now = () => now() + 200_000;
    const second = open();
    const releaseSecond = await second.lock();
    const failure = await first.write({ a: "2" }).then(String, (error: Error) => error.message);
    if (!/^write: .*: expected to have the lock still, got another/.test(failure)) throw new Error(failure);
    await release(); // of what is another's by now
    await second.write({ b: "3" });
    same(await second.list(), ["a", "b"]);
    await releaseSecond();
    Date.now = now;
  },
};

async function results(kind: string, some: typeof storeCases): Promise<[string, string][]> {
  const outcomes: [string, string][] = [];
  for (const [name, run] of Object.entries(some)) {
    const database = `${kind}-${outcomes.length}`;
    const outcome = await run(() => new IndexedDbStore(database)).then(
      () => "ok",
      (error: Error) => String(error.stack),
    );
    outcomes.push([`${kind}: ${name}`, outcome]);
  }
  return outcomes;
}

const all = await results("locks", cases);
if (!navigator.locks) throw new Error("expected a browser with locks");
Object.defineProperty(navigator, "locks", { value: undefined });
all.push(...(await results("rows", { ...cases, ...withoutLocks })));
await fetch("/", { method: "POST", body: JSON.stringify(all) });
