/** A sentence and its translation. */
export interface TextPair {
  readonly source: string;
  readonly target: string;
}

/**
 * The lines of a text file. A byte order mark and the line break after the last line are dropped; `\r\n` counts as one.
 * Throws `Error` naming the file, and the line of the first byte that is not UTF-8.
 */
export function readLines(bytes: Uint8Array, file: string): string[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`${file}: expected UTF-8, got an invalid byte in line ${firstInvalidLine(bytes)}`);
  }
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/**
 * Sentence pairs of a tab-separated file: source, target, and any further columns (ignored) on each line. A blank line
 * is an empty pair, which training leaves out and counts as it does one with an empty column. Throws `Error` naming the file, and the line where a column is missing.
 */
export function readTsv(bytes: Uint8Array, file: string): TextPair[] {
  const lines = readLines(bytes, file);
  checkNotEmpty(lines, file);
  return lines.map((line, i) => {
    if (line.trim() === "") return { source: "", target: "" };
    const [source, target] = line.split("\t");
    if (target === undefined) {
      throw new Error(
        `${file}: expected two columns separated by a tab, got one in line ${i + 1}: ${JSON.stringify(line.slice(0, 60))}`,
      );
    }
    return { source, target };
  });
}

/** Sentence pairs of two files, line by line. Throws `Error` with both counts when they differ, and on empty files. */
export function readParallel(
  source: { readonly bytes: Uint8Array; readonly file: string },
  target: { readonly bytes: Uint8Array; readonly file: string },
): TextPair[] {
  const sources = readLines(source.bytes, source.file);
  const targets = readLines(target.bytes, target.file);
  checkNotEmpty(sources, source.file);
  checkNotEmpty(targets, target.file);
  if (sources.length !== targets.length) {
    const counts = `${sources.length} in ${source.file} and ${targets.length} in ${target.file}`;
    throw new Error(`parallel files: expected as many lines in both, got ${counts}`);
  }
  return sources.map((line, i) => ({ source: line, target: targets[i] }));
}

function checkNotEmpty(lines: readonly string[], file: string): void {
  if (lines.every((line) => line.trim() === "")) throw new Error(`${file}: expected sentences, got an empty file`);
}

function firstInvalidLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let start = 0;
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== 0x0a) continue;
    try {
      decoder.decode(bytes.subarray(start, i));
    } catch {
      return line;
    }
    line++;
    start = i + 1;
  }
  return line;
}
