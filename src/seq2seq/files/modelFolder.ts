import { FRESH_INSIDE, fileSystem, holds, isEmptyFolder } from "./disk.js";

/** Beside the model, to go on from. */
export const CHECKPOINT = "checkpoint.safetensors";

const MODEL_FILES = ["config.json", "model.safetensors", "source.json", "target.json", CHECKPOINT];

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
  const fs = fileSystem();
  if (!fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${caller}: expected a model folder to replace, got ${path}, which is no folder`);
  }
  const foreign = fs
    .readdirSync(path, { withFileTypes: true })
    .find((entry) => !isOurs(entry.name, entry.isDirectory()));
  if (!foreign) return;
  throw new Error(
    `${caller}: expected a folder with nothing but a model to replace, got ${path}, which holds ${foreign.name} too`,
  );
}

/** Whether an entry is one of a model's files, or what an interrupted save left behind. */
function isOurs(name: string, isFolder: boolean): boolean {
  return isFolder ? name === FRESH_INSIDE : MODEL_FILES.includes(name.replace(/\.\d+\.tmp$/, ""));
}
