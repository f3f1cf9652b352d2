// Brings the package, as npm packs it, and the runtimes that it promises to run on, into a folder.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(here));
const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { platform, arch } = process;
const QUIETLY = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];

const npm = (...args) => execFileSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** The lowest versions that `engines` names, the newest of each line that is kept up, and the newest of all. */
const versions = [...engines.node.matchAll(/\d+\.\d+(?:\.\d+)?/g)].map(([lowest]) => lowest);
const node = (version) => ({
  name: "Node.js",
  package: `node-${platform}-${arch}`,
  version,
  file: "bin/node",
  permissions: [],
});
const deno = {
  package: platform === "linux" ? `@deno/linux-${arch}-glibc` : `@deno/${platform}-${arch}`,
  ...{ version: "latest", file: "deno" },
};

/** Runtimes whose binaries npm has, what they are given to run a program, and whether that may write in a folder. */
export const runtimes = [
  ...[...versions, "20", "22", "24", "latest"].map(node),
  {
    ...{ name: "Bun", package: `@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}` },
    ...{ version: "latest", file: "bin/bun", permissions: [] },
  },
  { ...deno, name: "Deno", permissions: ["run", "--no-prompt", "--allow-read", "--allow-write", "--allow-env"] },
  { ...deno, name: "Deno", rest: ", no permissions", permissions: ["run", "--no-prompt"], hasFolder: false },
];

/** Where a runtime's binary is once it is installed; undefined when it could not be. */
export function binaryOf(folder, runtime) {
  const path = join(folder, "runtimes", "node_modules", aliasOf(runtime), runtime.file);
  return existsSync(path) ? path : undefined;
}

const aliasOf = ({ package: name, version }) => `${name.replace(/^@|[/]/g, "")}-${version}`;

/** Brings what bundles pages and opens them beside this file. Throws when it is not to be had. */
export function installTools() {
  npm("install", ...QUIETLY, "--no-save", "--prefix", here);
}

/** Fills `folder` with the program and the package, as a project of somebody else's has it. */
export function installPackage(folder) {
  execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
  const [tarball] = JSON.parse(npm("pack", root, "--ignore-scripts", "--json", "--pack-destination", folder));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "somebody", private: true, type: "module" }));
  for (const name of readdirSync(here).filter((name) => name.endsWith(".js")))
    cpSync(join(here, name), join(folder, name));
  npm("install", ...QUIETLY, "--offline", "--prefix", folder, join(folder, tarball.filename));
}

/** Brings every runtime that can be had into a folder in `folder`. Throws when npm has none at all. */
export function installRuntimes(folder) {
  mkdirSync(join(folder, "runtimes"));
  // Optional, so that one that is not to be had keeps none of the others away.
  const entries = runtimes.map((runtime) => [aliasOf(runtime), `npm:${runtime.package}@${runtime.version}`]);
  const manifest = { name: "runtimes", private: true, optionalDependencies: Object.fromEntries(entries) };
  writeFileSync(join(folder, "runtimes", "package.json"), JSON.stringify(manifest));
  npm("install", ...QUIETLY, "--prefix", join(folder, "runtimes"));
}
