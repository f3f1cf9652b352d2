/** Where the files are, by name, and where a lock is that a page has to keep itself. */
export const FILES = "files";
export const LOCKS = "locks";

/** Asks for what a transaction is to do, at once and not later. `fail` ends it with nothing done, for this reason. */
type Work<T> = (transaction: IDBTransaction, fail: (reason: Error) => void) => IDBRequest<T> | undefined;

/**
 * A page's database, made when it is first asked for something. It is opened anew for each transaction: one that stayed
 * open would be in the way of whoever clears the site's data, and be of no use after.
 */
export class Database {
  readonly #factory: IDBFactory | undefined;
  readonly #name: string;

  constructor(factory: IDBFactory | undefined, name: string) {
    this.#factory = factory;
    this.#name = name;
  }

  /**
   * All that `work` asks for is done when this resolves, or nothing is when it throws; the message begins with `doing`.
   * Resolves with the result of the request that `work` returns.
   */
  async transact<T>(doing: string, mode: IDBTransactionMode, work: Work<T>): Promise<T | undefined> {
    if (!this.#factory) throw new Error(`${doing}: expected a page with IndexedDB, got an environment without`);
    let database: IDBDatabase | undefined;
    try {
      database = await open(this.#factory, this.#name);
      return await whole(database.transaction([FILES, LOCKS], mode, { durability: "strict" }), work);
    } catch (error) {
      throw new Error(`${doing}: ${plainly(error as Error)}`, { cause: error });
    } finally {
      database?.close();
    }
  }
}

function open(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = factory.open(name, 1);
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => {
      for (const store of [FILES, LOCKS]) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function whole<T>(transaction: IDBTransaction, work: Work<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let failure: Error | null = null;
    const fail = (reason: Error): void => {
      failure = reason;
      transaction.abort();
    };
    let request: IDBRequest<T> | undefined;
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(failure ?? transaction.error ?? new DOMException("", "AbortError"));
    try {
      request = work(transaction, fail);
    } catch (error) {
      fail(error as Error);
    }
  });
}

/** What went wrong, in words of what somebody before the page can see. */
function plainly({ name, message }: Error): string {
  if (name === "QuotaExceededError") return "expected room for the files, got none left for this site";
  if (!["AbortError", "InvalidStateError", "UnknownError"].includes(name)) return message;
  const why = message === "" ? "" : ` (${message})`;
  return `expected the page's database to stay open, got it closed: data of the site was cleared, or a disk failed${why}`;
}
