import { show } from "../../show.js";
import { fileSystem } from "../files/disk.js";

/** Bytes of a line, at most: far more than any sentence has, and few enough for any regular expression. */
const LONGEST_LINE = 2 ** 22;
/** Bytes that are read and made a string together: all of a large file would not fit into one. */
const BLOCK = 2 ** 18;
const NEWLINE = 0x0a;

/**
 * Cuts bytes, as they come, into lines of text. A byte order mark and the line break after the last line are dropped;
 * `\r\n` counts as one break.
 *
 * @example
 * const decoder = new LineDecoder("standard input");
 * decoder.push(new TextEncoder().encode("one\ntw")); // ["one"]
 * decoder.push(new TextEncoder().encode("o")); // []
 * decoder.end(); // ["two"]
 */
export class LineDecoder {
  readonly #file: string;
  /** The line under way: pieces, since joining them at each arrival would take time in the square of its length. */
  #begun: Uint8Array[] = [];
  #begunLength = 0;
  #lines = 0;
  #fault: Error | null = null;

  /** @param file what errors name. */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * The lines that are complete with these bytes. Throws `Error` naming the file, and the line that is not UTF-8 or has
   * more than four million bytes; where there are lines before that, it returns them first, and whatever is called next
   * throws.
   */
  push(bytes: Uint8Array): string[] {
    this.check();
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    const lines = end === 0 ? [] : this.#decode(this.#takeBegun(bytes.subarray(0, end)));
    lines.pop(); // the last line break begins a line that is not here yet
    this.#lines += lines.length;
    if (!this.#fault) this.#begin(bytes.subarray(end));
    if (lines.length === 0) this.check();
    return lines;
  }

  /** The last line, if the bytes do not end with a line break. Throws as {@link LineDecoder.push} does. */
  end(): string[] {
    this.check();
    if (this.#begunLength === 0) return [];
    const lines = this.#decode(this.#takeBegun(new Uint8Array())).filter((line) => line !== "");
    this.check();
    return lines;
  }

  /** Throws at once what stands behind the lines that were returned last, for who would else wait for more bytes. */
  check(): void {
    if (this.#fault) throw this.#fault;
  }

  #begin(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#begun.push(new Uint8Array(bytes)); // a copy: the caller may read the next bytes into the same memory
    this.#begunLength += bytes.length;
    if (this.#begunLength <= LONGEST_LINE) return;
    this.#fault = new Error(
      `${this.#file}: expected lines of at most ${LONGEST_LINE} bytes, got more in line ${this.#lines + 1}`,
    );
  }

  #takeBegun(rest: Uint8Array): Uint8Array {
    if (this.#begunLength === 0) return rest;
    const all = new Uint8Array(this.#begunLength + rest.length);
    let at = 0;
    for (const piece of [...this.#begun, rest]) {
      all.set(piece, at);
      at += piece.length;
    }
    this.#begun = [];
    this.#begunLength = 0;
    return all;
  }

  /** Lines, the last of which has no break; where one is not UTF-8, those before it and an empty one. */
  #decode(bytes: Uint8Array): string[] {
    let text: string;
    try {
      // Every block would lose a mark, not only the first.
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      const { line, start } = firstInvalidLine(bytes);
      this.#fault = new Error(`${this.#file}: expected UTF-8, got an invalid byte in line ${this.#lines + line}`);
      return this.#decode(bytes.subarray(0, start));
    }
    if (this.#lines === 0 && text.startsWith("\ufeff")) text = text.slice(1);
    return text.split(/\r?\n/);
  }
}

/**
 * The lines of a text file. A byte order mark and the line break after the last line are dropped; `\r\n` counts as one.
 * Throws `Error` as {@link LineDecoder} does.
 */
export function readLines(bytes: Uint8Array, file: string): string[] {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`readLines: expected a file's bytes, got ${show(bytes)}`);
  const decoder = new LineDecoder(file);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    for (const line of decoder.push(bytes.subarray(at, at + BLOCK))) lines.push(line);
  }
  for (const line of decoder.end()) lines.push(line);
  return lines;
}

/**
 * The lines of a text file in Node, as {@link readLines} has them, one by one; the file is never in memory as a whole.
 * Throws `Error` when it cannot be read, besides what readLines throws.
 */
export async function* streamLines(path: string): AsyncGenerator<string, void, undefined> {
  const decoder = new LineDecoder(path);
  const chunks: AsyncIterable<Uint8Array> = fileSystem().createReadStream(path, { highWaterMark: BLOCK });
  try {
    for await (const chunk of chunks) yield* decoder.push(chunk);
    yield* decoder.end();
  } catch (error) {
    throw readingError(path, error as NodeJS.ErrnoException);
  }
}

/** Node's own messages may lack the file's name, and are no sentences. */
function readingError(path: string, error: NodeJS.ErrnoException): Error {
  if (error.code === undefined) return error; // one of ours
  const fault = { ENOENT: " does not exist", EISDIR: " is a folder, not a file" }[error.code] ?? `: ${error.message}`;
  return new Error(`${path}${fault}`, { cause: error });
}

/** Its number, from 1, and where it begins, in bytes of which one line or another is not UTF-8. */
function firstInvalidLine(bytes: Uint8Array): { line: number; start: number } {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== NEWLINE) continue;
    try {
      decoder.decode(bytes.subarray(start, i));
    } catch {
      break;
    }
    line++;
    start = i + 1;
  }
  return { line, start };
}
