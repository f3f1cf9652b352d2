import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, relative } from "node:path";
import { isFolder } from "../seq2seq/files/disk.js";

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
    throw inputError(wanted, file, error as NodeJS.ErrnoException);
  }
}

/** A file of UTF-8 as one text. Throws as {@link readInput}, and on bytes that are no UTF-8. */
export function readText(wanted: string, file: string): string {
  const { bytes } = readInput(wanted, file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error(`${wanted}: ${file}: expected UTF-8, got other bytes`, { cause: error });
  }
}

/** The file again, if it is one that can be read; throws what {@link readInput} throws otherwise, before any work is done. */
export function checkInput(wanted: string, file: string): string {
  try {
    if (statSync(file).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    accessSync(file, constants.R_OK);
    return file;
  } catch (error) {
    throw inputError(wanted, file, error as NodeJS.ErrnoException);
  }
}

function inputError(wanted: string, file: string, error: NodeJS.ErrnoException): Error {
  // Node's own message may lack the name, and is no sentence.
  const faults: Record<string, string> = { ENOENT: " does not exist", EISDIR: " is a folder, not a file" };
  return new Error(`${wanted}: ${file}${faults[error.code ?? ""] ?? `: ${error.message}`}`, { cause: error });
}

/** Whether a text is the name of a file. A folder is none, and neither is what no file can be called, such as a long text. */
export function namesFile(text: string): boolean {
  try {
    return !statSync(text).isDirectory();
  } catch {
    return false;
  }
}

/**
 * The file again, if it can be written, as far as that can be told: there is a folder to write it into, and no folder in its
 * place. Throws `Error` before any work is done.
 */
export function checkOutput(wanted: string, file: string): string {
  const folder = dirname(file);
  if (!isFolder(folder)) throw new Error(`${wanted}: ${file}: there is no folder ${folder}`);
  if (isFolder(file)) throw new Error(`${wanted}: ${file} is a folder, not a file`);
  try {
    const isThere = statSync(file, { throwIfNoEntry: false }) !== undefined;
    accessSync(isThere ? file : folder, constants.W_OK);
    return file;
  } catch (error) {
    throw outputError(wanted, file, error as NodeJS.ErrnoException);
  }
}

/** Writes a file; throws `Error` with the option that names it, such as `plot: --out`, the file and what is wrong. */
export function writeOutput(wanted: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw outputError(wanted, file, error as NodeJS.ErrnoException);
  }
}

function outputError(wanted: string, file: string, error: NodeJS.ErrnoException): Error {
  const faults: Record<string, string> = {
    EACCES: "may not be written",
    EROFS: "may not be written, as it is on a read-only disk",
    ENOSPC: "cannot be written, as there is no space left",
    ENAMETOOLONG: "is too long a name for a file",
  };
  const fault = faults[error.code ?? ""];
  return new Error(`${wanted}: ${fault ? `${file} ${fault}` : `${file}: ${error.message}`}`, { cause: error });
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
