import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateCorpus } from "../../src/corpus/index.js";
import { buildOnce } from "../support/build.js";
import { example } from "../support/example.js";
import { newFolder, temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

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
