import { checkEach } from "../../options.js";
import { show } from "../../show.js";

/** Throws `TypeError` unless `text` is a string. */
export function checkText(op: string, text: unknown): void {
  if (typeof text !== "string") throw new TypeError(`${op}: expected a text, got ${show(text)}`);
}

/** Throws `TypeError` unless these are strings in a list: a single string would be taken for a list of its characters. */
export function checkTexts(op: string, what: string, texts: unknown): void {
  checkEach(op, what, "strings", texts, (text) => typeof text === "string");
}
