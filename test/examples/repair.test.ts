import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Generator } from "../../src/index.js";
import { buildOnce, root } from "../support/build.js";
import { example } from "../support/example.js";
import { temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

describe("repair", () => {
  test("repair trains, counts what is repaired, and draws where it looks", () => {
    const out = temporaryFolder();
    const small = ["--sentences", "200", "--unseen", "20", "--threads", "1", "--out", out];
    const { code, out: written } = example("repair/repair.mjs", small);
    expect([code, written]).toEqual([
      0,
      expect.stringMatching(/^\d+ of 20 unseen sentences with slips fully repaired$/m),
    ]);
    expect(readFileSync(join(out, "attention.svg"), "utf8")).toMatch(/^<svg/);
  });

  test("slips are drawn from a seed, as often as asked for, and leave nothing but letters changed", async () => {
    const { damage, mistype } = await import(join(root, "examples/repair/typing.mjs"));
    const text = "Le garçon a mangé une pomme à midi.";
    const typed = (seed: number) => mistype(text, new Generator(seed));
    expect([typed(3), new Set([1, 2, 3, 4, 5, 6].map(typed)).size > 3]).toEqual([typed(3), true]);
    expect(mistype(text, new Generator(1), { slips: 0, accents: 0 })).toBe(text);
    expect(mistype(text, new Generator(1), { slips: 0, accents: 1 })).toBe("Le garcon a mange une pomme a midi.");
    expect(mistype("ab c.", new Generator(1), { slips: 1 }).replace(/[abc]/g, "")).toBe(" .");
    expect(damage("ab", new Generator(1), { slips: 0.01 })).not.toBe("ab");
    const all = new Set(Array.from({ length: 200 }, (_, seed) => mistype("ab", new Generator(seed), { slips: 0.5 })));
    for (const slip of ["ab", "a", "b", "aab", "abb", "ba"]) expect(all).toContain(slip);
    let slipped = 0;
    for (let seed = 0; seed < 500; seed++) if (mistype("ab", new Generator(seed), { slips: 0.1 }) !== "ab") slipped++;
    expect(slipped / 500).toBeCloseTo(1 - 0.9 * (1 - 0.2 / 3), 1); // a swap needs a letter behind
  });
});
