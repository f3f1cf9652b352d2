import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./build.js";

/** A program of the tests, with all it imports from `src`, as one module for a process of its own or for a page. */
export async function bundle(path: string, platform: "node" | "browser"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, path)],
    bundle: true,
    format: "esm",
    target: "es2022",
    platform,
    write: false,
  });
  return outputFiles[0].text;
}
