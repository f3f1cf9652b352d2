import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../answers.js";
import type { Asked, AskedReader } from "./asked.js";
import { type Batcher, QueueFull } from "./batcher.js";
import { Gone, readBody } from "./body.js";
import type { Work } from "./engine.js";
import { HttpError } from "./httpError.js";
import type { Limits } from "./limits.js";
import type { Metrics } from "./metrics.js";

/** How soon who was turned away should come again, in seconds. */
const RETRY = { "Retry-After": "1" };

/** What answers requests for translations. */
export interface Answering {
  readonly batcher: Batcher<Work, Answer>;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly readAsked: AskedReader;
}

/**
 * `POST /translate`: all translations as one JSON object or, where that is asked for, token by token, one JSON object a
 * line. Throws {@link HttpError}, and {@link Gone} once nobody is left to be answered.
 */
export async function answer(
  { batcher, limits, metrics, readAsked }: Answering,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const began = performance.now();
  const asked = readAsked(await readBody(request, limits.body));
  const stopping = new AbortController();
  const late = new HttpError(504, `expected an answer within ${limits.timeout / 1000} s, got none`);
  const timer = setTimeout(() => stopping.abort(late), limits.timeout);
  const leave = (): void => stopping.abort(new Gone());
  response.on("close", leave);
  try {
    if (response.destroyed) throw new Gone();
    const stream = asked.isStreamed ? new LineStream(response) : null;
    const works = asked.texts.map((text, index): Work => {
      const onTokens: Work["onTokens"] = stream
        ? ({ tokens, text }) => stream.write({ index, tokens, text })
        : undefined;
      return { text, prefix: asked.prefixes?.[index], asked, onTokens };
    });
    const answers = await batcher.add(keyOf(asked), works, stopping.signal).catch((error) => {
      throw error instanceof QueueFull ? new HttpError(503, error.message, RETRY) : error;
    });
    metrics.translated(answers.length, (performance.now() - began) / 1000);
    if (!stream) sendJson(response, 200, { translations: answers });
    else {
      answers.forEach((own, index) => {
        stream.write({ index, ...own });
      });
      stream.end();
    }
  } finally {
    clearTimeout(timer);
    response.off("close", leave);
  }
}

/** What requests have in common that may be translated together. */
function keyOf({ search, prefixes, isStreamed }: Asked): string {
  const sorted = Object.entries(search).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, prefixes !== undefined, isStreamed]);
}

/** One JSON object a line. The response begins with the first one: until then it may still become an error. */
class LineStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  write(value: object): void {
    const response = this.#response;
    if (response.writableEnded || response.destroyed) return;
    this.#begin();
    response.write(`${JSON.stringify(value)}\n`);
  }

  end(): void {
    this.#begin();
    this.#response.end();
  }

  #begin(): void {
    if (this.#response.headersSent) return;
    const headers = { "Content-Type": "application/x-ndjson; charset=utf-8", "Cache-Control": "no-store" };
    this.#response.writeHead(200, headers);
  }
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  const own = { "Content-Type": "application/json; charset=utf-8", "Content-Length": body.length };
  response.writeHead(status, { ...own, ...headers });
  response.end(body);
}
