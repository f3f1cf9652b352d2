import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildOnce, root } from "../support/build.js";
import { example } from "../support/example.js";
import { temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

const programs = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
  .filter((name) => /^\w+[/\\]\w+\.mjs$/.test(name))
  .filter((name) => readFileSync(join(root, "examples", name), "utf8").includes("readCall("));

test("every example takes its arguments in one way", () => {
  expect(programs.length).toBeGreaterThan(14);
  for (const name of programs) {
    expect(readFileSync(join(root, "examples", name), "utf8")).not.toContain("parseArgs");
    const { code, err } = example(name, ["--zorgle"]);
    expect([name, code, err]).toEqual([name, 2, expect.stringMatching(/^.*--zorgle.*\n$/)]);
  }
}, 60_000);

test.each<[string, string[], RegExp]>([
  ["digits/reversal.mjs", ["--seed", "x"], /^--seed: expected a number, got "x"\n$/],
  ["memory/adding.mjs", ["--cells", "GRU,FOO"], /^--cells: expected some of RNN, LSTM, GRU, got FOO\n$/],
  ["memory/adding.mjs", ["--lengths", "5,x"], /^--lengths: expected integers ≥ 1, got NaN\n$/],
  ["shakespeare/generation.mjs", ["t.txt", "--preset", "nope"], /^--preset: expected .*shakespeare.*, got nope\n$/],
  ["multi30k/ensemble.mjs", [".", "nope", "m"], /^load: expected a model folder, got nope, which does not exist\n$/],
])("%s %j says what is wrong", (name, args, message) => {
  const folder = temporaryFolder();
  for (const file of [
    "t.txt",
    ...["train", "val", "test_2016_flickr"].flatMap((split) => [`${split}.en`, `${split}.fr`]),
  ])
    writeFileSync(join(folder, file), "a b\n");
  const placed = args.map((arg) => (arg === "." || arg === "t.txt" ? join(folder, arg) : arg));
  const { code, err } = example(name, placed);
  expect([code, err]).toEqual([2, expect.stringMatching(message)]);
});
