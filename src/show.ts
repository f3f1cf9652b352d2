/** What a message shows of a value, at most. */
const LONGEST = 60;
/** What a terminal would obey or hide, but for what JSON escapes. */
const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const OBEYED = /[\0-\x08\x0b-\x1f]/g; // but for tabs and line breaks

/**
 * A value as it stands in an error message: no more than some 60 characters of it, for it may be a whole file, and
 * nothing in it that a terminal would obey or hide. Objects of a class are shown by its name.
 *
 * @example
 * show("a\u200bb"); // '"a\\u200bb"'
 */
export function show(value: unknown): string {
  const shown = Array.isArray(value) ? showArray(value) : typeof value === "string" ? quote(value) : showOther(value);
  return shorten(shown).replace(UNSEEN, escaped);
}

/** A message of others, which may quote what they were given, without what a terminal would obey or hide; tabs and line breaks stay. */
export function visible(message: string): string {
  return message.replace(OBEYED, escaped).replace(UNSEEN, escaped);
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A name as it stands in an error message: as {@link show} has it, but without quotation marks. */
export function showName(name: string): string {
  return name.length > LONGEST ? `${show(name).slice(1, -1)}…` : show(name).slice(1, -1);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, LONGEST));
}

/** What is nested is left out: a file may nest deeper than any recursion goes. */
function showArray(values: readonly unknown[]): string {
  const shown = values.slice(0, LONGEST).map((item) => (typeof item === "object" && item ? "…" : show(item)));
  return `[${shown.join(", ")}]`;
}

function showOther(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (value.constructor !== Object) return value.constructor?.name ?? "an object";
  try {
    return JSON.stringify(value) ?? "an object";
  } catch {
    return "an object"; // nested too deep
  }
}

function shorten(text: string): string {
  // A text of 60 signs may take more with its quotation marks and escapes.
  return text.startsWith('"') || text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
