import { asObject, checkOptions, text } from "../../options.js";
import { bytesOf, checkFiles, checkName, type Files, type Store } from "./store.js";

const OPTIONS = { name: text() };

/**
 * A {@link Store} in memory: for tests, for a page that keeps nothing, for a run whose files go elsewhere.
 *
 * @example
 * const store = new MemoryStore();
 * await store.write({ "config.json": "{}" });
 * await store.list(); // ["config.json"]
 */
export class MemoryStore implements Store {
  readonly name: string;
  readonly #files = new Map<string, Uint8Array>();
  #isLocked = false;

  /** With these files to begin with. */
  constructor(files: Files = {}, options: { readonly name?: string } = {}) {
    asObject("MemoryStore", "files by name", files);
    checkOptions("MemoryStore", OPTIONS, options);
    const { name = "memory" } = options;
    checkFiles(files, []);
    this.name = name;
    this.#replace(files, []);
  }

  async read(name: string): Promise<Uint8Array | null> {
    checkName(name);
    const bytes = this.#files.get(name);
    return bytes ? bytesOf(bytes) : null; // a copy: what the reader does with it is not written
  }

  async write(files: Files, remove: readonly string[] = []): Promise<void> {
    checkFiles(files, remove);
    this.#replace(files, remove);
  }

  async list(): Promise<string[]> {
    return [...this.#files.keys()].sort();
  }

  async lock(): Promise<() => Promise<void>> {
    if (this.#isLocked) {
      throw new Error(`lock: expected a store that nobody writes to, got ${this.name}, which this program writes to`);
    }
    this.#isLocked = true;
    let isOver = false;
    return async () => {
      if (!isOver) this.#isLocked = false;
      isOver = true;
    };
  }

  #replace(files: Files, remove: readonly string[]): void {
    const copies = Object.entries(files).map(([name, content]) => [name, bytesOf(content)] as const);
    for (const [name, bytes] of copies) this.#files.set(name, bytes);
    for (const name of remove) this.#files.delete(name);
  }
}
