import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, expect, test } from "vitest";
import { lockFolder } from "../../../src/seq2seq/files/lock.js";
import { readFiles } from "../../../src/seq2seq/files/readFiles.js";
import { Generator } from "../../../src/tensor/index.js";
import { bundle } from "../../support/bundle.js";
import { contents, newFolder, temporaryFolder } from "../../support/folder.js";
import { stateOf } from "./states.js";

let program: string;
beforeAll(async () => {
  const folder = newFolder();
  program = join(folder, "writer.mjs");
  writeFileSync(program, await bundle("test/seq2seq/files/writer.ts", "node"));
  return () => rmSync(folder, { recursive: true });
});

/** The writing program in a process of its own. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  return { child, lines, ended: once(child, "close") };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Which state a reader finds; null for none. Fails unless it is one as a whole. */
function stateIn(folder: string): number | null {
  const files = readFiles(folder, Object.keys(stateOf(1)));
  const texts = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]),
  );
  if (Object.keys(texts).length === 0) return null;
  const n = Number(texts["config.json"]);
  expect(texts).toEqual(stateOf(n));
  return n;
}

test("killed at any moment thirty times over, a writer leaves one whole state, and no earlier one than it reported", async () => {
  const generator = new Generator(1);
  const folder = join(temporaryFolder(), "model");
  let last = -1;
  for (let kill = 0; kill < 30; kill++) {
    const { child, lines, ended } = start("write", folder);
    while (lines.length === 0) await pause(2);
    await pause(generator.random() * 30);
    child.kill("SIGKILL");
    await ended;
    const reported = Number(lines.at(-1));
    const found = stateIn(folder);
    expect([reported, reported + 1]).toContain(found); // it may have been killed before it said so
    expect(reported).toBeGreaterThan(last);
    last = found!;
  }
  lockFolder(folder)(); // whoever comes next takes over
  expect(readdirSync(folder)).not.toContain("seqgrad.lock");
});

test("who reads while another writes finds one whole state each time", async () => {
  const folder = join(temporaryFolder(), "model");
  const { child, lines, ended } = start("write", folder);
  const found = new Set<number | null>();
  while (lines.length < 50) {
    for (let i = 0; i < 10; i++) found.add(stateIn(folder));
    await pause(0);
  }
  child.kill("SIGKILL");
  await ended;
  expect(found.size).toBeGreaterThan(10);
});

test("of four processes that come at the same moment exactly one gets each folder, new or left behind", async () => {
  const parent = temporaryFolder();
  const folders = Array.from({ length: 60 }, (_, round) => join(parent, `${round}`));
  const gone = start("none");
  await gone.ended;
  const lock = JSON.stringify({ id: "a", pid: gone.child.pid, host: hostname(), began: "", since: "" });
  for (const folder of folders.filter((_, round) => round % 3 > 0)) {
    mkdirSync(folder);
    if (folders.indexOf(folder) % 3 === 2) writeFileSync(join(folder, "seqgrad.lock"), lock);
  }
  const racers = [1, 2, 3, 4].map(() => start("race", `${Date.now() + 500}`, ...folders));
  while (!racers.every(({ lines }) => lines.at(-1) === "done")) await pause(10);
  const won = racers.flatMap(({ lines }) => lines.slice(0, -1).map(Number));
  expect(won.sort((a, b) => a - b)).toEqual([...folders.keys()]);
  for (const folder of folders) expect(Object.keys(contents(folder))).toContain("seqgrad.lock");
  for (const { child, ended } of racers) {
    child.stdin.end();
    await ended;
  }
  expect(folders.filter((folder) => existsSync(join(folder, "seqgrad.lock")))).toEqual([]);
});

test("a process that ends gives back what it had taken", async () => {
  const parent = temporaryFolder();
  const { ended } = start("exit", join(parent, "model"));
  expect(await ended).toEqual([0, null]);
  expect(readdirSync(parent)).toEqual([]);
});
