import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Answer } from "../../../src/cli/answers.js";
import type { Compute } from "../../../src/cli/serve/batcher.js";
import type { Work } from "../../../src/cli/serve/engine.js";
import { HttpError } from "../../../src/cli/serve/httpError.js";
import { type Limits, readLimits } from "../../../src/cli/serve/limits.js";
import { openApi } from "../../../src/cli/serve/openapi.js";
import { makeServer } from "../../../src/cli/serve/server.js";
import { version } from "../../../src/version.js";
import { faults, type Schema } from "../../support/jsonSchema.js";

/** A server in this process, whose "translation" is the text in capitals. */
interface Started {
  readonly url: string;
  readonly limits: Limits;
  /** What it computed, batch by batch. */
  readonly batches: (readonly Work[])[];
  readonly reports: string[];
  /** How many texts wait. */
  waiting(): Promise<number>;
  stop(): Promise<void>;
  ask(path: string, options?: Asking): Promise<Reply>;
  /** `POST /translate` of JSON. */
  translate(body: unknown, headers?: Record<string, string>): Promise<Reply>;
}

interface Asking {
  readonly method?: string;
  readonly body?: string | Uint8Array | readonly Uint8Array[];
  readonly headers?: Record<string, string>;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

const JSON_TYPE = { "Content-Type": "application/json" };
const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ended.splice(0).map((end) => end()));
});

const capitals: Compute<Work, Answer> = async (batch) =>
  batch.map(({ text, onTokens }) => {
    if (text === "bad") return { error: new HttpError(422, "expected another text") };
    if (text === "fault") return { error: new Error("a secret") };
    for (const token of onTokens ? text.split(" ") : []) onTokens!({ tokens: [token], text: token });
    if (text.endsWith("bad")) return { error: new HttpError(422, "expected another end") };
    return { result: { source: text, target: text.toUpperCase() } };
  });

async function start(changed: Partial<Limits> = {}, compute = capitals, beam = 1): Promise<Started> {
  const limits = { ...readLimits({}), gather: 0, ...changed };
  const batches: (readonly Work[])[] = [];
  const reports: string[] = [];
  const { server, stop } = makeServer({
    compute: (batch, signal) => {
      batches.push(batch);
      return compute(batch, signal);
    },
    ...{ limits, beam },
    report: (message) => void reports.push(message),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ended.push(async () => void server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask: Started["ask"] = async (path, { method = "GET", body = "", headers = {} } = {}) => {
    const asked = request(url + path, { method, headers, agent: false });
    const answered = once(asked, "response");
    for (const chunk of Array.isArray(body) ? body : []) asked.write(chunk);
    asked.end(Array.isArray(body) ? undefined : body);
    const [response] = (await answered) as [IncomingMessage];
    const text = await textOf(response.setEncoding("utf8"));
    return { status: response.statusCode!, headers: response.headers, text };
  };
  const waiting = async (): Promise<number> => JSON.parse((await ask("/health")).text).waiting;
  const translate: Started["translate"] = (body, headers) =>
    ask("/translate", { method: "POST", body: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } });
  return { url, limits, batches, reports, waiting, stop, ask, translate };
}

/** A computation that waits for the test. */
function held() {
  let release = (): void => {};
  const begun: AbortSignal[] = [];
  const compute: Compute<Work, Answer> = async (batch, signal) => {
    begun.push(signal);
    await new Promise<void>((resolve) => {
      release = resolve;
      signal.addEventListener("abort", () => resolve());
    });
    return capitals(batch, signal);
  };
  return { compute, begun, release: () => release() };
}

/** All that a stream has to say. */
async function textOf(stream: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Throws unless a reply is one that the description has, of the form that it says. */
function expectDescribed(path: string, method: string, { status, headers, text }: Reply, limits: Limits): void {
  const described = openApi(limits) as { paths: Record<string, Record<string, { responses: Record<number, Schema> }>> };
  const response = described.paths[path][method.toLowerCase()].responses[status];
  expect([path, status, response]).toEqual([path, status, expect.anything()]);
  const type = (headers["content-type"] ?? "").split(";")[0];
  const { schema } = (response.content as Record<string, { schema: Schema }>)[type];
  const values =
    type === "text/plain"
      ? [text]
      : text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line));
  for (const value of values) expect(faults(value, schema, described)).toEqual([]);
}

describe("POST /translate", () => {
  test("answers one text or many, in their order", async () => {
    const server = await start();
    const one = await server.translate({ text: "le chat" });
    expect(one).toMatchObject({ status: 200, headers: { "content-type": "application/json; charset=utf-8" } });
    expect(JSON.parse(one.text)).toEqual({ translations: [{ source: "le chat", target: "LE CHAT" }] });
    const many = await server.translate({ text: ["a", "", "b"], beam: 3, lengthPenalty: 0.5 }, { "X-Other": "1" });
    expect(JSON.parse(many.text).translations.map(({ target }: Answer) => target)).toEqual(["A", "", "B"]);
    expect(JSON.parse((await server.translate({ text: [] })).text)).toEqual({ translations: [] });
    expectDescribed("/translate", "POST", many, server.limits);
  });

  test("gathers requests that ask alike, and no others, into one batch", async () => {
    const server = await start({ gather: 40 });
    const bodies = [
      { text: "a", beam: 2, lengthPenalty: 0 },
      { text: "b", beam: 3 },
      { text: ["c", "d"], lengthPenalty: 0, beam: 2 }, // in another order
      { text: "e", beam: 2, lengthPenalty: 0, targetPrefix: "E" },
      { text: "f", beam: 2, lengthPenalty: 0, nBest: 1 },
      { text: "g", beam: 4, lengthPenalty: 0 },
    ];
    const replies = await Promise.all(bodies.map((body) => server.translate(body)));
    expect(replies.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    expect(server.batches.map((batch) => batch.map(({ text }) => text).sort())).toContainEqual(["a", "c", "d"]);
    expect(server.batches).toHaveLength(5);
    expect(server.batches.flat().map(({ text, prefix }) => [text, prefix])).toContainEqual(["e", "E"]);
  });

  test("streams token by token, one JSON object a line", async () => {
    const server = await start();
    const reply = await server.translate({ text: ["un chat", "non"], stream: true });
    expect(reply).toMatchObject({ status: 200, headers: { "content-type": "application/x-ndjson; charset=utf-8" } });
    expect(
      reply.text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { index: 0, tokens: ["un"], text: "un" },
      { index: 0, tokens: ["chat"], text: "chat" },
      { index: 1, tokens: ["non"], text: "non" },
      { index: 0, source: "un chat", target: "UN CHAT" },
      { index: 1, source: "non", target: "NON" },
    ]);
    expectDescribed("/translate", "POST", reply, server.limits);
    const cut = await server.translate({ text: ["un bad"], stream: true });
    expect([cut.status, cut.text.trimEnd().split("\n").at(-1)]).toEqual([
      200,
      '{"error":"POST /translate: expected another end at 0"}',
    ]);
    expectDescribed("/translate", "POST", cut, server.limits);
    expect((await server.translate({ text: "bad", stream: true })).status).toBe(422); // nothing was said yet
  });
});

const posted = (body: Asking["body"], headers: Record<string, string> = JSON_TYPE): Asking => ({
  ...{ method: "POST", body, headers },
});
const small: Partial<Limits> = { texts: 2, characters: 5, body: 100, beam: 4 };

test.each<[number, string, string, Asking]>([
  [404, "expected /translate, /health, /metrics, /openapi.json, got another path", "/", {}],
  [404, "got another path", "/__proto__", {}],
  [404, "got another path", "/translate/", posted('{"text":"a"}')],
  [405, "expected POST /translate, got GET", "/translate", {}],
  [405, "expected GET or HEAD /health, got POST", "/health", posted("{}")],
  [405, "got PATCH", "/health", { method: "PATCH" }],
  [415, 'expected Content-Type: application/json, got ""', "/translate", posted('{"text":"a"}', {})],
  [415, 'got "text/plain"', "/translate", posted('{"text":"a"}', { "Content-Type": "text/plain" })],
  [415, "got", "/translate", posted('{"text":"a"}', { "Content-Type": "application/json; charset=latin1" })],
  [415, 'Content-Encoding: "gzip"', "/translate", posted("{}", { ...JSON_TYPE, "Content-Encoding": "gzip" })],
  [413, "expected a body of at most 100 bytes", "/translate", posted(" ".repeat(101))],
  [413, "expected a body of at most 100 bytes", "/translate", posted([60, 60].map((size) => Buffer.alloc(size)))],
  [413, "expected at most 2 texts in text, got 3", "/translate", posted('{"text":["a","b","c"]}')],
  [413, "expected at most 5 characters a text, got 6 in text at 1", "/translate", posted('{"text":["a","abcdef"]}')],
  [413, "in targetPrefix at 0", "/translate", posted('{"text":"a","targetPrefix":"abcdef"}')],
  [400, "expected JSON, got Unexpected end", "/translate", posted("")],
  [400, "expected JSON", "/translate", posted('{"text":"a"')],
  [400, "bytes that are no UTF-8", "/translate", posted(Buffer.from('{"text":"\xff"}', "latin1"))],
  [422, "expected an object of options, got null", "/translate", posted("null")],
  [422, "expected an object of options, got [", "/translate", posted(`${"[".repeat(50)}${"]".repeat(50)}`)],
  [422, "expected text, got none", "/translate", posted("{}")],
  [422, "got txt (did you mean text?)", "/translate", posted('{"txt":"a"}')],
  [422, "got __proto__", "/translate", posted('{"text":"a","__proto__":{"beam":2}}')],
  [422, "got constructor", "/translate", posted('{"text":"a","constructor":{"name":{"toString":1}}}')],
  [422, "expected text to be a text or a list of them, got 3 at 1", "/translate", posted('{"text":["a",3]}')],
  [422, "got null", "/translate", posted('{"text":null}')],
  [422, "expected beam to be an integer from 1 to 4, got 5", "/translate", posted('{"text":"a","beam":5}')],
  [422, 'expected beam to be an integer from 1 to 4, got "2"', "/translate", posted('{"text":"a","beam":"2"}')],
  [422, "expected nBest from 1 to the beam of 2, got 3", "/translate", posted('{"text":"a","beam":2,"nBest":3}')],
  [422, "expected maxLength to be an integer from 1 to 5", "/translate", posted('{"text":"a","maxLength":6}')],
  [422, "expected a beam of 1 for stream, got 2", "/translate", posted('{"text":"a","beam":2,"stream":true}')],
  [422, "expected a targetPrefix for each of 2, got 1", "/translate", posted('{"text":["a","b"],"targetPrefix":"c"}')],
  [422, "expected another text", "/translate", posted('{"text":["a","bad"]}')],
  [500, "the server failed", "/translate", posted('{"text":"fault"}')],
])("%i: %s", async (status, message, path, asking) => {
  const server = await start(small);
  const reply = await server.ask(path, asking);
  const { error } = JSON.parse(reply.text);
  expect([reply.status, error]).toEqual([status, expect.stringContaining(message)]);
  expect(reply.headers["content-length"]).toBe(String(Buffer.byteLength(reply.text)));
  if (status === 405) expect(reply.headers.allow).toMatch(/^(POST|GET, HEAD)$/);
  else if (status !== 404) expectDescribed(path, "POST", reply, server.limits);
  expect(server.reports).toEqual(status === 500 ? ["POST /translate: a secret"] : []);
  expect((await server.translate({ text: "a" })).status).toBe(200); // and goes on
});

describe("limits", () => {
  test("503 with Retry-After where the queue is full; all before that are answered", async () => {
    const { compute, begun, release } = held();
    const server = await start({ queue: 2, batch: 1 }, compute);
    const first = server.translate({ text: "a" });
    await until(() => begun.length === 1);
    const second = server.translate({ text: ["b", "c"] });
    await until(async () => (await server.waiting()) === 2);
    const third = await server.translate({ text: "d" });
    expect(third).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    expectDescribed("/translate", "POST", third, server.limits);
    for (let i = 0; i < 3; i++) {
      await until(() => begun.length === i + 1);
      release();
    }
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
  });

  test("504 for an answer that takes too long, which is computed no further", async () => {
    const { compute, begun } = held();
    const server = await start({ timeout: 50 }, compute);
    const late = await server.translate({ text: "a" });
    expect([late.status, JSON.parse(late.text).error]).toEqual([504, "expected an answer within 0.05 s, got none"]);
    expectDescribed("/translate", "POST", late, server.limits);
    expect(begun[0].aborted).toBe(true);
  });

  test("408 for a request that does not arrive", async () => {
    const server = await start({ timeout: 50 });
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write("POST /translate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{");
    expect(await textOf(socket.setEncoding("utf8"))).toMatch(/^HTTP\/1.1 408 /);
  });

  test("what a client asked that has gone is not computed", async () => {
    const { compute, begun, release } = held();
    const server = await start({ batch: 1 }, compute);
    const first = server.translate({ text: "a" });
    await until(() => begun.length === 1);
    for (const text of ["b", "c"]) {
      const leaving = request(`${server.url}/translate`, { method: "POST", headers: JSON_TYPE });
      leaving.on("error", () => {}).end(JSON.stringify({ text }));
      await until(async () => (await server.waiting()) === 1);
      leaving.destroy();
      await until(async () => (await server.waiting()) === 0);
    }
    release();
    expect((await first).status).toBe(200);
    expect(server.batches.flat().map(({ text }) => text)).toEqual(["a"]);
  });
});

test("stop answers what was asked, refuses what comes, and ends", async () => {
  const { compute, begun, release } = held();
  const server = await start({}, compute);
  const begin = async (text: string): Promise<{ socket: Socket; said: Promise<string> }> => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    await once(socket, "connect");
    socket.write(text);
    return { socket, said: textOf(socket.setEncoding("utf8")) };
  };
  const head = "POST /translate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\n";
  const asked = server.translate({ text: "a" });
  await until(() => begun.length === 1);
  const begunBefore = await begin(`${head}\r\n`);
  const begunHalf = await begin(head);
  await server.ask("/health"); // so that both have arrived
  const stopped = server.stop();
  await expect(server.ask("/health")).rejects.toThrow(/ECONNREFUSED/);
  begunBefore.socket.write('{"text":"b"}');
  begunHalf.socket.write('\r\n{"text":"c"}');
  const refused = await begunHalf.said;
  expect(refused).toMatch(/^HTTP\/1.1 503 [\s\S]*Retry-After: 1\r\n[\s\S]*"error":"the server is stopping"/);
  release();
  expect(await asked).toMatchObject({ status: 200, headers: { connection: "close" } });
  await until(() => begun.length === 2);
  release();
  expect(await begunBefore.said).toMatch(/^HTTP\/1.1 200 [\s\S]*"target":"B"/);
  await stopped;
});

test("stop waits for no connection that has never said anything, and says of all others that they end", async () => {
  const { compute, begun, release } = held();
  const server = await start({}, compute);
  const [silent, busy] = [0, 1].map(() => connect(Number(new URL(server.url).port), "127.0.0.1"));
  await Promise.all([silent, busy].map((socket) => once(socket, "connect")));
  const ended = once(silent.resume(), "close");
  const body = '{"text":"a"}';
  const head = `Host: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  busy.write(`POST /translate HTTP/1.1\r\n${head}\r\n${body}`);
  await until(() => begun.length === 1);
  const stopped = server.stop();
  await ended;
  release();
  expect(await textOf(busy.setEncoding("utf8"))).toMatch(/^HTTP\/1.1 200 [\s\S]*Connection: close\r\n/);
  await stopped;
});

test("what is asked in another form is answered alike", async () => {
  const server = await start({ characters: 2 });
  const none = await server.translate({ text: [], stream: true });
  expect(none).toMatchObject({
    status: 200,
    text: "",
    headers: { "content-type": expect.stringMatching(/^application\/x-ndjson/) },
  });
  expect((await server.translate({ text: "😀😀" })).status).toBe(200); // characters, not their halves
  expect((await server.translate({ text: "😀😀😀" })).text).toContain("at most 2 characters a text, got 3");
  const said = async (line: string): Promise<string> => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write(`${line} HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    return textOf(socket.setEncoding("utf8"));
  };
  expect(await said("GET http://x/health")).toMatch(/^HTTP\/1.1 200 [\s\S]*HTTP\/1.1 200 /);
  expect(await said("GET /none")).toMatch(/^HTTP\/1.1 404 [\s\S]*HTTP\/1.1 200 /); // on the same connection
});

test("limits are whole milliseconds, and no request may have more texts than may wait", () => {
  expect(readLimits({ timeout: 2.01, "max-queue": 10 })).toMatchObject({ timeout: 2010, queue: 10, texts: 10 });
  expect(readLimits({ timeout: 0.001 })).toMatchObject({ timeout: 1, queue: 1024, texts: 64 });
});

describe("GET", () => {
  test("/health says that it takes requests, to HEAD too", async () => {
    const server = await start();
    const reply = await server.ask("/health");
    expect(JSON.parse(reply.text)).toEqual({ status: "ok", version, waiting: 0, running: 0 });
    expectDescribed("/health", "GET", reply, server.limits);
    const head = await server.ask("/health?probe=1", { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, text: "", headers: { "content-length": String(reply.text.length) } });
  });

  test("/metrics counts requests, texts and batches, as Prometheus reads it", async () => {
    const server = await start();
    await server.translate({ text: ["a", "b"] });
    await server.translate({ text: 3 });
    await server.ask("/nothing");
    const reply = await server.ask("/metrics");
    expect(reply.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    const lines = reply.text.split("\n");
    expect(lines.pop()).toBe("");
    const sample = /^([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [\d.e+-]+$/;
    const family = /^# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))$/;
    expect(lines.filter((line) => !sample.test(line) && !family.test(line))).toEqual([]);
    for (const line of [
      'seqgrad_requests_total{path="/translate",code="200"} 1',
      'seqgrad_requests_total{path="/translate",code="422"} 1',
      'seqgrad_requests_total{path="other",code="404"} 1',
      "seqgrad_texts_total 2",
      "seqgrad_request_seconds_count 1",
      'seqgrad_batch_texts_bucket{le="1"} 0',
      'seqgrad_batch_texts_bucket{le="2"} 1',
      'seqgrad_batch_texts_bucket{le="+Inf"} 1',
      "seqgrad_batch_texts_sum 2",
      "seqgrad_texts_waiting 0",
    ]) {
      expect(lines).toContain(line);
    }
    expectDescribed("/metrics", "GET", reply, server.limits);
  });

  test("/openapi.json describes what there is, with the limits", async () => {
    const server = await start(small);
    const reply = await server.ask("/openapi.json");
    expectDescribed("/openapi.json", "GET", reply, server.limits);
    const described = JSON.parse(reply.text);
    expect(described.openapi).toBe("3.1.0");
    expect(Object.keys(described.paths)).toEqual(["/translate", "/health", "/metrics", "/openapi.json"]);
    const statuses = Object.keys(described.paths["/translate"].post.responses).map(Number);
    expect(statuses).toEqual([200, 400, 408, 413, 415, 422, 500, 503, 504]);
    const schema: Schema = { $ref: "#/components/schemas/Request" };
    const right = {
      text: ["a"],
      targetPrefix: "b",
      beam: 4,
      nBest: 2,
      maxLength: 5,
      replaceUnknown: false,
      stream: false,
    };
    expect(faults(right, schema, described)).toEqual([]);
    for (const wrong of [{ beam: 5 }, { text: ["a", "b", "c"] }, { text: "abcdef" }, { maxLength: 6 }, { nbest: 1 }]) {
      expect(faults({ text: "a", ...wrong }, schema, described)).toHaveLength(1);
      expect((await server.translate({ text: "a", ...wrong })).status).toBeGreaterThan(400);
    }
  });
});
