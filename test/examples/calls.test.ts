import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildOnce, root } from "../support/build.js";
import { example } from "../support/example.js";
import { temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

test("every example takes its arguments in one way", () => {
  const names = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" });
  const programs = names.filter((name) => name.endsWith(".mjs"));
  const others = programs.filter((name) => readFileSync(join(root, "examples", name), "utf8").includes("parseArgs"));
  expect(others).toEqual(["call.mjs"]);
});

test.each<[string, string[], RegExp]>([
  ["memory/copy.mjs", ["--zorgle"], /^.*--zorgle.*\n$/],
  ["digits/reversal.mjs", ["--seed", "x"], /^--seed: expected a number, got "x"\n$/],
  ["memory/adding.mjs", ["--cells", "GRU,FOO"], /^--cells: expected some of RNN, LSTM, GRU, got FOO\n$/],
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
