import { existsSync, readFileSync, realpathSync } from "node:fs";
import { isAbsolute, relative } from "node:path";

/** A file that a command reads. */
export interface Input {
  readonly bytes: Uint8Array;
  readonly file: string;
}

/** Reads a file; throws `Error` with what it was wanted for, such as `train: --train-tsv`, its name and what is wrong. */
export function readInput(wanted: string, file: string): Input {
  try {
    return { bytes: readFileSync(file), file };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Node's own message may lack the name, and is no sentence.
    const fault = { ENOENT: " does not exist", EISDIR: " is a folder, not a file" }[code ?? ""] ?? `: ${message}`;
    throw new Error(`${wanted}: ${file}${fault}`, { cause: error });
  }
}

/** Throws `Error` when one of the files is `folder` or lies in it: replacing the folder would take the file along. */
export function checkOutside(folder: string, files: readonly (string | undefined)[]): void {
  if (!existsSync(folder)) return;
  for (const file of files) {
    if (file === undefined || !existsSync(file)) continue;
    const way = relative(realpathSync(folder), realpathSync(file));
    if (way.split(/[/\\]/)[0] === ".." || isAbsolute(way)) continue;
    throw new Error(
      `train: expected --out beside what is read, got ${folder}, which --force would remove with ${file}`,
    );
  }
}
