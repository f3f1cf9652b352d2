import { fileSystem } from "./disk.js";
import { readJournal } from "./journal.js";
import { freshName, isReserved } from "./reserved.js";

/**
 * Those of a folder's files that have one of these names and are there: all of them of one moment, even while a writer
 * replaces them. Needs no lock and changes nothing.
 */
export function readFiles(folder: string, names: readonly string[]): Record<string, Uint8Array<ArrayBuffer>> {
  return atOneMoment(folder, names, (paths) => {
    const files = names.map((name, i) => [name, readIfThere(paths[i])] as const);
    return Object.fromEntries(files.filter((file): file is [string, Uint8Array<ArrayBuffer>] => file[1] !== null));
  });
}

/** The names of a folder's files, sorted; none when there is no folder. What stores keep for themselves is left out. */
export function listFiles(folder: string): string[] {
  const fs = fileSystem();
  return atOneMoment(folder, [], () => {
    if (!fs.existsSync(folder)) return [];
    const files = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    const names = new Set(files.map(({ name }) => name).filter((name) => !isReserved(name)));
    const journal = readJournal(folder);
    for (const name of journal?.write ?? []) names.add(name);
    for (const name of journal?.remove ?? []) names.delete(name);
    return [...names].sort();
  });
}

/** Reads again whatever a writer has changed meanwhile. `paths` is where the files are, or count as being. */
function atOneMoment<T>(folder: string, names: readonly string[], read: (paths: readonly string[]) => T): T {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const before = stateOf(folder, names);
    const result = read(before.paths);
    if (stateOf(folder, names).mark === before.mark) return result;
  }
  throw new Error(`expected files that stay as they are for a moment, got ${folder}, which never does`);
}

/** Where each file is read from ("" where there is none), and a mark that changes whenever one of them does. */
function stateOf(folder: string, names: readonly string[]): { paths: string[]; mark: string } {
  const fs = fileSystem();
  const journal = readJournal(folder);
  let mark = journal?.id ?? "";
  const paths = names.map((name) => {
    const places = [`${folder}/${name}`];
    if (journal?.write.includes(name)) places.unshift(`${folder}/${freshName(name)}`);
    for (const path of places) {
      const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
      if (!stat) continue;
      mark += `|${path}:${stat.ino}:${stat.ctimeNs}:${stat.size}`;
      return journal?.remove.includes(name) ? "" : path;
    }
    mark += "|";
    return "";
  });
  return { paths, mark };
}

function readIfThere(path: string): Uint8Array<ArrayBuffer> | null {
  if (path === "") return null;
  try {
    const bytes = fileSystem().readFileSync(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null; // moved since: it is read again
    const isFolder = (error as NodeJS.ErrnoException).code === "EISDIR";
    const fault = isFolder ? "expected a file, got a folder" : (error as Error).message;
    throw new Error(`${path}: ${fault}`, { cause: error });
  }
}
