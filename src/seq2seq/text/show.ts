/** What an error message shows of a value from a file, at most. */
const LONGEST = 60;
const CONTROL = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * A value for an error message: as JSON, no more than its first 60 characters, and nothing in it that a terminal would
 * obey or hide.
 *
 * @example
 * show("a\u200bb"); // '"a\\u200bb"'
 */
export function show(value: unknown): string {
  const json = typeof value === "string" ? JSON.stringify(value.slice(0, LONGEST)) : shorten(toJSON(value));
  return json.replace(CONTROL, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function toJSON(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "an object"; // which a file nested deeper than any recursion goes
  }
}

function shorten(json: string): string {
  return json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json;
}
