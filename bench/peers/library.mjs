// The built package, for every bench that runs it as its users do.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Folder of the build: dist, or what SEQGRAD_DIST names. */
export const dist = resolve(process.env.SEQGRAD_DIST ?? join(root, "dist"));

/** The package's index; says what to do where it has not been built. */
export async function loadSeqgrad() {
  const index = join(dist, "index.js");
  if (!existsSync(index)) throw new Error(`expected a build at ${index}; \`npm run build\` makes one`);
  return import(pathToFileURL(index).href);
}

/** Version of an installed peer. */
export function versionOf(name) {
  const manifest = fileURLToPath(new URL(`node_modules/${name}/package.json`, import.meta.url));
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}
