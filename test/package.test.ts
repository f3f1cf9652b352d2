import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildOnce, root } from "./support/build.js";
import { newFolder } from "./support/folder.js";

/** A project of somebody else's, with the package installed from its tarball. */
const project = newFolder();
const installed = join(project, "node_modules", "seqgrad");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = ["", "/tensor", "/autograd", "/nn", "/optim", "/seq2seq"].map((entry) => `seqgrad${entry}`);

const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { cwd: project, encoding: "utf8", stdio: "pipe" });
const npm = (...args: string[]): string => run("npm", [...args, "--loglevel=error"]);

beforeAll(() => {
  buildOnce();
  // Without scripts, as `prepack` would build once more while other tests are using dist/.
  npm("pack", root, "--ignore-scripts", "--pack-destination", project);
  const [tarball] = readdirSync(project).filter((name) => name.endsWith(".tgz"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "somebody", private: true, type: "module" }));
  npm("install", "--offline", "--no-audit", "--no-fund", join(project, tarball));
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));

/** What the compiler says about a folder with a tsconfig.json; nothing when all is well. */
function compile(folder: string): string {
  try {
    return run(process.execPath, [join(typescript, "bin", "tsc"), "-p", folder, "--noEmit"]);
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

/** Names that an entry exports, as Node finds them in the installed package. */
function exportsOf(entry: string): string[] {
  const code = `import(${JSON.stringify(entry)}).then((all) => console.log(JSON.stringify(Object.keys(all))))`;
  return JSON.parse(run(process.execPath, ["--input-type=module", "-e", code]));
}

describe("the installed package", () => {
  test("brings nothing with it and runs nothing", () => {
    const { dependencies, peerDependencies, optionalDependencies, scripts } = manifest;
    expect({ dependencies, peerDependencies, optionalDependencies }).toEqual({});
    expect(readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["seqgrad"]);
    for (const script of ["preinstall", "install", "postinstall", "prepare"])
      expect(scripts).not.toHaveProperty(script);
  });

  test("holds the presets, where the command looks for them", () => {
    expect(readdirSync(join(installed, "presets"))).toEqual(readdirSync(join(root, "presets")));
    const page = run(process.execPath, [
      join(installed, "dist/cli/main.js"),
      "train",
      "--preset",
      "multi30k-fixed",
      "-h",
    ]);
    expect(page).toMatch(/^multi30k-fixed: /);
  });

  test("holds few modules, every entry's types, and the sources that their maps point to", () => {
    const files = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" });
    // Each file costs Node time at every import.
    expect(files.filter((name) => name.endsWith(".js")).length).toBeLessThan(20);
    const maps = files.filter((name) => name.endsWith(".map"));
    expect(maps.length).toBeGreaterThan(50);
    for (const name of maps) {
      const { sources } = JSON.parse(readFileSync(join(installed, "dist", name), "utf8")) as { sources: string[] };
      for (const source of sources) {
        expect(existsSync(join(installed, "dist", dirname(name), source)), `${name}: ${source}`).toBe(true);
      }
    }
    for (const name of files.filter((file) => /\.(js|d\.ts)$/.test(file))) {
      const [, map] = /^\/\/# sourceMappingURL=(.*)$/m.exec(readFileSync(join(installed, "dist", name), "utf8")) ?? [];
      if (map) expect(existsSync(join(installed, "dist", dirname(name), map)), `${name}: ${map}`).toBe(true);
    }
    for (const name of ["README.md", "LICENSE", "CHANGELOG.md"]) {
      expect(existsSync(join(installed, name)), name).toBe(true);
    }
    expect(existsSync(join(installed, "test"))).toBe(false);
  });

  test("has what README and its other pages link to", () => {
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    const links = files
      .filter((name) => name.endsWith(".md"))
      .flatMap((name) =>
        [...readFileSync(join(installed, name), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) =>
          join(dirname(name), path),
        ),
      );
    expect(links.length).toBeGreaterThan(12);
    for (const path of links) expect(existsSync(join(installed, path)), path).toBe(true);
  });

  test("can be required, or imported where Node.js is too old for that", () => {
    const load = (process.features as { require_module?: boolean }).require_module ? "require" : "await import";
    const code = `(async () => console.log(typeof (${load}("seqgrad")).Tensor))()`;
    expect(run(process.execPath, ["--input-type=commonjs", "--no-warnings", "-e", code])).toBe("function\n");
  });

  test("is one library through all its entries", () => {
    const code = `
      const [all, tensor, autograd, nn, optim, seq2seq] = await Promise.all(
        ${JSON.stringify(entries)}.map((entry) => import(entry)),
      );
      const pairs = [[all, tensor], [all, autograd], [all.nn, nn], [all.optim, optim], [all.seq2seq, seq2seq]];
      console.log(JSON.stringify({
        different: pairs.flatMap(([a, b]) => Object.keys(b).filter((name) => a[name] !== b[name])),
        instance: new nn.Linear(2, 1).forward(all.ones([1, 2])) instanceof tensor.Tensor,
        switchedOff: autograd.noGrad(() => !all.isGradEnabled()),
      }));`;
    const said = { different: [], instance: true, switchedOff: true };
    expect(JSON.parse(run(process.execPath, ["--input-type=module", "-e", code]))).toEqual(said);
  });

  test("leaves out of a page's bundle what the page does not use", async () => {
    const bundle = async (contents: string): Promise<string> => {
      const stdin = { contents, resolveDir: project };
      const { outputFiles, warnings } = await build({ stdin, bundle: true, format: "esm", write: false });
      expect(warnings).toEqual([]);
      return outputFiles[0].text;
    };
    const held = async (contents: string) => {
      const text = await bundle(contents);
      return { optimisers: text.includes("clipGradNorm"), corpus: text.includes("boulangerie") };
    };
    expect(await held(`export { GRU } from "seqgrad/nn"`)).toEqual({ optimisers: false, corpus: false });
    expect(await held(`export { run } from "seqgrad/seq2seq"`)).toEqual({ optimisers: true, corpus: false });
    expect(await held(`export * from "seqgrad"`)).toEqual({ optimisers: true, corpus: false });
    expect(await held(`export { generateCorpus } from "seqgrad/corpus"`)).toEqual({ optimisers: false, corpus: true });
  });

  test("has a translator on an entry of its own, in a bundle too, which no other entry loads", async () => {
    const contents = `
      import { loadPretrained } from "seqgrad/pretrained";
      console.log(loadPretrained().translate(["the black cat is sleeping"])[0]);`;
    const translation = run(process.execPath, ["--input-type=module", "-e", contents]);
    expect(translation.length).toBeGreaterThan(5);
    const outfile = join(project, "pretrained.mjs");
    await build({ stdin: { contents, resolveDir: project }, bundle: true, format: "esm", outfile, logLevel: "error" });
    expect(run(process.execPath, [outfile])).toBe(translation);
    const stdin = { contents: entries.map((entry) => `export * from "${entry}";`).join("\n"), resolveDir: project };
    const { metafile } = await build({ stdin, bundle: true, format: "esm", write: false, metafile: true });
    expect(Object.keys(metafile.inputs).filter((path) => path.includes("pretrained"))).toEqual([]);
  });

  test.each(["tensor", "autograd", "nn", "optim"])(
    "keeps the kernels' start in a bundle of one name of %s",
    async (room) => {
      const [name] = exportsOf(`seqgrad/${room}`).filter((it) => /^(Tensor|matmul|Linear|Adam)$/.test(it));
      const stdin = {
        contents: `import { ${name} } from "seqgrad/${room}"; console.log(typeof ${name});`,
        resolveDir: project,
      };
      const bundle = join(project, `${room}.mjs`);
      await build({ stdin, bundle: true, format: "esm", outfile: bundle, logLevel: "error" });
      expect(run(process.execPath, [bundle])).toBe("function\n");
      const env = { ...process.env, SEQGRAD_KERNELS: "fast" };
      expect(spawnSync(process.execPath, [bundle], { env, encoding: "utf8" }).stderr).toContain(
        "SEQGRAD_KERNELS: expected",
      );
    },
  );

  test("lets every entry be imported, and nothing else", () => {
    const [main, ...rooms] = entries.map(exportsOf);
    for (const names of [main, ...rooms]) expect(names.length).toBeGreaterThan(5);
    expect(main).toEqual(expect.arrayContaining([...rooms[0], ...rooms[1], "nn", "optim", "seq2seq", "version"]));
    expect(exportsOf("seqgrad/browser")).toEqual(main);
    expect(() => exportsOf("seqgrad/tensor/kernels/index.js")).toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  test("does nothing when it is imported but define", () => {
    const code = `
      const before = new Set(Object.getOwnPropertyNames(globalThis));
      const { version } = await import("seqgrad");
      console.log(version, Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name)).length);`;
    expect(run(process.execPath, ["--input-type=module", "-e", code])).toBe(`${manifest.version} 0\n`);
  });

  test.each(["nodenext", "bundler"])("type-checks every export of every entry with %s resolution", (resolution) => {
    const folder = join(project, resolution);
    mkdirSync(folder);
    const lines = entries.flatMap((entry, i) => {
      const names = exportsOf(entry);
      return [
        `import * as all${i} from "${entry}";`,
        `import { ${names.map((name) => `${name} as ${name}${i}`).join(", ")} } from "${entry}";`,
        `export const used${i}: readonly unknown[] = [all${i}, ${names.map((name) => name + i).join(", ")}];`,
      ];
    });
    const use = `
      import { manualSeed, nn, optim, seq2seq, tensor, type Tensor } from "seqgrad";
      import type { DType, Shape } from "seqgrad/tensor";
      import { type GradcheckResult, noGrad } from "seqgrad/autograd";
      import { GRU } from "seqgrad/nn";
      import { Adam } from "seqgrad/optim";
      import { type Hypothesis, Translator } from "seqgrad/seq2seq";
      manualSeed(1);
      const gru: nn.GRU = new GRU(2, 3, { numLayers: 2 });
      const [output, hidden]: [Tensor, Tensor] = gru.forward(tensor([[[1, 2]]]));
      const optimizer: optim.Adam = new Adam(gru.parameters(), { lr: 0.1 });
      const shape: Shape = noGrad(() => output.shape);
      const model: seq2seq.Seq2Seq = new seq2seq.Seq2Seq({ inputSize: 5, outputSize: 5, hiddenSize: 2 });
      const best: Hypothesis[][] = seq2seq.beamSearch(model, [[4]], { beam: 2 });
      // @ts-expect-error: a typed package refuses what is wrong
      const wrong: string = hidden;
      export const all = { optimizer, shape, best, wrong, load: Translator.load };
      export type All = DType | GradcheckResult;`;
    writeFileSync(join(folder, "all.ts"), lines.join("\n"));
    writeFileSync(join(folder, "use.ts"), use);
    const compilerOptions = {
      target: "es2022",
      lib: ["es2022"],
      module: resolution === "bundler" ? "esnext" : "nodenext",
      moduleResolution: resolution,
      types: [],
      strict: true,
      skipLibCheck: false,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    expect(compile(folder)).toBe("");
  });

  test("type-checks README's examples under what `tsc --init` writes", () => {
    const folder = join(project, "readme");
    mkdirSync(folder);
    const readme = readFileSync(join(installed, "README.md"), "utf8");
    const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)];
    expect(examples.length).toBeGreaterThan(3);
    for (const [i, [, code]] of examples.entries()) writeFileSync(join(folder, `example${i}.ts`), code);
    execFileSync(process.execPath, [join(typescript, "bin", "tsc"), "--init"], { cwd: folder, stdio: "pipe" });
    expect(readFileSync(join(folder, "tsconfig.json"), "utf8")).toContain('"exactOptionalPropertyTypes": true');
    expect(compile(folder)).toBe("");
  });

  describe("an error that nobody catches", () => {
    const program = join(project, "fails.mjs");
    const fails = (...options: string[]): string => {
      const code = `
        import { matmul, zeros } from "seqgrad";
        const multiply = () => matmul(zeros([2, 3]), zeros([4, 5]));
        multiply();`;
      writeFileSync(program, code);
      return spawnSync(process.execPath, [...options, program], { cwd: project, encoding: "utf8" }).stderr;
    };

    test("prints its message, the line that threw, and functions by their names", () => {
      const said = fails();
      expect(said.length).toBeLessThan(2000);
      expect(said).toContain(
        "RangeError: matmul: expected [..., m, k] × [..., k, n] with equal inner sizes, got [2, 3] × ",
      );
      expect(said).toMatch(/at matmul \(.*\n +at multiply \(.*fails\.mjs:3:/);
      expect(said).toMatch(/^\t+throw new RangeError\(/m);
    });

    test("leads to the sources with --enable-source-maps", () => {
      const said = fails("--enable-source-maps");
      expect(said.length).toBeLessThan(2000);
      expect(said).toMatch(/at matmul \(.*[/\\]src[/\\]autograd[/\\]ops[/\\]matmul\.ts:\d+:\d+\)/);
    });

    test("finds no long line that could throw in any module", () => {
      const modules = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" });
      for (const name of modules.filter((file) => file.endsWith(".js"))) {
        // Lists of names and the WebAssembly binaries are one line each, and cannot throw.
        const lines = readFileSync(join(installed, "dist", name), "utf8").replaceAll(/^(import|export) \{.*/gm, "");
        for (const line of lines.replaceAll(/"AGFzb[^"]*"/g, '""').split("\n")) {
          expect(line.length, `${name}: ${line.slice(0, 80)}`).toBeLessThan(700);
        }
      }
    });
  });

  test("has a command", () => {
    expect(npm("exec", "--offline", "--", "seqgrad", "--version")).toBe(`${manifest.version}\n`);
    expect(run(join(project, "node_modules", ".bin", "seqgrad"), ["--help"])).toContain("usage: seqgrad");
  });

  test("satisfies publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });
});
