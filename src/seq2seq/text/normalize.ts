/** Settings that every tokeniser shares. */
export interface TokenizerOptions {
  /** Fold the text to lower case, by Unicode's locale-independent mapping. Default `false`: case is kept. */
  readonly lowercase?: boolean;
}

/**
 * The form of a text that tokenising keeps exactly: Unicode NFC, every run of white space (no-break spaces U+00A0 and
 * U+202F included) one plain space, none at either end, and lower case when asked.
 *
 * @example
 * normalizeText("  Prêt\u00a0?\n"); // "Prêt ?"
 */
export function normalizeText(text: string, { lowercase = false }: TokenizerOptions = {}): string {
  // Folding first: a lower-case letter may compose where its capital does not (J + caron).
  return (lowercase ? text.toLowerCase() : text).normalize("NFC").replace(/\s+/gu, " ").trim();
}
