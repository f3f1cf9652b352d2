/**
 * The file system, asked for only when something is read or written, so that everything else also runs in a page.
 */

/** Throws `Error` where there is no file system. */
export function fileSystem() {
  const fs = globalThis.process?.getBuiltinModule?.("node:fs");
  if (!fs) throw new Error("files: expected Node's file system, got an environment without one");
  return fs;
}

/** Replaces a file in one move: what is there stays whole until the new content is on the disk. */
export function writeAtomic(path: string, content: Uint8Array | string): void {
  const fs = fileSystem();
  const temporary = `${path}.${globalThis.process.pid}.tmp`;
  try {
    const file = fs.openSync(temporary, "w");
    try {
      fs.writeFileSync(file, content);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Makes a folder with the given files, or replaces the one at `path`, by writing it beside its place and renaming it
 * into it. The old folder is removed only once the new one stands.
 */
export function writeFolder(path: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  const fs = fileSystem();
  const isFolder = fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  // "." has no neighbours by name: those of the folder it stands for are meant.
  const beside = `${isFolder ? fs.realpathSync(path) : path.replace(/[/\\]+$/, "")}.${globalThis.process.pid}`;
  const [fresh, old] = [`${beside}.new`, `${beside}.old`];
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.mkdirSync(fresh, { recursive: true });
  try {
    for (const [name, content] of Object.entries(files)) writeAtomic(`${fresh}/${name}`, content);
    if (isFolder && fs.readdirSync(path).length === 0) {
      // An empty folder may be the current one or a mount point, which cannot be moved away.
      for (const name of Object.keys(files)) fs.renameSync(`${fresh}/${name}`, `${path}/${name}`);
    } else {
      if (fs.existsSync(path)) fs.renameSync(path, old);
      fs.renameSync(fresh, path);
    }
  } catch (error) {
    if (!fs.existsSync(path) && fs.existsSync(old)) fs.renameSync(old, path);
    fs.rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.rmSync(old, { recursive: true, force: true });
}
