import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeWav } from "../../src/seq2seq/index.js";
import { buildOnce } from "../support/build.js";
import { example } from "../support/example.js";
import { temporaryFolder } from "../support/folder.js";
import { tone } from "../support/tones.js";

beforeAll(() => buildOnce(), 120_000);

describe("speech", () => {
  const small = ["--epochs", "1", "--hidden", "8", "--threads", "1"];

  test("dialling trains, counts and draws", () => {
    const out = temporaryFolder();
    const run = example("speech/dialling.mjs", [
      "--strings",
      "32",
      "--unseen",
      "20",
      "--epochs",
      "1",
      "--threads",
      "1",
      "--out",
      out,
    ]);
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^\d+ of 20 unseen strings without a mistake$/m)]);
    expect(run.err).toMatch(/^32 recordings, \d+ parameters.*word error rate/s);
    expect(readFileSync(join(out, "dialling.svg"), "utf8")).toMatch(/^<svg/);
  });

  test("digits trains on recordings, strings and without a speaker, and draws", () => {
    const [folder, out] = [temporaryFolder(), temporaryFolder()];
    for (const [i, digit] of [0, 3, 7].entries()) {
      for (const speaker of ["ann", "bob"]) {
        for (const index of [5, 13, 14, 45]) {
          const wav = writeWav([tone(300 * (i + 1) + index, 8000, 0.2)], 8000);
          writeFileSync(join(folder, `${digit}_${speaker}_${index}.wav`), wav);
        }
      }
    }
    const single = example("speech/digits.mjs", [folder, ...small, "--out", out]);
    expect([single.code, single.out]).toEqual([
      ...[
        0,
        expect.stringMatching(/^\d of 6 unseen recordings without a mistake\n\d of 6 digits right; word error rate/m),
      ],
    ]);
    expect(single.err).toMatch(/^12 recordings, /);
    expect(readFileSync(join(out, "attention.svg"), "utf8")).toMatch(/^<svg/);
    const strings = ["--strings", "--digits-per-epoch", "12", "--test-strings", "9"];
    expect(example("speech/digits.mjs", [folder, ...small, ...strings]).out).toMatch(/of 9 unseen recordings without/);
    const without = example("speech/digits.mjs", [folder, ...small, "--leave-out", "bob"]);
    expect([without.out, without.err]).toEqual([
      ...[expect.stringMatching(/of 12 recordings of bob without/), expect.stringMatching(/^9 recordings/)],
    ]);
    const each = example("speech/digits.mjs", [folder, ...small, "--leave-out", "each"]);
    expect(each.out).toMatch(/recordings of ann.*recordings of bob.*mean over 2 speakers left out: [\d.]+ %/s);
    const tested = example("speech/digits.mjs", [folder, ...small, "--test", folder]);
    expect([tested.out, tested.err]).toEqual([
      ...[expect.stringMatching(/of 24 unseen/), expect.stringMatching(/^18 recordings/)],
    ]);
  });

  test("digits says which recordings it wants where they are missing", () => {
    const empty = temporaryFolder();
    const { code, out, err } = example("speech/digits.mjs", [empty]);
    expect([code, out, err]).toEqual([
      ...[2, "", expect.stringMatching(/expected a folder with recordings \{digit\}.*\n.*\ngot .*without any/)],
    ]);
    expect(example("speech/digits.mjs", []).err).toContain("got none");
    expect(example("speech/digits.mjs", [join(empty, "x")]).err).toContain("which does not exist");
  });
});
