import { show } from "../../show.js";
import { readLines, streamLines } from "./lines.js";

/** A sentence and its translation. */
export interface TextPair {
  readonly source: string;
  readonly target: string;
}

/**
 * Sentence pairs of a tab-separated file: source, target, and any further columns (ignored) on each line. A blank line
 * is an empty pair, which training leaves out and counts as it does one with an empty column. Throws `Error` naming the
 * file, and the line where a column is missing.
 */
export function readTsv(bytes: Uint8Array, file: string): TextPair[] {
  const lines = readLines(bytes, file);
  if (lines.every(isBlank)) throw emptyFile(file);
  return lines.map((line, i) => splitColumns(line, file, i + 1));
}

/**
 * As {@link readTsv}, of a file in Node that need not fit into memory, pair by pair. That the file is empty is known, and
 * thrown, at its end.
 */
export async function* streamTsv(path: string): AsyncGenerator<TextPair, void, undefined> {
  let number = 0;
  let empty = true;
  for await (const line of streamLines(path)) {
    empty &&= isBlank(line);
    yield splitColumns(line, path, ++number);
  }
  if (empty) throw emptyFile(path);
}

/** Sentence pairs of two files, line by line. Throws `Error` with both counts when they differ, and on empty files. */
export function readParallel(
  source: { readonly bytes: Uint8Array; readonly file: string },
  target: { readonly bytes: Uint8Array; readonly file: string },
): TextPair[] {
  const sources = readLines(source.bytes, source.file);
  const targets = readLines(target.bytes, target.file);
  if (sources.every(isBlank)) throw emptyFile(source.file);
  if (targets.every(isBlank)) throw emptyFile(target.file);
  if (sources.length !== targets.length) {
    throw unequalFiles(source.file, sources.length, target.file, targets.length);
  }
  return sources.map((line, i) => ({ source: line, target: targets[i] }));
}

/**
 * As {@link readParallel}, of files in Node that need not fit into memory, pair by pair. That a file is empty or that one
 * is longer is known, and thrown, at the end.
 */
export async function* streamParallel(
  sourcePath: string,
  targetPath: string,
): AsyncGenerator<TextPair, void, undefined> {
  const source = new CountedLines(sourcePath);
  const target = new CountedLines(targetPath);
  try {
    for (;;) {
      const pair = { source: await source.next(), target: await target.next() };
      if (pair.source !== undefined && pair.target !== undefined) yield pair as TextPair;
      else if (pair.source === pair.target) break; // both at their ends; a longer file is read on, to count its lines
    }
  } finally {
    await source.close();
    await target.close();
  }
  for (const { empty, path } of [source, target]) if (empty) throw emptyFile(path);
  if (source.count !== target.count) throw unequalFiles(source.path, source.count, target.path, target.count);
}

/** Lines of a file, one by one, counted. */
class CountedLines {
  readonly path: string;
  readonly #lines: AsyncGenerator<string, void, undefined>;
  count = 0;
  /** Whether all lines so far are blank. */
  empty = true;

  constructor(path: string) {
    this.path = path;
    this.#lines = streamLines(path);
  }

  /** The next line, undefined after the last. */
  async next(): Promise<string | undefined> {
    const { value } = await this.#lines.next();
    if (value === undefined) return undefined;
    this.count++;
    this.empty &&= isBlank(value);
    return value;
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#lines.return();
  }
}

function splitColumns(line: string, file: string, number: number): TextPair {
  if (isBlank(line)) return { source: "", target: "" };
  const [source, target] = line.split("\t", 2);
  if (target !== undefined) return { source, target };
  throw new Error(`${file}: expected two columns separated by a tab, got one in line ${number}: ${show(line)}`);
}

function isBlank(line: string): boolean {
  return line.trim() === "";
}

function emptyFile(file: string): Error {
  return new Error(`${file}: expected sentences, got an empty file`);
}

function unequalFiles(source: string, sources: number, target: string, targets: number): Error {
  const counts = `${sources} in ${source} and ${targets} in ${target}`;
  return new Error(`parallel files: expected as many lines in both, got ${counts}`);
}
