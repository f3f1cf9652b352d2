/**
 * The file system, asked for only when something is read or written, so that everything else also runs in a page.
 */
import { isReserved, JOURNAL } from "./reserved.js";

/** Throws `Error` where there is no file system. */
export function fileSystem() {
  const fs = globalThis.process?.getBuiltinModule?.("node:fs");
  if (!fs) throw new Error("files: expected Node's file system, got an environment without one");
  return fs;
}

/** Writes a file that is on the disk when this returns. */
export function writeSynced(path: string, content: Uint8Array | string): void {
  const fs = fileSystem();
  const file = fs.openSync(path, "w");
  try {
    fs.writeFileSync(file, content);
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** Systems that do not know this wish, and folders that one may write to but not open. */
const CANNOT_SYNC: readonly (string | undefined)[] = ["EINVAL", "ENOTSUP", "EPERM", "EISDIR", "EACCES"];

/** Returns when the names of a folder's files are on the disk: what has been made, renamed and removed in it. */
export function syncFolder(path: string): void {
  const fs = fileSystem();
  let folder: number | undefined;
  try {
    folder = fs.openSync(path, "r");
    fs.fsyncSync(folder);
  } catch (error) {
    if (!CANNOT_SYNC.includes((error as NodeJS.ErrnoException).code)) throw error;
  } finally {
    if (folder !== undefined) fs.closeSync(folder);
  }
}

/** Replaces a file in one move: what is there stays whole until the new content is on the disk. */
export function writeAtomic(path: string, content: Uint8Array | string): void {
  const fs = fileSystem();
  const temporary = `${path}.${globalThis.process.pid}.tmp`;
  try {
    writeSynced(temporary, content);
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    // Where the disk is full, Node's own message names no file.
    throw new Error(`write: ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Makes a folder with the given files, or replaces the one at `path`, by writing it beside its place and renaming it
 * into it. The old folder is removed only once the new one stands.
 */
export function writeFolder(path: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  const fs = fileSystem();
  const fresh = placeOfFresh(path);
  const old = `${fresh.slice(0, -".new".length)}.old`;
  fs.rmSync(fresh, { recursive: true, force: true });
  makeFolder(fresh);
  try {
    for (const [name, content] of Object.entries(files)) writeAtomic(`${fresh}/${name}`, content);
    if (isEmptyFolder(path)) {
      for (const name of Object.keys(files)) fs.renameSync(`${fresh}/${name}`, `${path}/${name}`);
    } else {
      if (holds(path)) fs.renameSync(path, old);
      fs.renameSync(fresh, path);
    }
  } catch (error) {
    if (!holds(path) && holds(old)) fs.renameSync(old, path);
    fs.rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.rmSync(old, { recursive: true, force: true });
}

/**
 * Throws `Error` unless {@link writeFolder} could write at `path`, so that a long run finds out before its work and not
 * after it. Leaves nothing behind.
 */
export function checkWritable(path: string): void {
  const fs = fileSystem();
  const made: string[] = [];
  try {
    makeFolder(placeOfFresh(path), made);
  } catch (error) {
    throw new Error(`expected a folder that can be written, got ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    for (const folder of made.reverse()) fs.rmdirSync(folder);
  }
}

/** Whether there is anything of this name, be it a link to nowhere. */
export function holds(path: string): boolean {
  try {
    return fileSystem().lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // a name below a file, say
  }
}

/** Whether this is a folder, or a link to one, with nothing in it but a lock and what writers put there on the way. */
export function isEmptyFolder(path: string): boolean {
  const fs = fileSystem();
  if (!fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  return fs.readdirSync(path).every((name) => name === FRESH_INSIDE || (isReserved(name) && name !== JOURNAL));
}

/** Where {@link writeFolder} writes first when the folder is there and empty. */
export const FRESH_INSIDE = ".seqgrad.new";

/** Where the new folder is written before it moves to `path`: on the same disk, or it could not be moved. */
function placeOfFresh(path: string): string {
  const fs = fileSystem();
  // An empty folder may be the current one, a link or a mount point, which should not or cannot be moved away.
  if (isEmptyFolder(path)) return `${path}/${FRESH_INSIDE}`;
  const isFolder = fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  // "." has no neighbours by name: those of the folder it stands for are meant.
  return `${isFolder ? fs.realpathSync(path) : path.replace(/[/\\]+$/, "")}.${globalThis.process.pid}.new`;
}

/** Makes a folder and those above it, noting each that it made. Node's own way of doing so never ends under /proc. */
export function makeFolder(path: string, made: string[] = []): void {
  const fs = fileSystem();
  if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = globalThis.process.getBuiltinModule("node:path").dirname(path);
  if (parent !== path) makeFolder(parent, made);
  fs.mkdirSync(path);
  made.push(path);
  syncFolder(parent);
}
