import { parseJSON } from "../json.js";
import { asObject } from "../options.js";
import { blaming } from "../seq2seq/files/blaming.js";
import { isFolder } from "../seq2seq/files/disk.js";
import { CHECKPOINT, HISTORY, SETTINGS_FILE } from "../seq2seq/files/modelFolder.js";
import {
  decodeCheckpoint,
  FolderStore,
  type History,
  parseHistory,
  type Settings,
  settingsByName,
  type TaskName,
} from "../seq2seq/index.js";
import { settingsFromJSON } from "../seq2seq/tasks/resolveSettings.js";
import { namesFile } from "./inputs.js";

/** What the run that made a model went through; null of a model that keeps none. Throws `Error` when it is broken. */
export function readHistory(folder: string): Promise<History | null> {
  return readPart(folder, HISTORY, parseHistory);
}

/** The settings that the run in a folder began with; null without a checkpoint. Throws `Error` when it is broken. */
export function readRunSettings(folder: string): Promise<Settings | null> {
  return readPart(folder, CHECKPOINT, (bytes) => settingsFromJSON(decodeCheckpoint(bytes).header.settings));
}

/** How the run that made a model was asked to be, by the names of `train`'s options; null of a model that keeps nothing. */
export function readSettingsFile(folder: string): Promise<Record<string, string | number | boolean> | null> {
  return readPart(folder, SETTINGS_FILE, (bytes) => {
    const options = blaming(`${SETTINGS_FILE}: `, () => parseJSON(bytes));
    return asObject(SETTINGS_FILE, "an object of options", options) as Record<string, string | number | boolean>;
  });
}

/** The task of the model in a folder, where it says one of ours; null else, and where there is no such folder. */
export async function taskOf(folder: string): Promise<TaskName | null> {
  const bytes = await new FolderStore(folder).read("config.json").catch(() => null);
  try {
    const { task = "translate" } = JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array()));
    return settingsByName.task.accepts(task) ? task : null;
  } catch {
    return null; // who loads it says what is wrong with it
  }
}

async function readPart<T>(folder: string, name: string, parse: (bytes: Uint8Array) => T): Promise<T | null> {
  if (namesFile(folder)) throw new Error(`read: expected a model folder, got ${folder}, which is a file`);
  if (!isFolder(folder)) return null;
  const bytes = await new FolderStore(folder).read(name);
  if (!bytes) return null;
  try {
    return parse(bytes);
  } catch (error) {
    throw new Error(`${folder}/${(error as Error).message}`, { cause: error });
  }
}
