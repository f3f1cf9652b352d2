import { checkText } from "../text/checkText.js";
import { blaming } from "./blaming.js";
import { finishMoves, replaceFiles } from "./journal.js";
import { lockFolder } from "./lock.js";
import { listFiles, readFiles } from "./readFiles.js";
import { checkName, type Files, type Store } from "./store.js";

/**
 * A {@link Store} in a folder, in Node. The folder is made when it is first written or locked; it may be a link, a mount
 * point or the current one, as it is never moved itself.
 *
 * @example
 * const store = new FolderStore("model");
 * const release = await store.lock();
 * await store.write({ "config.json": config, "model.safetensors": weights });
 * await release();
 */
export class FolderStore implements Store {
  /** The folder's path. */
  readonly name: string;
  #isLocked = false;

  constructor(path: string) {
    checkText("FolderStore", path);
    this.name = path;
  }

  async read(name: string): Promise<Uint8Array | null> {
    checkName(name);
    return blaming("read: ", () => Object.values(readFiles(this.name, [name]))[0] ?? null);
  }

  async write(files: Files, remove: readonly string[] = []): Promise<void> {
    if (this.#isLocked) replaceFiles(this.name, files, remove);
    else writeFiles(this.name, files, remove);
  }

  async list(): Promise<string[]> {
    return listFiles(this.name);
  }

  async lock(): Promise<() => Promise<void>> {
    const release = lockFolder(this.name);
    try {
      finishMoves(this.name); // who resumes a run that is over writes nothing
    } catch (error) {
      release();
      throw error;
    }
    this.#isLocked = true;
    let isOver = false;
    return async () => {
      if (isOver) return;
      isOver = true;
      this.#isLocked = false;
      release();
    };
  }
}

/** What {@link FolderStore}'s `write` does, at once: for what has no store, and takes the folder for this one move. */
export function writeFiles(folder: string, files: Files, remove: readonly string[] = []): void {
  const release = lockFolder(folder);
  try {
    replaceFiles(folder, files, remove);
  } finally {
    release();
  }
}
