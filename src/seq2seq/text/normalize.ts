import { checkOptions, flag, type OptionTable } from "../../options.js";
import { checkText } from "./checkText.js";

/** Settings that every tokeniser shares. */
export interface TokenizerOptions {
  /** Fold the text to lower case, by Unicode's locale-independent mapping. Default `false`: case is kept. */
  readonly lowercase?: boolean;
}

export const tokenizerOptions: OptionTable<TokenizerOptions> = { lowercase: flag() };

/**
 * What nobody sees but a model would read: soft hyphens, zero-width spaces and word joiners, marks of direction, byte
 * order marks, and control characters that are no white space. The zero-width joiner and non-joiner (U+200C, U+200D)
 * stay: they change how letters and emoji look.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
/** U+0085, the next line of old mainframes, is white space to Unicode, though not to JavaScript. */
const SPACES = /[\s\u0085]+/g;
/** What most texts have none of: all but the visible characters before the first combining mark, and the space. */
const UNUSUAL = /[^ -~\u00a1-\u00ac\u00ae-\u02ff]/;

/**
 * The form of a text that tokenising keeps exactly: Unicode NFC, nothing invisible (soft hyphens, zero-width spaces,
 * direction marks, control characters), every run of white space (no-break spaces U+00A0 and U+202F included) one plain
 * space, none at either end, and lower case when asked.
 *
 * @example
 * normalizeText("  Prêt\u00a0?\n"); // "Prêt ?"
 */
export function normalizeText(text: string, options: TokenizerOptions = {}): string {
  checkText("normalizeText", text);
  checkOptions("normalizeText", tokenizerOptions, options);
  const { lowercase = false } = options;
  if (isNormal(text)) return lowercase ? text.toLowerCase() : text;
  const visible = text.replace(INVISIBLE, "");
  // Folding before composing: a lower-case letter may compose where its capital does not (J + caron).
  return (lowercase ? visible.toLowerCase() : visible).normalize("NFC").replace(SPACES, " ").trim();
}

/** Whether a text is in its normal form but for its case, as a quick look can tell: true of most, and never wrongly. */
function isNormal(text: string): boolean {
  return !UNUSUAL.test(text) && !text.includes("  ") && !text.startsWith(" ") && !text.endsWith(" ");
}
