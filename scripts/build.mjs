// Compiles src/ into dist/: the SIMD kernels (wasm.mjs), modules with types and maps (tsc), then one minified engine bundle for a page (esbuild).
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compileKernels } from "./wasm.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
process.chdir(root);
await compileKernels();
rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.json"], { stdio: "inherit" });
chmodSync("dist/cli/main.js", 0o755);
await build({
  entryPoints: { seqgrad: "dist/index.js" },
  outdir: "dist/browser",
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  sourcemap: true,
});
