import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { version } from "../../version.js";
import type { Answer } from "../answers.js";
import { answer, sendJson } from "./answering.js";
import { askedReader } from "./asked.js";
import { Batcher, type Compute } from "./batcher.js";
import { discardRest, Gone } from "./body.js";
import type { Work } from "./engine.js";
import { HttpError } from "./httpError.js";
import type { Limits } from "./limits.js";
import { Metrics } from "./metrics.js";
import { openApi } from "./openapi.js";

/** How long what a client still sends is let go by once it was refused. */
const DISCARD_MS = 1000;
/** How often connections are held against their time. */
const CHECK_MS = 1000;
/** How much longer than a request may take a connection may be silent: then its client does not read. */
const SILENCE_MS = 10_000;

/** How long a connection is kept for a next request: longer than balancers keep theirs, which would else send into a closed one. */
const KEEP_MS = 65_000;

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** The server, and what ends it. */
export interface TranslationServer {
  readonly server: Server;
  /** Takes no more requests; resolves once those that there are have their answers. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly compute: Compute<Work, Answer>;
  readonly limits: Limits;
  /** The beam of requests that name none. */
  readonly beam: number;
  /** Told what should not have happened. */
  readonly report: (message: string) => void;
}

/** An HTTP server that translates by `compute`, and says how it is. */
export function makeServer({ compute, limits, beam, report }: ServerOptions): TranslationServer {
  const metrics = new Metrics();
  const batcher = new Batcher<Work, Answer>(
    (batch, signal) => {
      metrics.batched(batch.length);
      return compute(batch, signal);
    },
    {
      ...{ size: limits.batch, gather: limits.gather, queue: limits.queue },
      weight: limits.batchCharacters,
      weigh: ({ text }) => text.length,
      blame: (error, place) =>
        error instanceof HttpError && error.status === 422
          ? new HttpError(422, `POST /translate: ${error.message} at ${place}`)
          : error,
    },
  );
  const answering = { batcher, limits, metrics, readAsked: askedReader(limits, beam) };
  let isStopping = false;
  const responses = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const description = openApi(limits);
  const routes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
    "/translate": {
      POST: async (request, response) => {
        if (isStopping) throw new HttpError(503, "the server is stopping", { "Retry-After": "1" });
        await answer(answering, request, response);
      },
    },
    "/health": {
      GET: (_, response) => {
        const { waiting, running } = batcher;
        sendJson(response, isStopping ? 503 : 200, {
          status: isStopping ? "stopping" : "ok",
          version,
          waiting,
          running,
        });
      },
    },
    "/metrics": {
      GET: async (_, response) => {
        const { waiting, running } = batcher;
        const connections = await new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
        response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.end(metrics.text({ waiting, running, connections }));
      },
    },
    "/openapi.json": { GET: (_, response) => sendJson(response, 200, description) },
  };

  /** The handler of a request. Throws `HttpError` where there is none. */
  const find = (path: string, method: string): Handler => {
    if (!Object.hasOwn(routes, path)) {
      throw new HttpError(404, `expected ${Object.keys(routes).join(", ")}, got another path`);
    }
    const methods = routes[path];
    const own = method === "HEAD" ? "GET" : method;
    if (Object.hasOwn(methods, own)) return methods[own];
    const allow = Object.keys(methods).flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name]));
    throw new HttpError(405, `expected ${allow.join(" or ")} ${path}, got ${method}`, { Allow: allow.join(", ") });
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path] = (request.url ?? "").replace(/^https?:\/\/[^/]*/i, "").split("?");
    responses.add(response);
    response.on("close", () => {
      responses.delete(response);
      if (response.headersSent) metrics.answered(Object.hasOwn(routes, path) ? path : "other", response.statusCode);
      if (isStopping) server.closeIdleConnections();
    });
    if (isStopping) response.setHeader("Connection", "close");
    try {
      await find(path, request.method ?? "")(request, response);
    } catch (error) {
      if (error instanceof Gone) return;
      await refuse(request, response, error as Error, report);
    }
  };

  const server = createServer(
    { requestTimeout: limits.timeout, headersTimeout: limits.timeout, connectionsCheckingInterval: CHECK_MS },
    (request, response) => void handle(request, response),
  );
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.keepAliveTimeout = KEEP_MS;
  server.maxConnections = limits.connections;
  server.timeout = limits.timeout + SILENCE_MS;
  return {
    server,
    async stop() {
      isStopping = true;
      for (const response of responses) if (!response.headersSent) response.setHeader("Connection", "close");
      const closed = new Promise((resolve) => server.close(resolve));
      // Balancers and browsers open connections that they have no request for yet.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      // What is still open then has never sent its request, or does not read.
      const timer = setTimeout(() => server.closeAllConnections(), limits.timeout + CHECK_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Answers with what is wrong. Of a response that has begun it becomes the last line. */
async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: Error,
  report: (message: string) => void,
): Promise<void> {
  const { status, headers } = error instanceof HttpError ? error : { status: 500, headers: {} };
  if (status === 500) report(`${request.method} ${request.url}: ${error.message}`);
  const body = { error: status === 500 ? "the server failed" : error.message };
  if (response.headersSent) {
    response.end(`${JSON.stringify(body)}\n`);
    return;
  }
  // A body that is not read to its end is in the way of the next request.
  if (!request.complete && hasBody(request)) response.setHeader("Connection", "close");
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  const own = { "Content-Type": "application/json; charset=utf-8", "Content-Length": text.length };
  response.writeHead(status, { ...own, ...headers });
  response.write(text);
  await discardRest(request, DISCARD_MS);
  response.end();
}
