import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildOnce, commandFile, root } from "../support/build.js";
import { temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

/** What a program says under an environment variable. */
function told(file: string, args: readonly string[], variable: Record<string, string>) {
  const env = { ...process.env, SEQGRAD_KERNELS: "", SEQGRAD_THREADS: "", ...variable };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: temporaryFolder(),
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const wrong = [
  ...["two", "0", "65", "1.5", "-1"].map((value) => ["SEQGRAD_THREADS", value] as const),
  ...["fast", "JS"].map((value) => ["SEQGRAD_KERNELS", value] as const),
];

test.each(wrong)("%s=%s is one line of the command, and a wrong call", (name, value) => {
  for (const [file, args] of [
    [commandFile, ["--version"]],
    [join(root, "dist", "cli", "start.js"), []],
  ] as const) {
    const { status, stdout, stderr } = told(file, args, { [name]: value });
    expect(stderr).toMatch(new RegExp(`^seqgrad: ${name}: expected [^\n]*, got ${value}\n$`));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  }
});

test.each([
  ["SEQGRAD_THREADS", "2"],
  ["SEQGRAD_KERNELS", "js"],
])("%s=%s is what the command works with", (name, value) => {
  const { status, stdout, stderr } = told(commandFile, ["--version"], { [name]: value });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
