import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./build.js";
import { temporaryFolder } from "./folder.js";

/** Runs an example of `examples/` to its end, elsewhere. Call `buildOnce` before. */
export function example(name: string, args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "examples", name), ...args], {
    encoding: "utf8",
    cwd: temporaryFolder(),
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}
