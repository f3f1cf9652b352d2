import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { loadPretrained } from "../../src/pretrained/index.js";
import { buildOnce, root } from "../support/build.js";
import { Running } from "../support/command.js";
import { example } from "../support/example.js";

beforeAll(() => buildOnce(), 120_000);

const file = join(root, "examples", "serving", "cluster.mjs");

/** What one process of several says of itself. */
async function begun(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { Connection: "close" } });
  return /^process_start_time_seconds (.*)$/m.exec(await response.text())![1];
}

test("two processes serve one port, one that dies is replaced, and all end together", async () => {
  const running = new Running(["--processes", "2", "--", "--port", "0", "--threads", "1"], { file });
  onTestFinished(() => void running.process.kill("SIGKILL"));
  while (running.out.split("\n").length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  const [url, other] = running.out.split("\n");
  expect(other).toBe(url);
  const seen = new Set<string>();
  while (seen.size < 2) seen.add(await begun(url));
  while (running.err.split(" serves\n").length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  process.kill(Number(/process (\d+) serves/.exec(running.err)![1]), "SIGKILL");
  await running.says("ended with SIGKILL");
  while (seen.size < 3) seen.add(await begun(url));
  const text = "the black cat is sleeping";
  const headers = { "Content-Type": "application/json", Connection: "close" };
  const asked = [0, 1, 2, 3].map(() =>
    fetch(`${url}/translate`, { method: "POST", headers, body: JSON.stringify({ text }) }),
  );
  for (const response of await Promise.all(asked)) {
    expect(await response.json()).toEqual({
      translations: [{ source: text, target: loadPretrained().translate([text])[0] }],
    });
  }
  running.process.kill("SIGTERM");
  expect(await running.ended).toEqual({ code: 0, signal: null });
  await expect(fetch(`${url}/health`)).rejects.toThrow();
});

test("says what is wrong, and starts no process again and again that cannot serve", () => {
  const none = example("serving/cluster.mjs", ["--processes", "0"]);
  expect([none.code, none.err]).toEqual([2, "expected --processes to be an integer ≥ 1, got 0\n"]);
  expect(example("serving/cluster.mjs", ["--processes", "none"])).toEqual({
    code: 2,
    out: "",
    err: '--processes: expected a number, got "none"\n',
  });
  const { code, err } = example("serving/cluster.mjs", ["--processes", "1", "--", "--model", "none"]);
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/got none, which does not exist[\s\S]*process \d+ ended with code 1/),
  ]);
});
