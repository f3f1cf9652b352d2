import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { listFiles } from "../../src/seq2seq/files/readFiles.js";
import { decodeSafetensors } from "../../src/seq2seq/files/safetensors.js";
import { Translator } from "../../src/seq2seq/tasks/translation/translator.js";
import { Generator } from "../../src/tensor/index.js";
import { buildOnce, commandFile } from "../support/build.js";
import { Running, seqgrad, writeTsv } from "../support/command.js";
import { reversedDigits } from "../support/digits.js";
import { temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

/** What a run keeps. */
const WHOLE = [
  "checkpoint.safetensors",
  "config.json",
  "history.json",
  "model.safetensors",
  "settings.json",
  "source.json",
  "target.json",
];

/** A training that would go on for hours, with an epoch (and so a save) every few hundredths of a second. */
function endless({ hidden = "12", epochs = "1000000" } = {}): { folder: string; out: string; args: string[] } {
  const folder = temporaryFolder();
  const tsv = join(folder, "pairs.tsv");
  writeTsv(tsv, reversedDigits(4, 3, 1));
  const out = join(folder, "model");
  const args = ["train", "--train-tsv", tsv, "--out", out, "--hidden", hidden, "--epochs", epochs];
  return { folder, out, args };
}

/** Waits until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s stops cleanly with a model to translate and to go on with",
  async (signal) => {
    const { folder, out, args } = endless();
    const running = new Running(args);
    await running.says("epoch 3:");
    running.process.kill(signal);
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.out).toBe("");
    expect(running.err).toMatch(/stopping: a last validation[\s\S]*\nstopped; best: .*saved in/);
    expect(Translator.load(out).translate(["1 2"])).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(["model", "pairs.tsv"]);

    const again = seqgrad([...args, "--resume", "--max-minutes", "0.01"]);
    expect([again.code, again.err]).toEqual([0, expect.stringMatching(/resuming after epoch \d+[\s\S]*stopped; best/)]);
  },
);

test.skipIf(!existsSync("/usr/bin/script"))("a terminal that is gone stops it as cleanly", async () => {
  const { folder, out, args } = endless();
  const [shell, end, log] = ["shell.cjs", "end", "log"].map((name) => join(folder, name));
  // What shells do: hand on the hang-up to who runs in them. This one outlives it, to write down how the training ended.
  writeFileSync(
    shell,
    `const running = require("node:child_process").spawn(process.execPath, ${JSON.stringify([commandFile, ...args, "--max-minutes", "1"])}, { stdio: "inherit" });
     process.on("SIGHUP", () => running.kill("SIGHUP"));
     running.on("exit", (code, signal) => {
       require("node:fs").writeFileSync(${JSON.stringify(end)}, JSON.stringify({ code, signal }));
       process.kill(process.pid, "SIGKILL");
     });`,
  );
  const command = `exec '${process.execPath}' '${shell}'`;
  const terminal = spawn("/usr/bin/script", ["-q", "-f", "-c", command, log], { stdio: "ignore" });
  await until(() => existsSync(log) && readFileSync(log, "utf8").includes("epoch 3:"));
  terminal.kill("SIGKILL");
  await until(() => existsSync(end) && readFileSync(end, "utf8") !== "");
  expect(JSON.parse(readFileSync(end, "utf8"))).toEqual({ code: 0, signal: null });
  expect(Translator.load(out).translate(["1 2"])).toHaveLength(1);
});

test("Ctrl-C that comes twice at once, as under npx, still stops cleanly", async () => {
  const { folder, out, args } = endless({ hidden: "64" });
  const valid = join(folder, "valid");
  writeFileSync(valid, "1 2 3\n".repeat(3000)); // the last validation takes long enough to be hit
  const running = new Running([...args, "--valid-src", valid, "--valid-tgt", valid]);
  await running.says("parameters");
  running.process.kill("SIGINT");
  await running.says("stopping");
  running.process.kill("SIGINT");
  expect(await running.ended).toEqual({ code: 0, signal: null });
  expect(Translator.load(out).translate(["1 2"])).toHaveLength(1);
});

test("Ctrl-C in the first epoch saves what there is", async () => {
  const { out, args } = endless({ hidden: "100" });
  const running = new Running([...args, "--batch-size", "1", "--layers", "3"]);
  await running.says("parameters");
  running.process.kill("SIGINT");
  expect(await running.ended).toEqual({ code: 0, signal: null });
  expect(running.err).toMatch(/epoch 1: cut short, .*saved\n/);
  expect(Translator.load(out).translate(["1 2"])).toHaveLength(1);
});

test("goes on to its end when nobody reads what it prints", async () => {
  const { out, args } = endless({ epochs: "4" });
  for (const unread of ["stdout", "stderr"] as const) {
    const running = new Running([...args, "--json", "--force"]);
    running.process[unread].destroy();
    expect(await running.ended).toEqual({ code: 0, signal: null });
    const { metadata } = decodeSafetensors(readFileSync(join(out, "checkpoint.safetensors")));
    expect(JSON.parse(metadata.training).progress).toMatchObject({ epoch: 4, step: 0 });
  }
});

test("killed at any moment, it leaves a whole model to go on with or none, and nothing beside it", async () => {
  const generator = new Generator(1);
  const { folder, out, args } = endless();
  for (let round = 0; round < 10; round++) {
    const canResume = round % 2 === 0 && listFiles(out).length > 0;
    const running = new Running([...args, canResume ? "--resume" : "--force"]);
    await running.says(round < 2 ? "parameters" : "epoch");
    await new Promise((resolve) => setTimeout(resolve, generator.random() * 150));
    running.process.kill("SIGKILL");
    expect(await running.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(readdirSync(folder).sort()).toEqual(["model", "pairs.tsv"]);
    const files = listFiles(out);
    if (files.length === 0) continue; // killed before the first save
    expect(files).toEqual(WHOLE);
    expect(Translator.load(out).translate(["1 2"])).toHaveLength(1);
  }
  const last = seqgrad([...args, "--resume", "--max-minutes", "0.01"]);
  expect([last.code, last.err]).toEqual([0, expect.stringContaining("stopped; best")]);
  expect(readdirSync(out).sort()).toEqual(WHOLE); // no lock, no journal, no leftovers
});

test("a second run into the folder is told which process has it, and leaves no trace", async () => {
  const { out, args } = endless();
  const running = new Running(args);
  await running.says("epoch 2:");
  for (const way of ["--force", "--resume"]) {
    const second = seqgrad([...args, way]);
    expect(second.code).toBe(1);
    expect(second.err).toContain(`got ${out}, which process ${running.process.pid} has had since`);
  }
  running.process.kill("SIGINT");
  expect(await running.ended).toEqual({ code: 0, signal: null });
  expect(readdirSync(out).sort()).toEqual(WHOLE);
  expect(Translator.load(out).translate(["1 2"])).toHaveLength(1);
});
