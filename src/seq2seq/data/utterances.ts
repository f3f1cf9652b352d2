import { show, visible } from "../../show.js";
import { readWav, type Sound } from "../audio/wav.js";
import { blaming } from "../files/blaming.js";
import { fileSystem } from "../files/disk.js";
import { readLines } from "./lines.js";

/** What a message shows of a path, at most. */
const LONGEST_PATH = 300;

/** A recording and what is said in it. */
export interface Utterance {
  readonly sound: Sound;
  readonly text: string;
}

/**
 * The recordings of a list in Node, and what is said in them: on each line the path of a WAV file, from the list's own folder on
 * unless it begins at the root, a tab and the text. Further columns and blank lines do not count. Throws `Error` naming the
 * list, and the line whose recording cannot be read, is empty or lacks its text.
 *
 * @example
 * const train = readUtterances("train.tsv"); // "wavs/7_jackson_32.wav<TAB>seven" …
 */
export function readUtterances(list: string): Utterance[] {
  const lines = readLines(readFile(list, ""), list);
  const utterances = lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    return [blaming(`${list}: line ${i + 1}: `, () => readUtterance(line, folderOf(list)))];
  });
  if (utterances.length === 0) throw new Error(`${list}: expected PATH TAB TEXT on each line, got an empty file`);
  return utterances;
}

function readUtterance(line: string, folder: string): Utterance {
  const [path, text] = line.split("\t", 2);
  if (text === undefined || path === "") throw new Error(`expected PATH TAB TEXT, got ${show(line)}`);
  if (text.trim() === "") throw new Error(`expected a text behind ${brief(path)}, got none`);
  const sound = readWav(readFile(path, folder), brief(path));
  if (sound.channels[0].length === 0)
    throw new Error(`${brief(path)}: expected a recording with samples, got one with none`);
  return { sound, text };
}

/** Everything of a path but the name at its end. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function readFile(path: string, folder: string): Uint8Array {
  const isFromRoot = /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);
  try {
    return fileSystem().readFileSync(isFromRoot ? path : folder + path);
  } catch (error) {
    const faults: Record<string, string> = {
      ENOENT: " does not exist",
      EISDIR: " is a folder, not a file",
      ERR_INVALID_ARG_VALUE: " is no path",
    };
    const { code = "", message } = error as NodeJS.ErrnoException;
    // Node's message has the path once more, which may be the whole of a line that is no path.
    throw new Error(`${brief(path)}${faults[code] ?? `: ${brief(message)}`}`, { cause: error });
  }
}

function brief(text: string): string {
  return visible(text.length > LONGEST_PATH ? `${text.slice(0, LONGEST_PATH)}…` : text);
}
