import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Answer } from "../../../src/cli/answers.js";
import { parse } from "../../../src/cli/options.js";
import { serve } from "../../../src/cli/serve.js";
import { Translator } from "../../../src/seq2seq/tasks/translation/translator.js";
import { buildOnce } from "../../support/build.js";
import { Running, seqgrad, writeTsv } from "../../support/command.js";
import { reversedDigits } from "../../support/digits.js";
import { newFolder } from "../../support/folder.js";

const folder = newFolder();
const model = join(folder, "model");
const generator = join(folder, "generator");
const pairs = reversedDigits(4, 3, 1);
const texts = pairs.slice(0, 24).map(({ source }) => source);

beforeAll(() => {
  buildOnce();
  const tsv = join(folder, "pairs.tsv");
  writeTsv(tsv, pairs);
  const text = join(folder, "text");
  writeFileSync(text, "to be or not to be ".repeat(40));
  const small = ["--hidden", "16", "--epochs", "4", "--lr", "0.01", "--threads", "1", "--out"];
  for (const args of [
    ["train", "--train-tsv", tsv, ...small, model],
    ["train", "--task", "generate", "--train-text", text, ...small, generator],
  ]) {
    const { code, err } = seqgrad(args);
    if (code !== 0) throw new Error(err);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A `seqgrad serve` on any port, ended with the test. */
async function start(...args: string[]): Promise<{ running: Running; url: string }> {
  const running = new Running(["serve", "--model", model, "--port", "0", "--threads", "1", ...args]);
  onTestFinished(() => void running.process.kill("SIGKILL"));
  await running.prints("\n");
  return { running, url: running.out.trim() };
}

async function translate(url: string, body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return fetch(`${url}/translate`, { method: "POST", headers, body: JSON.stringify(body), signal });
}

async function answers(url: string, body: object): Promise<Answer[]> {
  const response = await translate(url, body);
  const { translations, error } = await response.json();
  if (error !== undefined) throw new Error(error);
  return translations;
}

describe("seqgrad serve", () => {
  test("answers many at once as each would be answered alone, bit for bit, however they ask", async () => {
    const { url, running } = await start("--gather", "20", "--length-penalty", "0.8");
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await running.says(`translates at ${url}/translate (kernels `);
    const translator = Translator.load(model);
    const wanted = [
      { beam: 1 },
      { beam: 3, nBest: 3 },
      { beam: 3, nBest: 1, coveragePenalty: 0.2 },
      { beam: 2, maxLength: 2, lengthPenalty: 0 },
    ];
    await Promise.all(
      texts.map(async (text, i) => {
        const options = wanted[i % wanted.length];
        const [answer] = await answers(url, { text, ...options });
        const search = { lengthPenalty: 0.8, ...options };
        const alone =
          search.nBest === undefined
            ? { target: translator.translate([text], search)[0] }
            : {
                tokens: translator.sourceTokens(text),
                hypotheses: JSON.parse(JSON.stringify(translator.translateNBest([text], search)[0])),
              };
        expect(answer).toEqual({ source: text, ...alone });
      }),
    );
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const batches = Number(/^seqgrad_batch_texts_count (\d+)$/m.exec(metrics)![1]);
    expect(batches).toBeLessThan(texts.length);
    const begun = await answers(url, { text: ["0 1", "1 2"], targetPrefix: ["3", ""] });
    const targets = translator.translate(["0 1", "1 2"], { lengthPenalty: 0.8, targetPrefixes: ["3", ""] });
    expect(begun.map(({ target }) => target)).toEqual(targets);
    expect(await answers(url, { text: ["", "zorgle"] })).toMatchObject([
      { source: "", target: "" },
      { source: "zorgle", unknown: expect.any(Array) },
    ]);

    const lines = (await (await translate(url, { text: texts.slice(0, 3), stream: true })).text())
      .trimEnd()
      .split("\n");
    const told = lines.map((line) => JSON.parse(line));
    for (const [index, target] of translator.translate(texts.slice(0, 3), { lengthPenalty: 0.8 }).entries()) {
      const own = told.filter((line) => line.index === index);
      expect(own.at(-1)).toEqual({ index, source: texts[index], target });
      expect(own.at(-2)?.text ?? "").toBe(target);
      expect(
        own
          .slice(0, -1)
          .flatMap(({ tokens }) => tokens)
          .join(""),
      ).toBe(target.replaceAll(" ", ""));
    }
    // What the model says of one text is told to who asked for it, as a fault of theirs.
    const wrong = await translate(url, { text: ["1", "2 3"], targetPrefix: ["", "1 2 3"], maxLength: 2 });
    expect([wrong.status, await wrong.json()]).toEqual([
      422,
      { error: expect.stringMatching(/^POST \/translate: .*got 3 at 1$/) },
    ]);
  });

  test("is healthy while it computes, goes on when a client has gone, and at SIGTERM ends well", async () => {
    const { url, running } = await start("--gather", "1000");
    const health = async () => (await fetch(`${url}/health`)).json();
    const leaving = new AbortController();
    const long = {
      text: Array.from({ length: 64 }, () => "1 2 3 ".repeat(160)),
      beam: 8,
      nBest: 8,
      lengthPenalty: 9,
    };
    let isOver = false;
    const asked = translate(url, long, leaving.signal).finally(() => {
      isOver = true;
    });
    const gone = expect(asked).rejects.toThrow();
    while ((await health()).running === 0);
    expect(isOver).toBe(false);
    leaving.abort();
    await gone;
    expect(await answers(url, { text: texts[0] })).toHaveLength(1);

    const many = texts.map((text) => translate(url, { text }));
    while ((await health()).waiting < texts.length);
    running.process.kill("SIGTERM");
    expect((await Promise.all(many)).map(({ status }) => status)).toEqual(texts.map(() => 200));
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.err).toMatch(/\nstopping: answers what it has been asked\n$/);
    await expect(health()).rejects.toThrow();
  });

  test("reads each file once, which may be a pipe", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const running = new Running(["serve", "--config", pipe]);
    onTestFinished(() => void running.process.kill("SIGKILL"));
    writeFileSync(pipe, JSON.stringify({ model: [model], port: 0, threads: 1, "max-texts": 1 }));
    await running.prints("\n");
    const url = running.out.trim();
    expect(await answers(url, { text: texts[0] })).toHaveLength(1);
    expect((await translate(url, { text: ["1", "2"] })).status).toBe(413);
  });

  test("says in a line why it cannot begin", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const port = String((other.address() as AddressInfo).port);
    const cases: [string[], string][] = [
      [["--model", generator], 'config.json: expected the model of task translate, got one of "generate"'],
      [["--model", join(folder, "none")], `expected a model folder, got ${join(folder, "none")}, which does not exist`],
      [["--model", model, "--port", port], `serve: expected a port that is free, got ${port}`],
    ];
    const usage = seqgrad(["serve", "--model", model, "--beam", "9"]);
    expect(usage).toMatchObject({ code: 2, err: expect.stringContaining("--beam to be at most --max-beam, 8, got 9") });
    for (const [args, message] of cases) {
      const failed = seqgrad(["serve", ...args]);
      expect(failed).toEqual({ code: 1, out: "", err: expect.stringContaining(message) });
      expect(failed.err.trim().split("\n")).toHaveLength(1);
    }
    expect(() => parse(serve, ["--port", "70000"])).toThrow("--port: expected an integer from 0 to 65535");
    expect(() => parse(serve, ["--timeout", "0"])).toThrow("--timeout: expected a number in [0.001, 86400]");
  });
});
