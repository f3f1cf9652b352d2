import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildOnce, commandFile } from "../support/build.js";
import { seqgrad, writeTsv } from "../support/command.js";
import { reversedDigits } from "../support/digits.js";
import { newFolder } from "../support/folder.js";

const folder = newFolder();
const pairs = reversedDigits(4, 3, 1);

beforeAll(() => {
  buildOnce();
  writeTsv(join(folder, "pairs.tsv"), pairs);
  for (const [name, side] of Object.entries({
    "test.en": "source",
    "test.fr": "target",
    "translations.txt": "target",
    "references.txt": "target",
  } as const)) {
    writeFileSync(join(folder, name), pairs.map((pair) => `${pair[side]}\n`).join(""));
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// In this order: the others read the model that train's example makes.
test.each(["train", "translate", "evaluate", "score", "inspect", "plot", "export"])(
  "%s: the example in its help runs as shown",
  (name) => {
    const example = /^example:\n +(.*npx seqgrad .*)$/m.exec(seqgrad([name, "--help"]).out)?.[1];
    const line = String(example).replace("npx seqgrad", `"${process.execPath}" "${commandFile}"`);
    execFileSync("sh", ["-c", line], { cwd: folder, stdio: "pipe" });
  },
);

test("the last line of a training is a command to go on with", () => {
  const model = join(folder, "my second model");
  const train = ["train", "--train-tsv", join(folder, "pairs.tsv"), "--out", model, "--hidden", "8", "--epochs", "1"];
  const last = seqgrad(train).err.trimEnd().split("\n").at(-1);
  expect(last).toBe(`try: npx seqgrad translate --model "${model}"`);
});
