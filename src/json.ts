import { visible } from "./show.js";

/**
 * What a text, or a file's bytes, says in JSON. Throws `Error` where it is none: the parser's own message, which quotes the
 * text, without what a terminal would obey.
 */
export function parseJSON(json: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof json === "string" ? json : new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (cause) {
    throw new Error(visible((cause as Error).message), { cause });
  }
}
