import { parseJSON } from "../../json.js";
import { asObject } from "../../options.js";
import { fileSystem, syncFolder, writeSynced } from "./disk.js";
import { freshName, isLeftover, JOURNAL } from "./reserved.js";
import { checkFiles, checkName, type Files } from "./store.js";

/**
 * Several files of a folder replaced in one move. Each new one is written beside its place (`NAME.seqgrad.new`), then a
 * journal that lists them is renamed into being: that is the moment from which they count. Only then are they moved into
 * place, by whoever comes first should the writer be gone, and the journal is removed. Readers go by the journal (see
 * `readFiles`), so that at every moment there is one complete set of files, the old or the new.
 */
export interface Journal {
  /** Tells two journals of the same files apart. */
  readonly id: string;
  readonly write: readonly string[];
  readonly remove: readonly string[];
}

/**
 * Replaces these files of a folder and removes those, all in one move, on the disk when it returns. The caller holds the
 * folder's lock. Throws `Error` when something cannot be written; before the moment from which the new files count, all
 * is then as it was.
 */
export function replaceFiles(folder: string, files: Files, remove: readonly string[] = []): void {
  const fs = fileSystem();
  checkFiles(files, remove);
  const names = Object.keys(files);
  try {
    finishMoves(folder);
    for (const name of [...names, ...remove]) checkPlace(`${folder}/${name}`);
    for (const name of names) writeSynced(`${folder}/${freshName(name)}`, files[name]);
    if (names.length === 1 && remove.length === 0) {
      fs.renameSync(`${folder}/${freshName(names[0])}`, `${folder}/${names[0]}`); // one move needs no journal
      syncFolder(folder);
    } else if (names.length + remove.length > 0) {
      commit(folder, { id: globalThis.crypto.randomUUID(), write: names, remove });
      finishMoves(folder);
    }
  } catch (error) {
    try {
      finishMoves(folder); // forward where the journal stands, back where it does not
    } catch {
      // the next writer does it
    }
    // Where the disk is full, Node's own message names no file.
    throw new Error(`write: ${folder}: ${(error as Error).message}`, { cause: error });
  }
}

/** The moves that count but have not all been made; null when there are none. Throws `Error` on a broken journal. */
export function readJournal(folder: string): Journal | null {
  const path = `${folder}/${JOURNAL}`;
  const fs = fileSystem();
  if (!fs.statSync(path, { throwIfNoEntry: false })) return null;
  let text: string;
  try {
    text = fs.readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null; // its writer has just finished
    throw error;
  }
  try {
    const { id, write, remove } = asObject("journal", "an object", parseJSON(text)) as Partial<Journal>;
    if (typeof id !== "string" || !Array.isArray(write) || !Array.isArray(remove)) {
      throw new TypeError("expected an id, names to write and names to remove");
    }
    for (const name of [...write, ...remove]) checkName(name); // a path would lead out of the folder
    return { id, write, remove };
  } catch (error) {
    throw new Error(`${path}: expected a list of files: ${(error as Error).message}`, { cause: error });
  }
}

/** Makes what the journal lists, if there is one, and removes what writers without one have left behind. */
export function finishMoves(folder: string): void {
  const fs = fileSystem();
  const journal = readJournal(folder);
  if (journal) {
    for (const name of journal.write) {
      const fresh = `${folder}/${freshName(name)}`;
      if (fs.existsSync(fresh)) fs.renameSync(fresh, `${folder}/${name}`);
    }
    for (const name of journal.remove) fs.rmSync(`${folder}/${name}`, { force: true });
    syncFolder(folder);
    fs.rmSync(`${folder}/${JOURNAL}`);
    syncFolder(folder); // it must not come back beside files that are written next
  }
  for (const name of fs.readdirSync(folder)) {
    if (isLeftover(name)) fs.rmSync(`${folder}/${name}`, { force: true });
  }
}

/** The moment from which new files count: the journal's own rename. All that it lists is on the disk before. */
function commit(folder: string, journal: Journal): void {
  writeSynced(`${folder}/${freshName(JOURNAL)}`, JSON.stringify(journal));
  syncFolder(folder);
  fileSystem().renameSync(`${folder}/${freshName(JOURNAL)}`, `${folder}/${JOURNAL}`);
  syncFolder(folder);
}

/** Throws `Error` where a folder is in the way: found out after the commit, it would be in the way for good. */
function checkPlace(path: string): void {
  if (fileSystem().lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`expected a file to replace, got ${path}, which is a folder`);
  }
}
