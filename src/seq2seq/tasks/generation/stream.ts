import type { Language } from "../../text/index.js";
import { tokenId } from "../../text/language.js";
import type { Tokenizer } from "../../text/tokenizer.js";
import { UNK } from "../../text/vocabulary.js";

const NEWLINE = "\n";

/**
 * A text with its line breaks as tokens: of a tokeniser of characters all code points as they stand, white space too; of
 * another its tokens of each line, with a line break between two.
 *
 * @example
 * streamTokens(new CharacterTokenizer(), "a  b\n"); // ["a", " ", " ", "b", "\n"]
 */
export function streamTokens(tokenizer: Tokenizer, text: string): string[] {
  const unix = text.replace(/\r\n?/g, NEWLINE);
  const config = tokenizer.toJSON();
  if (config.kind === "character") return Array.from(config.lowercase ? unix.toLowerCase() : unix);
  const tokens: string[] = [];
  for (const [i, line] of unix.split(NEWLINE).entries()) {
    if (i > 0) tokens.push(NEWLINE);
    for (const token of tokenizer.tokenize(line)) tokens.push(token);
  }
  return tokens;
}

/** The same as ids. */
export function streamIds(language: Language, text: string): Int32Array {
  return Int32Array.from(streamTokens(language.tokenizer, text), (token) => tokenId(language, token));
}

/** The tokens of a text that a model does not know, each once and as written. */
export function unknownTokens(language: Language, text: string): string[] {
  const { tokenizer } = language;
  const unknown = streamTokens(tokenizer, text).filter((token) => tokenId(language, token) === UNK);
  return [...new Set(unknown.map((token) => joined(tokenizer, [token])))];
}

/** What ids add to a text that they go on with: behind a word, a word begins with a space. */
export function continuation({ tokenizer, vocabulary }: Language, context: string, ids: readonly number[]): string {
  const tokens = vocabulary.decode(ids);
  const before = streamTokens(tokenizer, context);
  const [head, whole] = [before, [...before, ...tokens]].map((all) => joined(tokenizer, all));
  if (!whole.startsWith(head)) return joined(tokenizer, tokens);
  const added = whole.slice(head.length);
  return /\s$/.test(context) ? added.replace(/^ /, "") : added;
}

/** The text of {@link streamTokens}. */
function joined(tokenizer: Tokenizer, tokens: readonly string[]): string {
  if (tokenizer.kind === "character") return tokens.join("");
  const lines: string[][] = [[]];
  for (const token of tokens) {
    if (token === NEWLINE) lines.push([]);
    else lines[lines.length - 1].push(token);
  }
  return lines.map((line) => tokenizer.detokenize(line)).join(NEWLINE);
}
