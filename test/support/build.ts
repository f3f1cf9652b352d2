import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

/** The built command. */
export const commandFile = join(root, "dist", "cli", "main.js");

const lock = join(tmpdir(), `seqgrad-build-${createHash("sha256").update(root).digest("hex").slice(0, 12)}.lock`);

/**
 * Builds dist/ unless it is newer than everything it is made of. Test files run side by side: the first one builds, the
 * others wait for it, as the build begins by removing what they would be reading.
 */
export function buildOnce(): void {
  while (!isFresh()) {
    if (!takeLock()) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      continue;
    }
    try {
      if (!isFresh()) execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "pipe" });
    } finally {
      rmSync(lock, { force: true });
    }
    return;
  }
}

/** Whether dist/ can be used as it is: nobody else is building, and nothing changed since. */
function isFresh(): boolean {
  if (existsSync(lock) && holder() !== process.pid) return false;
  const last = join(root, "dist", "browser", "seqgrad.js"); // what the build writes last
  return existsSync(last) && isNewer(last);
}

function isNewer(last: string): boolean {
  const inputs = ["src", "scripts"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(root, folder, name)),
  );
  const built = statSync(last).mtimeMs;
  return [...inputs, join(root, "package.json"), join(root, "tsconfig.json")].every(
    (path) => statSync(path).mtimeMs <= built,
  );
}

function takeLock(): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!holderLives()) rmSync(lock, { force: true });
    return false;
  }
}

function holder(): number {
  try {
    return Number(readFileSync(lock, "utf8"));
  } catch {
    return 0;
  }
}

/** Whether the process that took the lock is still there: one that was killed leaves it behind. */
function holderLives(): boolean {
  const pid = holder();
  if (pid === 0) return existsSync(lock); // just being written, or just gone
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
