/**
 * The file system, asked for only when something is read or written, so that everything else also runs in a page.
 */

/** Throws `Error` where there is no file system, and in a Node.js without the one way to it that costs a page nothing. */
export function fileSystem() {
  const { process } = globalThis;
  const fs = process?.getBuiltinModule?.("node:fs");
  if (fs) return fs;
  const node = process?.versions?.node;
  if (node) throw new Error(`files: expected Node.js 20.16 and later or 22.3 and later, got ${node}`);
  throw new Error("files: expected Node's file system, got an environment without one");
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

/** Whether there is anything of this name, be it a link to nowhere. */
export function holds(path: string): boolean {
  try {
    return fileSystem().lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // a name below a file, say
  }
}

/** What no path that there is can lead to: a name below a file, or a longer one than there may be. */
const NOWHERE: readonly (string | undefined)[] = ["ENOTDIR", "ENAMETOOLONG", "ELOOP"];

/** Whether there is a folder of this name, or a link to one. Throws where the system does not say. */
export function isFolder(path: string): boolean {
  try {
    return fileSystem().statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    if (NOWHERE.includes((error as NodeJS.ErrnoException).code)) return false;
    throw error;
  }
}

/** Makes a folder and those above it, noting each that it made. Node's own way of doing so never ends under /proc. */
export function makeFolder(path: string, made: string[]): void {
  const fs = fileSystem();
  if (isFolder(path)) return;
  const parent = globalThis.process.getBuiltinModule("node:path").dirname(path);
  if (parent !== path) makeFolder(parent, made);
  fs.mkdirSync(path);
  made.push(path);
  syncFolder(parent);
}
