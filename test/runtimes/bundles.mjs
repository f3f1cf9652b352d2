// The program's page as four ways of making one would serve it: files by their paths.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import esbuild from "esbuild";
import { build as vite } from "vite";
import webpack from "webpack";

const ENTRIES = ["page", "worker"];
const html = (script) =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;

/** `{ vite, esbuild, webpack, none }`, each a promise of files, of the project in `folder`. */
export async function bundles(folder) {
  return {
    esbuild: await withEsbuild(folder),
    vite: await withVite(folder),
    webpack: await withWebpack(folder),
    "no bundler": unbundled(folder),
  };
}

async function withEsbuild(folder) {
  const outdir = join(folder, "esbuild");
  const entryPoints = ENTRIES.map((name) => join(folder, `${name}.js`));
  const { warnings } = await esbuild.build({
    ...{ entryPoints, outdir, bundle: true, format: "esm", target: "es2022", logLevel: "silent" },
  });
  refuse(
    "esbuild",
    warnings.map(({ text }) => text),
  );
  return filesOf(outdir, html("/page.js"));
}

async function withVite(folder) {
  const outDir = join(folder, "vite");
  const warnings = [];
  await vite({
    ...{ root: folder, configFile: false, logLevel: "silent", worker: { format: "es" } },
    build: {
      ...{ outDir, target: "es2022", modulePreload: false },
      rollupOptions: {
        input: join(folder, "page.js"),
        output: { entryFileNames: "page.js" },
        onwarn: ({ message }) => warnings.push(message),
      },
    },
  });
  refuse("vite", warnings);
  return filesOf(outDir, html("/page.js"));
}

async function withWebpack(folder) {
  const path = join(folder, "webpack");
  const compiler = webpack({
    ...{ mode: "production", context: folder, entry: "./page.js", target: "web", performance: { hints: false } },
    ...{ output: { path, filename: "page.js", publicPath: "/" } },
  });
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, result) => compiler.close(() => (error ? reject(error) : resolve(result))));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  refuse(
    "webpack",
    [...errors, ...warnings].map(({ message }) => message),
  );
  return filesOf(path, html("/page.js"));
}

/** The modules as they stand, with the page's bundle that is in the package. */
function unbundled(folder) {
  const own = ["page.js", "worker.js", "visit.js", "program.js"].map((name) => [
    `/${name}`,
    readFileSync(join(folder, name), "utf8").replace(`from "seqgrad"`, `from "/seqgrad.js"`),
  ]);
  const bundle = readFileSync(join(folder, "node_modules", "seqgrad", "dist", "browser", "seqgrad.js"));
  return { "/": html("/page.js"), "/seqgrad.js": bundle, ...Object.fromEntries(own) };
}

function refuse(bundler, warnings) {
  if (warnings.length > 0) throw new Error(`${bundler}: expected no warnings, got ${warnings.join("\n")}`);
}

function filesOf(folder, page) {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
  const files = names.map((name) => [`/${name.replaceAll("\\", "/")}`, readFileSync(join(folder, name))]);
  return { "/": page, ...Object.fromEntries(files) };
}
