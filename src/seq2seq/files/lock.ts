import { showName } from "../../show.js";
import { fileSystem, makeFolder } from "./disk.js";
import { LOCK } from "./reserved.js";

/** Who has taken a folder, as its lock says. */
interface Holder {
  /** Of this one taking. */
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** When the process began, in words of its system, so that another one with its number is not taken for it. */
  readonly began: string;
  readonly since: string;
}

/**
 * Takes a folder for this process, making it where it is absent. Throws `Error` when the folder cannot be written, or
 * when a process that is still there has it: the message names it. Of several that try at once exactly one succeeds.
 * Returns what releases the folder, and removes it if this made it and it is empty; the end of the process does so too.
 * `caller` begins the messages.
 *
 * A lock whose process is gone is taken over by making a second file, named after that one taking of the lock: only one
 * process can. It counts while the lock itself is still the one that was followed, and then replaces it. A process that
 * ends in between leaves a chain of such files, which the next one follows to its end.
 */
export function lockFolder(folder: string, caller = "lock"): () => void {
  const fs = fileSystem();
  const { process } = globalThis;
  const own = thisProcess();
  const made: string[] = [];
  try {
    claim(folder, own, made);
  } catch (error) {
    throw new Error(`${caller}: ${(error as Error).message}`, { cause: error });
  }
  let isOver = false;
  const release = (): void => {
    if (isOver) return;
    isOver = true;
    process.off("exit", release);
    removeIfOwn(folder, LOCK, own);
    try {
      for (const path of made.reverse()) fs.rmdirSync(path);
    } catch {
      // it holds something, and so it stays
    }
  };
  process.on("exit", release);
  return release;
}

/** Throws `Error` unless this process could take and write the folder now. Leaves nothing behind. */
export function checkWritable(caller: string, folder: string): void {
  lockFolder(folder, caller)();
}

/** Takes the folder, noting in `made` which folders that took. */
function claim(folder: string, own: Holder, made: string[]): void {
  const fs = fileSystem();
  for (let attempt = 0; ; attempt++) {
    const last = lastHolder(folder);
    if (last && isThere(last)) throw new Error(taken(folder, last));
    const name = last ? successor(last) : LOCK;
    try {
      makeFolder(folder, made);
      fs.writeFileSync(`${folder}/${name}`, JSON.stringify(own), { flag: "wx" });
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      // Another was quicker, or has just removed the folder. Where it is neither, it stays so.
      if (["EEXIST", "ENOENT"].includes(code) && attempt < 100) continue;
      throw new Error(`expected a folder that can be written, got ${folder}: ${message}`, { cause: error });
    }
    if (lastHolder(folder)?.id === own.id) {
      if (name !== LOCK) fs.renameSync(`${folder}/${name}`, `${folder}/${LOCK}`);
      return;
    }
    removeIfOwn(folder, name, own); // the lock that was followed is no more
  }
}

function removeIfOwn(folder: string, name: string, own: Holder): void {
  if (readHolder(folder, name)?.id === own.id) fileSystem().rmSync(`${folder}/${name}`, { force: true });
}

/** The one at the end of the chain; null when nobody has the folder. */
function lastHolder(folder: string): Holder | null {
  let last: Holder | null = null;
  let next = readHolder(folder, LOCK);
  for (let length = 1; next && length < 1000; length++) {
    last = next;
    next = readHolder(folder, successor(last));
  }
  return last;
}

/** The file by which another takes over from this holder. */
function successor({ id }: Holder): string {
  return `${LOCK}.${id}`;
}

function readHolder(folder: string, name: string): Holder | null {
  const fs = fileSystem();
  for (let attempt = 0; ; attempt++) {
    let text: string;
    try {
      text = fs.readFileSync(`${folder}/${name}`, "utf8");
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
      throw error;
    }
    const holder = parseHolder(text);
    if (holder) return holder;
    // Nothing in it: made a moment ago and not written yet, or the process or the whole machine stopped right there.
    if (text !== "" || attempt === 50) return { ...EMPTY, id: `${name.slice(LOCK.length + 1)}_` };
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
}

const EMPTY: Holder = { id: "", pid: 0, host: "", began: "", since: "" };

function parseHolder(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    const { id, pid, host, began, since } = { ...EMPTY, ...holder };
    const isSound = [id, host, began, since].every((text) => typeof text === "string") && /^[\w-]{1,200}$/.test(id);
    return isSound && Number.isSafeInteger(pid) && pid > 0 ? { id, pid, host, began, since } : null;
  } catch {
    return null;
  }
}

function thisProcess(): Holder {
  const { pid } = globalThis.process;
  const id = globalThis.crypto.randomUUID();
  return { id, pid, host: hostName(), began: beginOf(pid) ?? "", since: new Date().toISOString() };
}

/** This machine's name; "" where a program may not know it, as in Deno without --allow-sys. */
function hostName(): string {
  try {
    return globalThis.process.getBuiltinModule("node:os").hostname();
  } catch {
    return "";
  }
}

/** Whether the process may still be there. Of another machine, or one without a name, nobody here can tell. */
function isThere({ pid, host, began }: Holder): boolean {
  if (pid === 0) return false;
  if (host === "" || host !== hostName()) return true;
  try {
    globalThis.process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false; // any other: it is there, but not ours
  }
  const begin = beginOf(pid);
  return begin === null || began === "" || begin === began;
}

/** When a process began, by Linux's count; "gone" of one that has ended unnoticed; null where the system says nothing. */
function beginOf(pid: number): string | null {
  try {
    const stat = fileSystem().readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // a process may have any name, in brackets
    return fields[0] === "Z" ? "gone" : fields[19];
  } catch {
    return null;
  }
}

function taken(folder: string, { pid, host, since }: Holder): string {
  const isHere = host === hostName();
  const isOwn = isHere && pid === globalThis.process.pid;
  const who = `process ${pid}${isOwn ? " (this one)" : isHere ? "" : ` on ${showName(host)}`}`;
  const way = isOwn ? "" : `; if that one is gone, remove ${folder}/${LOCK}`;
  return `expected a folder that nobody writes to, got ${folder}, which ${who} has had since ${showName(since)}${way}`;
}
