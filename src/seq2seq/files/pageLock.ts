import { type Database, LOCKS } from "./database.js";

/** One taking of a page's store. */
export interface PageLock {
  /** Fails a transaction when another has the store by now. */
  check(transaction: IDBTransaction, fail: (reason: Error) => void): void;
  release(): Promise<void>;
}

/** How often a row's holder says that it is still there, and how long it is believed: a hidden page runs its timers
 * once a minute. */
const REFRESH_MS = 20_000;
const BELIEVED_MS = 180_000;

/** The row, in the one place there is for it. */
interface Row {
  readonly id: string;
  readonly since: string;
  readonly at: number;
}
const KEY = "holder";

/** Takes a store by the browser's own locks, which end with the page. Throws `Error` when it is taken. */
export async function lockByManager(locks: LockManager, name: string, taken: string): Promise<PageLock> {
  return new Promise((resolve, reject) => {
    const over = locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) throw new Error(taken);
      return new Promise<void>((free) => {
        const release = async (): Promise<void> => {
          free();
          await over; // only then may another have it
        };
        resolve({ check: () => {}, release });
      });
    });
    over.catch(reject);
  });
}

/**
 * The same in a page that has no locks, as it came without https: a row says who has the store, and when it was last
 * there. After minutes without a word another may take it.
 */
export async function lockByRow(database: Database, doing: string, taken: string): Promise<PageLock> {
  const own = { id: globalThis.crypto.getRandomValues(new Uint32Array(4)).join("-"), since: new Date().toISOString() };
  const withRow = (then: (row: Row | undefined, rows: IDBObjectStore, fail: (reason: Error) => void) => void) =>
    database.transact(doing, "readwrite", (transaction, fail) => {
      const rows = transaction.objectStore(LOCKS);
      const get: IDBRequest<Row | undefined> = rows.get(KEY);
      get.onsuccess = () => then(get.result, rows, fail);
      return undefined;
    });
  const put = (rows: IDBObjectStore): void => void rows.put({ ...own, at: Date.now() }, KEY);

  await withRow((row, rows, fail) => {
    if (row && Math.abs(Date.now() - row.at) < BELIEVED_MS) fail(new Error(`${taken}, since ${row.since}`));
    else put(rows);
  });
  const refresh = (): void => {
    // One that fails is no loss: the next comes soon.
    withRow((row, rows) => row?.id === own.id && put(rows)).catch(() => {});
  };
  const timer = setInterval(refresh, REFRESH_MS);
  return {
    check: (transaction, fail) => {
      const get: IDBRequest<Row | undefined> = transaction.objectStore(LOCKS).get(KEY);
      get.onsuccess = () => {
        if (get.result?.id !== own.id)
          fail(new Error("expected to have the lock still, got another that took it over"));
      };
    },
    release: async () => {
      clearInterval(timer);
      await withRow((row, rows) => row?.id === own.id && rows.delete(KEY));
    },
  };
}
