import { vi } from "vitest";
import { fileSystem } from "../../src/seq2seq/files/disk.js";

/** Everything by which `src` changes a disk. */
const CHANGES = ["openSync", "writeFileSync", "fsyncSync", "renameSync", "rmSync", "rmdirSync", "mkdirSync"] as const;

type Change = (typeof CHANGES)[number];
type Call = (...args: unknown[]) => unknown;

/** How the file system fails: from one change on, as for a process that is killed there, or at that change alone. */
export type Fault = "from" | "at";

/**
 * Does some work on a file system that fails at its `step`-th change (a write then leaves a bit of its text). Returns the
 * message of the error that came of it; null when the work ended before that step. Any other error is thrown.
 */
export function withFault(step: number, fault: Fault, work: () => void): string | null {
  let steps = 0;
  const isFault = (error: unknown): boolean => (error as Error).message.includes(`fault ${step}`);
  try {
    around((name, args, real) => {
      const now = steps++;
      if (now < step || (fault === "at" && now > step)) return real(...args);
      if (now === step && name === "writeFileSync") real(args[0], String(args[1]).slice(0, 3), args[2]);
      throw new Error(`fault ${step}`);
    }, work);
    return null;
  } catch (error) {
    if (!isFault(error)) throw error;
    return (error as Error).message;
  }
}

/** The changes that some work makes to the files of a folder, in order: `write a`, `sync a`, `rename a b`, `remove b`. */
export function changesOf(folder: string, work: () => void): string[] {
  const words: Readonly<Record<string, string>> = {
    writeFileSync: "write",
    fsyncSync: "sync",
    renameSync: "rename",
    rmSync: "remove",
  };
  const log: string[] = [];
  const opened = new Map<unknown, string>();
  const short = (file: unknown): string =>
    opened.get(file) ?? (file === folder ? "." : String(file).slice(folder.length + 1));
  around((name, args, real) => {
    const result = real(...args);
    if (name === "openSync") opened.set(result, short(args[0]));
    const files = args.slice(0, name === "renameSync" ? 2 : 1).map(short);
    if (words[name]) log.push([words[name], ...files].join(" "));
    return result;
  }, work);
  return log;
}

/**
 * Does some work that comes to the file system again and again, and something else at its `step`-th call, be it one that
 * reads. Returns whether there was such a call.
 */
export function interrupted(step: number, work: () => void, other: () => void): boolean {
  let steps = 0;
  let isOther = false;
  const call = (_: unknown, args: unknown[], real: Call): unknown => {
    if (!isOther && steps++ === step) {
      isOther = true; // whose own calls do not count
      other();
      isOther = false;
    }
    return real(...args);
  };
  around(call, work, ["readFileSync", "statSync", ...CHANGES]);
  return steps > step;
}

/** Does some work with another function called in the place of each such call, which may do it. */
function around(
  change: (name: string, args: unknown[], real: Call) => unknown,
  work: () => void,
  names: readonly (Change | "readFileSync" | "statSync")[] = CHANGES,
): void {
  const fs = fileSystem();
  const spies = names.map((name) => {
    const real = name === "fsyncSync" ? () => {} : (fs[name] as Call); // it takes long, and nobody looks at what it does
    return vi.spyOn(fs, name).mockImplementation(((...args: unknown[]) => change(name, args, real)) as never);
  });
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
