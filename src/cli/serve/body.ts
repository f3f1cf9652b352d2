import type { IncomingMessage } from "node:http";
import { show } from "../../show.js";
import { HttpError } from "./httpError.js";

/** Thrown where a client has gone before it had said all: nobody is left to be answered. */
export class Gone extends Error {}

/**
 * The body of a request that should be JSON. Throws {@link HttpError}: 415 on another type, 413 on more than `most` bytes,
 * of which no more are read.
 */
export async function readBody(request: IncomingMessage, most: number): Promise<Uint8Array> {
  checkType(request);
  const tooLarge = (): HttpError => new HttpError(413, `expected a body of at most ${most} bytes, got more`);
  if (Number(request.headers["content-length"] ?? 0) > most) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(tooLarge());
      }
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", () => reject(new Gone()));
    request.on("close", () => reject(new Gone()));
  });
}

function checkType({ headers }: IncomingMessage): void {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = headers;
  const [kind, ...parameters] = type.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((part) => part.startsWith("charset="));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (kind !== "application/json" || !isUtf8) {
    throw new HttpError(415, `expected Content-Type: application/json, got ${show(type)}`, {
      Accept: "application/json",
    });
  }
  if (encoding.toLowerCase() !== "identity") {
    throw new HttpError(415, `expected a body that is not encoded, got Content-Encoding: ${show(encoding)}`);
  }
}

/** Lets what a client still sends go by, for a while: one that has not said all may not listen. */
export async function discardRest(request: IncomingMessage, ms: number): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.once("end", done).once("close", done).resume();
  });
}
