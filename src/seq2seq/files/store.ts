import { show } from "../../show.js";
import { isReserved } from "./reserved.js";

/** Files by name: bytes, or text that is kept as UTF-8. */
export type Files = Readonly<Record<string, Uint8Array | string>>;

/**
 * Where a run keeps what it makes: a folder ({@link FolderStore}), memory ({@link MemoryStore}), a page's database
 * ({@link IndexedDbStore}).
 */
export interface Store {
  /** For messages, such as a folder's path. */
  readonly name: string;
  /** A file's bytes; null when there is none of this name. */
  read(name: string): Promise<Uint8Array | null>;
  /**
   * Replaces (or adds) these files and removes those, together: after a crash at any moment all of it is done, or nothing
   * is. Other files stay; a name to `remove` may be absent. Takes the lock for itself unless this store has it. Throws
   * `TypeError` on names or contents that no store can keep, before anything has changed.
   */
  write(files: Files, remove?: readonly string[]): Promise<void>;
  /** The names of all files, sorted. */
  list(): Promise<string[]>;
  /** Takes the store for one writer; throws `Error` naming who has it. Returns what releases it. */
  lock(): Promise<() => Promise<void>>;
}

/** Throws `TypeError` unless every store can keep these files and remove those: plain names, each once. */
export function checkFiles(files: Files, remove: readonly string[]): void {
  for (const name of [...Object.keys(files), ...remove]) checkName(name);
  for (const [name, content] of Object.entries(files)) {
    if (typeof content !== "string" && !(content instanceof Uint8Array)) {
      throw new TypeError(`store: ${name}: expected text or a Uint8Array, got ${typeof content}`);
    }
  }
  const both = remove.find((name) => Object.hasOwn(files, name));
  if (both !== undefined) throw new TypeError(`store: expected ${both} to be written or removed, got both`);
}

/** Throws `TypeError` unless this is the name of a file, and not a path, nor a name that stores keep for themselves. */
export function checkName(name: string): void {
  const isPlain = typeof name === "string" && /^[^/\\:\0]{1,200}$/.test(name) && !/^\.{1,2}$/.test(name);
  if (!isPlain || isReserved(name)) {
    throw new TypeError(`store: expected a file's name without a path, got ${show(name)}`);
  }
}

/**
 * A copy of a file's content as bytes.
 * @internal
 */
export function bytesOf(content: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
}
