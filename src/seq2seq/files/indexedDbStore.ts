import { Database, FILES } from "./database.js";
import { lockByManager, lockByRow, type PageLock } from "./pageLock.js";
import { bytesOf, checkFiles, checkName, type Files, type Store } from "./store.js";

/**
 * A {@link Store} that a page keeps: a database of its site, from one visit to the next. The browser may clear it when
 * the disk is full, unless the page has asked for `navigator.storage.persist()`. A browser that is killed leaves what was
 * written whole; but a Chromium killed within a write may throw the database away when it is opened for the second time
 * after, as its log is damaged: keep a copy elsewhere of a model that took long. Not in Node.
 *
 * @example
 * const store = new IndexedDbStore("model");
 * await store.write(translator.files());
 */
export class IndexedDbStore implements Store {
  readonly name: string;
  readonly #id: string;
  readonly #database: Database;
  #lock: PageLock | null = null;

  constructor(name: string) {
    this.name = `"${name}" in the page's database`;
    this.#id = `seqgrad/${name}`;
    this.#database = new Database(globalThis.indexedDB, this.#id);
  }

  async read(name: string): Promise<Uint8Array | null> {
    checkName(name);
    const bytes = await this.#database.transact(
      this.#doing("read"),
      "readonly",
      (transaction): IDBRequest<Uint8Array | undefined> => transaction.objectStore(FILES).get(name),
    );
    return bytes ?? null;
  }

  async write(files: Files, remove: readonly string[] = []): Promise<void> {
    checkFiles(files, remove);
    const copies = new Map(Object.entries(files).map(([name, content]) => [name, bytesOf(content)]));
    if (this.#lock) return this.#replace(copies, remove, this.#lock);
    const release = await this.lock();
    try {
      await this.#replace(copies, remove, this.#lock);
    } finally {
      await release();
    }
  }

  async list(): Promise<string[]> {
    const names = await this.#database.transact(this.#doing("list"), "readonly", (transaction) =>
      transaction.objectStore(FILES).getAllKeys(),
    );
    return (names as string[]).sort();
  }

  async lock(): Promise<() => Promise<void>> {
    const locks = globalThis.navigator?.locks;
    const taken = `expected a store that nobody writes to, got ${this.name}, which this page or another has taken`;
    const lock = locks
      ? await lockByManager(locks, this.#id, `lock: ${taken}`)
      : await lockByRow(this.#database, "lock", taken);
    this.#lock = lock;
    return async () => {
      if (this.#lock === lock) this.#lock = null;
      await lock.release();
    };
  }

  #replace(files: ReadonlyMap<string, Uint8Array>, remove: readonly string[], lock: PageLock | null): Promise<void> {
    return this.#database.transact(this.#doing("write"), "readwrite", (transaction, fail): undefined => {
      lock?.check(transaction, fail);
      const store = transaction.objectStore(FILES);
      for (const [name, bytes] of files) store.put(bytes, name);
      for (const name of remove) store.delete(name);
    });
  }

  #doing(what: string): string {
    return `${what}: ${this.name}`;
  }
}
