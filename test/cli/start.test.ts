import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { Translator } from "../../src/seq2seq/tasks/translation/translator.js";
import { buildOnce, root } from "../support/build.js";
import { Running } from "../support/command.js";
import { contents, temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

const start = (cwd: string): Running => new Running([], { file: join(root, "dist", "cli", "start.js"), cwd });

test("npm start that is interrupted keeps what it has, and says so", async () => {
  const cwd = temporaryFolder();
  const running = start(cwd);
  await running.prints("parameters");
  running.process.kill("SIGINT");
  expect(await running.ended).toEqual({ code: 0, signal: null });
  expect(running.err).toMatch(
    /^stopping .*\nepoch 1: cut short, on unseen sentences loss [\d.]+, BLEU [\d.]+, chrF .*\n$/,
  );
  expect(running.out).toMatch(
    /parameters\.\n\n\nStopped\. The best model so far is in model\/; npm start begins anew\.\n$/,
  );
  expect(Translator.load(join(cwd, "model")).translate(["The cat sleeps."])).toHaveLength(1);
});

test("npm start leaves a model folder of another kind alone", async () => {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, "model"));
  writeFileSync(join(cwd, "model", "config.json"), "mine");
  const running = start(cwd);
  expect(await running.ended).toEqual({ code: 1, signal: null });
  expect(running.err).toMatch(/^seqgrad: start: .*got model, which holds something \(.*move it away first\)\n$/);
  expect(contents(cwd)).toEqual({ [join("model", "config.json")]: "mine" });
});
