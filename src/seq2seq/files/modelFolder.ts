import { fileSystem, holds, isFolder } from "./disk.js";
import { isReserved, JOURNAL } from "./reserved.js";

/** Weights under PyTorch's names. */
export const WEIGHTS = "model.safetensors";
/** Beside the model, to go on from. */
export const CHECKPOINT = "checkpoint.safetensors";
/** How the run was asked to be. */
export const SETTINGS_FILE = "settings.json";
/** What the run went through. */
export const HISTORY = "history.json";
/** Drawn from the others, for who looks into the folder. */
export const PICTURES: readonly string[] = ["curves.svg", "attention.svg"];

/** Everything that we put into a model's folder. */
export const MODEL_FOLDER: readonly string[] = [
  "config.json",
  "source.json",
  "target.json",
  WEIGHTS,
  CHECKPOINT,
  SETTINGS_FILE,
  HISTORY,
  ...PICTURES,
];

/**
 * Throws `Error` unless a new model may go to `path`: because nothing is there, or an empty folder, or, with `overwrite`,
 * a folder that holds a model and nothing else, for whatever it holds goes with it. `way` tells the reader, in words of
 * the caller, how to allow it.
 */
export function checkReplaceable(caller: string, path: string, overwrite: boolean, way: string): void {
  if (!holds(path) || isEmptyFolder(path)) return;
  if (!overwrite) {
    throw new Error(`${caller}: expected an empty or absent folder, got ${path}, which holds something (${way})`);
  }
  if (!isFolder(path)) {
    throw new Error(`${caller}: expected a model folder to replace, got ${path}, which is no folder`);
  }
  const foreign = fileSystem()
    .readdirSync(path, { withFileTypes: true })
    .find((entry) => entry.isDirectory() || !(isReserved(entry.name) || MODEL_FOLDER.includes(entry.name)));
  if (!foreign) return;
  throw new Error(
    `${caller}: expected a folder with nothing but a model to replace, got ${path}, which holds ${foreign.name} too`,
  );
}

/** The names of ours that are not among these: what a new model has to remove of the one that it replaces. */
export function outdated(files: Readonly<Record<string, unknown>>): string[] {
  return MODEL_FOLDER.filter((name) => !Object.hasOwn(files, name));
}

/** Whether this is a folder, or a link to one, with nothing in it that counts: a lock and leftovers do not. */
function isEmptyFolder(path: string): boolean {
  if (!isFolder(path)) return false;
  return fileSystem()
    .readdirSync(path)
    .every((name) => isReserved(name) && name !== JOURNAL);
}
