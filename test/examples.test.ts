// Each example in the small: it runs as its header says, and says when its data is missing.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateCorpus } from "../src/corpus/index.js";
import { buildOnce, root } from "./support/build.js";
import { newFolder, temporaryFolder } from "./support/folder.js";

beforeAll(() => buildOnce(), 120_000);

/** Runs an example to its end, elsewhere. */
function example(name: string, args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "examples", name), ...args], {
    encoding: "utf8",
    cwd: temporaryFolder(),
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}

describe("digits", () => {
  const small = ["--pairs", "300", "--epochs", "1", "--threads", "1"];
  test.each(["reversal", "addition"])("%s trains and counts what is right of unseen pairs", (name) => {
    const { code, out, err } = example(`digits/${name}.mjs`, small);
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ of 1000 unseen .* without a mistake$/m)]);
    expect(err).toMatch(/^300 pairs, [\d]+ parameters/);
  });
});

describe("multi30k", () => {
  const data = newFolder();
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  const small = [data, "--epochs", "1", "--threads", "1"];
  beforeAll(() => {
    const pairs = generateCorpus({ level: 1, size: 300, seed: 1 });
    const splits = { train: pairs.slice(60), val: pairs.slice(0, 30), test_2016_flickr: pairs.slice(30, 60) };
    for (const [split, some] of Object.entries(splits)) {
      const lines = (side: "source" | "target") => some.map((pair) => `${pair[side]}\n`.toLowerCase()).join("");
      writeFileSync(join(data, `${split}.en`), lines("source"));
      writeFileSync(join(data, `${split}.fr`), lines("target"));
    }
  });

  test("attention trains, shows translations and draws where it looks; two such models are an ensemble", () => {
    const out = temporaryFolder();
    const folders = ["1", "2"].map((seed) => join(out, seed));
    for (const [i, folder] of folders.entries()) {
      const run = example("multi30k/attention.mjs", [...small, "--out", folder, "--seed", String(i + 1)]);
      expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^→ .*BLEU \d/ms)]);
      expect(readFileSync(join(folder, "attention.svg"), "utf8")).toMatch(/^<svg/);
    }
    const run = example("multi30k/ensemble.mjs", [data, ...folders, "--threads", "1"]);
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/mean: \d.*\ntogether: \d/)]);
  });

  test("fixedContext reads both ways, and draws both lines", () => {
    const out = temporaryFolder();
    const run = example("multi30k/fixedContext.mjs", [...small, "--out", out]);
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/backwards: BLEU.*forwards: BLEU/s)]);
    expect(readFileSync(join(out, "reversal.svg"), "utf8")).toMatch(/read backwards.*read forwards/s);
  });

  test.each(["attention", "fixedContext", "ensemble"])(
    "%s says which files it wants where they are missing",
    (name) => {
      const empty = temporaryFolder();
      const { code, out, err } = example(`multi30k/${name}.mjs`, [empty]);
      expect([code, out, err]).toEqual([
        2,
        "",
        expect.stringMatching(/expected a folder with train\.en.*\ngot .*without train\.en/),
      ]);
      expect(example(`multi30k/${name}.mjs`, []).err).toContain("got none");
      expect(readdirSync(empty)).toEqual([]);
    },
  );
});

test("every example has its result in its header", () => {
  for (const folder of ["digits", "multi30k"]) {
    for (const name of readdirSync(join(root, "examples", folder))) {
      const text = readFileSync(join(root, "examples", folder, name), "utf8");
      if (!text.includes("npm run build && node")) continue; // what examples share
      const header = text.slice(0, text.indexOf("\nimport"));
      expect([name, header]).toEqual([name, expect.stringMatching(/Measured/)]);
      const command = /node (examples\/\S+\.mjs)/.exec(header)?.[1] ?? "none";
      expect([name, existsSync(join(root, command))]).toEqual([name, true]);
    }
  }
});
