/**
 * What a terminal obeys rather than shows: control characters (escape sequences begin with one) and the marks that turn
 * the direction of all text behind them. Line breaks and tabs are left out.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const OBEYED = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** A message as a terminal may show it: what it would obey becomes U+FFFD. */
export function plain(text: string): string {
  return text.replace(OBEYED, "\ufffd");
}

/** A value as one line of JSON, with escapes for what a terminal would obey. */
export function jsonLine(value: unknown): string {
  const hex = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(value).replace(OBEYED, hex)}\n`;
}
