import { visible } from "./show.js";

/**
 * What a text, or a file's bytes, says in JSON. Throws `Error` where it is none: on bytes that are no UTF-8, and with the
 * parser's own message, which quotes the text, without what a terminal would obey.
 */
export function parseJSON(json: string | Uint8Array): unknown {
  const text = typeof json === "string" ? json : decode(json);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(visible((cause as Error).message), { cause });
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error("expected UTF-8, got other bytes", { cause });
  }
}
