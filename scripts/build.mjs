// Makes dist/ from src/: the SIMD kernels (wasm.mjs), declarations (tsc), modules (rolldown), and one minified bundle for
// a page (esbuild).
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundlePage } from "esbuild";
import { build as bundleModules } from "rolldown";
import { compileKernels } from "./wasm.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
process.chdir(root);
await compileKernels();
rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.json"], { stdio: "inherit" });

const rooms = ["tensor", "autograd", "nn", "optim", "seq2seq"].map((room) => `${room}/index`);
const entries = ["index", ...rooms, "corpus/index", "pretrained/index", "cli/main", "cli/start"];
await bundleModules({
  input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
  platform: "node",
  // As large as all the rest, it stays where it is: dist/ is as deep as src/.
  external: [/[\\/]pretrained[\\/]files\.js$/],
  transform: { target: "es2022" },
  output: {
    dir: "dist",
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name].js",
    // Few files, for each costs Node time at every import. All entries import these and hold nothing themselves, so that
    // there is one `Tensor` and one kernel set, whichever entry they come through. The corpus has an entry of its own,
    // "seqgrad/corpus": its tables would be a third of what importing the rest takes.
    codeSplitting: {
      groups: [
        { name: "engine", test: /src[\\/](tensor|autograd|nn|optim)[\\/]/ },
        { name: "open", test: /src[\\/]cli[\\/](open|plain)/ },
        { name: "corpus", test: /src[\\/]corpus[\\/]/ },
        { name: "translator", test: /src[\\/](seq2seq[\\/]|version)/ },
      ],
    },
    minifyInternalExports: false,
    // Lines and names as they are written, as an uncaught error prints the line that threw it. No comments, which Node
    // would read at every import, and nothing beyond ASCII, which it reads faster; the maps lead to src/.
    minify: {
      compress: false,
      mangle: false,
      codegen: { removeWhitespace: false, asciiOnly: true, legalComments: "none" },
    },
    comments: { legal: false, annotation: true, jsdoc: false },
    sourcemap: true,
    sourcemapExcludeSources: true, // the package has src/ beside them
  },
});
inlineRuntime("dist/shared");
chmodSync("dist/cli/main.js", 0o755);
await bundlePage({
  entryPoints: { seqgrad: "src/index.ts" },
  outdir: "dist/browser",
  bundle: true,
  minify: true,
  lineLimit: 160, // the line that threw is what an uncaught error shows
  format: "esm",
  platform: "browser",
  target: "es2022",
  sourcemap: true,
  sourcesContent: false,
});

/** What rolldown keeps in a file of its own, and Node would open at every import, becomes the line that imported it. */
function inlineRuntime(folder) {
  const runtime = join(folder, "rolldown-runtime.js");
  const line = readFileSync(runtime, "utf8")
    .replaceAll(/^(\/\/|export ).*/gm, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".js"))) {
    const text = readFileSync(join(folder, name), "utf8");
    writeFileSync(join(folder, name), text.replace(/^import \{ __exportAll \} from ".\/rolldown-runtime.js";$/m, line));
  }
  rmSync(runtime);
}
