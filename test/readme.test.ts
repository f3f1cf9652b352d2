import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateCorpus } from "../src/corpus/index.js";
import { buildOnce, root } from "./support/build.js";

const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map((match) => match[1]);

beforeAll(() => buildOnce(), 120_000);

describe("the README's library examples", () => {
  // Inside the package, so that "seqgrad" means this package itself; what an example saves goes elsewhere.
  const file = join(root, "dist", "readme-example.mjs");
  const cwd = mkdtempSync(join(tmpdir(), "seqgrad-readme-"));
  const run = (code: string): string => {
    writeFileSync(file, transformSync(code, { loader: "ts", target: "es2022" }).code);
    return execFileSync(process.execPath, [file], { encoding: "utf8", cwd });
  };
  afterAll(() => {
    rmSync(file, { force: true });
    rmSync(cwd, { recursive: true, force: true });
  });

  it("trains, and translates three", () => {
    const code = blocks("ts")[0];
    const losses = [...run(code).matchAll(/loss ([\d.]+)/g)].map((match) => Number(match[1]));
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(losses[0] / 4);
    expect(code.trim().split("\n").length).toBeLessThanOrEqual(30);
  });

  const numbered = blocks("ts").map((code, i) => [i + 1, code] as const);

  it.each(numbered)("number %i prints what its comments say", (_, code) => {
    // Node lays arrays out as it likes.
    const squeeze = (text: string): string => text.replace(/\s+/g, "").replaceAll("'", '"');
    const said = [...code.matchAll(/console\.log.*; \/\/ (.*)/g)].map((match) => squeeze(match[1]));
    expect(said.length).toBeGreaterThan(0);
    expect(run(code).trim().split("\n").slice(-said.length).map(squeeze)).toEqual(said);
  });

  it.each(numbered)("number %i imports what it uses and nothing else", (_, code) => {
    const imports = [...code.matchAll(/import \{(.*?)\} from "seqgrad.*";/g)];
    expect(imports.length).toBeGreaterThan(0);
    const rest = imports.reduce((text, [statement]) => text.replace(statement, ""), code);
    for (const name of imports.flatMap(([, list]) => list.replaceAll("type ", "").split(","))) {
      expect(rest).toMatch(new RegExp(`\\b${name.trim()}\\b`));
    }
  });
});

describe("the README's commands", () => {
  const folder = mkdtempSync(join(tmpdir(), "seqgrad-readme-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const bin = `"${process.execPath}" "${join(root, "dist/cli/main.js")}"`;
  const commands = blocks("sh")
    .flatMap((block) => block.trim().replaceAll("\\\n", " ").split("\n"))
    .filter((line) => line.includes("npx seqgrad") || line.startsWith("torchrun"))
    .map((line) => line.replace(/\s+#.*$/, ""));
  /** In the place of PyTorch's training, which test/pytorch/run.mjs tries: the model as it was. */
  const withoutPython = (command: string): string =>
    command.replace(/^torchrun .*\.py (\S+) .*--out (\S+).*$/, "cp -r $1 $2");

  beforeAll(() => {
    const pairs = generateCorpus({ level: 1, size: 120, seed: 1 });
    const write = (name: string, lines: string[]): void => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
    mkdirSync(join(folder, "multi30k"));
    // Stand-ins, of the names that the commands use.
    for (const name of ["pairs.tsv", "eng-fra-train.tsv"]) {
      write(
        name,
        pairs.map(({ source, target }) => `${source}\t${target}`),
      );
    }
    writeFileSync(
      join(folder, "valid.tsv"),
      pairs
        .slice(0, 20)
        .map(({ source, target }) => `${source}\t${target}\n`)
        .join(""),
    );
    for (const name of ["test", "multi30k/train", "multi30k/val", "multi30k/test_2016_flickr", "eng-fra-test"]) {
      write(
        `${name}.en`,
        pairs.slice(0, 40).map(({ source }) => source),
      );
      write(
        `${name}.fr`,
        pairs.slice(0, 40).map(({ target }) => target),
      );
    }
    for (const name of ["translations.txt", "references.txt"]) {
      write(
        name,
        pairs.slice(0, 9).map(({ target }) => target),
      );
    }
  });

  it("are all there", () => {
    const verbs = commands.map((command) => /seqgrad (\w+)/.exec(command)?.[1]);
    expect(verbs).toEqual(
      expect.arrayContaining(["train", "translate", "evaluate", "score", "inspect", "plot", "export"]),
    );
  });

  it.each(commands)("%s", (command) => {
    const output = execFileSync(
      "sh",
      ["-c", withoutPython(command).replaceAll("npx seqgrad", bin).replace(" train ", " train --hidden 16 ")],
      {
        cwd: folder,
        encoding: "utf8",
        stdio: "pipe",
      },
    );
    if (/seqgrad (train|plot|export)|^torchrun/.test(command)) expect(output).toBe("");
    else expect(output).not.toBe("");
  });
});
