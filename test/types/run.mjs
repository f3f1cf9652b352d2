// Do the package's types compile for its users? node test/types/run.mjs
//
// Installs the packed package beside the versions of TypeScript that package.json lists, the oldest that README promises
// among them, and compiles with each: every entry without `dom`, without @types/node and with `skipLibCheck: false`, by
// both resolutions, and README's examples under what that version's `tsc --init` writes. Exits with 1 where one fails.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const project = mkdtempSync(join(tmpdir(), "seqgrad-types-"));
process.on("exit", () => rmSync(project, { recursive: true, force: true }));

const npm = (...args) => execFileSync("npm", [...args, "--loglevel=error"], { cwd: project, stdio: "pipe" });
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { devDependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

npm("pack", root, "--pack-destination", project);
copyFileSync(join(here, "package.json"), join(project, "package.json"));
try {
  const [tarball] = readdirSync(project).filter((name) => name.endsWith(".tgz"));
  npm("install", "--ignore-scripts", "--no-audit", "--no-fund", join(project, tarball));
} catch (error) {
  console.log(`types: not checked, as the versions of TypeScript cannot be installed: ${error.stderr}`);
  process.exit(process.env.CI ? 1 : 0);
}

/** A folder of files to compile. */
function folder(name, files) {
  mkdirSync(join(project, name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, name, file), text);
  return join(project, name);
}

const entries = Object.keys(exports)
  .filter((entry) => !entry.endsWith(".json"))
  .map((entry) => entry.replace(".", "seqgrad"));
const everything = {
  "entries.ts": entries
    .map((entry, i) => `import * as entry${i} from "${entry}";\nexport const used${i} = entry${i};`)
    .join("\n"),
  "use.ts": `
    import { nn, optim, type Tensor, tensor } from "seqgrad";
    import { run, Translator, trainTranslator } from "seqgrad/seq2seq";
    const gru: nn.GRU = new nn.GRU(2, 3, { numLayers: 2 });
    const [output, hidden]: [Tensor, Tensor] = gru.forward(tensor([[[1, 2]]]));
    const optimizer: optim.Adam = new optim.Adam(gru.parameters(), { lr: 0.1 });
    declare const signal: { readonly aborted: boolean; throwIfAborted(): void }; // as an AbortSignal has them
    // @ts-expect-error: the types are not all \`any\`
    const wrong: string = hidden;
    export const all = [output, optimizer, run, wrong, trainTranslator({ train: [], epochs: 1, signal })];
    export const load: (folder: string) => Translator = Translator.load;`,
};
const examples = Object.fromEntries(
  [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code], i) => [
    `example${i + 1}.ts`,
    code,
  ]),
);

/** What the compiler of a version says about a folder; nothing when all is well. */
function compile(version, cwd, ...options) {
  const tsc = join(project, "node_modules", version, "bin", "tsc");
  try {
    execFileSync(process.execPath, [tsc, ...options], { cwd, encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    return `${options.join(" ")}\n${error.stdout}${error.stderr}`;
  }
}

/** One version's word on everything. */
function check(version) {
  const strict = { target: "es2022", lib: ["es2022"], types: [], strict: true, skipLibCheck: false, noEmit: true };
  const problems = [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ].map(([module, moduleResolution]) => {
    const compilerOptions = { ...strict, module, moduleResolution };
    const cwd = folder(`${version}-${moduleResolution}`, {
      ...everything,
      "tsconfig.json": JSON.stringify({ compilerOptions }),
    });
    return compile(version, cwd, "-p", ".");
  });
  const cwd = folder(`${version}-readme`, examples);
  problems.push(compile(version, cwd, "--init"));
  // Until 5.8 it wrote CommonJS for ES2016, where examples have no top-level await, nor types from `exports`.
  const isOld = readFileSync(join(cwd, "tsconfig.json"), "utf8").includes('"module": "commonjs"');
  const modern = isOld ? ["--module", "nodenext", "--target", "es2022"] : [];
  problems.push(compile(version, cwd, "-p", ".", "--noEmit", ...modern));
  return problems.filter((problem) => problem !== "");
}

for (const name of Object.keys(devDependencies)) {
  const { version } = JSON.parse(readFileSync(join(project, "node_modules", name, "package.json"), "utf8"));
  const problems = check(name);
  console.log(`TypeScript ${version.padEnd(6)} ${problems.length === 0 ? "compiles" : "FAILS"}`);
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}
