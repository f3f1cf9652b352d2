import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildOnce } from "../support/build.js";
import { example } from "../support/example.js";
import { temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

describe("memory", () => {
  const tiny = ["--hidden", "8", "--batch", "8", "--steps", "20", "--threads", "1"];
  test.each([
    ["adding", ["--lengths", "6,12", ...tiny], /always 1/],
    ["copy", ["--lengths", "2,4", "--symbols", "2", ...tiny], /guessing/],
  ])("%s trains each cell at each length and draws their losses", (name, args, baseline) => {
    const out = temporaryFolder();
    const run = example(`memory/${name}.mjs`, [...args, "--out", out]);
    expect(run.code).toBe(0);
    const line = /^(RNN|LSTM|GRU), length \d+: loss \d\.\d+ on 128 unseen sequences/gm;
    expect([...run.out.matchAll(line)].map(([, cell]) => cell)).toEqual(["RNN", "RNN", "LSTM", "LSTM", "GRU", "GRU"]);
    expect(readFileSync(join(out, `${name}.svg`), "utf8")).toMatch(baseline);
  });

  test("adding is learned: the loss of a GRU falls far below that of always saying 1", () => {
    const args = ["--lengths", "10", "--cells", "GRU", "--hidden", "16", "--batch", "32", "--steps", "400"];
    const { out } = example("memory/adding.mjs", [...args, "--lr", "0.02", "--threads", "1"]);
    expect(Number(/loss (\S+)/.exec(out)?.[1])).toBeLessThan(0.01);
  });

  test("gradients vanish in an RNN, and pass gates that begin open", () => {
    const out = temporaryFolder();
    const run = example("memory/gradients.mjs", ["--length", "40", "--hidden", "16", "--batch", "4", "--out", out]);
    const kept = [...run.out.matchAll(/^(.*): the gradient's norm is (\S+) at the last step, (\S+) at the first$/gm)];
    const ratio = new Map(kept.map(([, name, last, first]) => [name, Number(first) / Number(last)]));
    expect([...ratio.keys()]).toEqual(["RNN", "LSTM", "GRU", "LSTM, gates open", "GRU, gates open"]);
    expect(ratio.get("RNN")).toBeLessThan(1e-6);
    for (const name of ["LSTM, gates open", "GRU, gates open"]) expect(ratio.get(name)).toBeGreaterThan(1e-3);
    expect(readFileSync(join(out, "gradients.svg"), "utf8")).toMatch(/^<svg/);
  });
});
