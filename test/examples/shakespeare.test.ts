import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { generateCorpus } from "../../src/corpus/index.js";
import { buildOnce } from "../support/build.js";
import { example } from "../support/example.js";
import { temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

describe("shakespeare", () => {
  test("generation trains on a text, goes on with a context and draws its losses", () => {
    const out = temporaryFolder();
    const text = join(out, "text.txt");
    writeFileSync(
      text,
      generateCorpus({ level: 1, size: 600, seed: 1 })
        .map(({ source }) => `${source}\n`)
        .join(""),
    );
    const small = ["--epochs", "1", "--threads", "1", "--context", "Anna ", "--out", join(out, "model")];
    const { code, out: written, err } = example("shakespeare/generation.mjs", [text, ...small]);
    expect([code, written]).toEqual([
      0,
      expect.stringMatching(/^--- topP 0\.9\nAnna .*test: \d\.\d{4} nats a character$/ms),
    ]);
    expect(err).toMatch(/^\d+ tokens, \d+ parameters; .*loss\n.*validation loss \d\.\d{4}$/m);
    expect(readFileSync(join(out, "model", "loss.svg"), "utf8")).toMatch(/seconds.*/s);
  });

  test("generation says which file it wants where it is missing", () => {
    const { code, out, err } = example("shakespeare/generation.mjs", ["nowhere.txt"]);
    expect([code, out, err]).toEqual([
      2,
      "",
      expect.stringMatching(/^expected a file of text.*\ngot nowhere\.txt, which/),
    ]);
    expect(example("shakespeare/generation.mjs", []).err).toContain("got none");
  });
});
