import type { Language } from "../../text/index.js";
import { tokenId } from "../../text/language.js";
import type { Tokenizer } from "../../text/tokenizer.js";

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

/** The text that ids spell. */
export function streamText({ tokenizer, vocabulary }: Language, ids: readonly number[]): string {
  const tokens = vocabulary.decode(ids);
  if (tokenizer.kind === "character") return tokens.join("");
  const lines: string[][] = [[]];
  for (const token of tokens) {
    if (token === NEWLINE) lines.push([]);
    else lines[lines.length - 1].push(token);
  }
  return lines.map((line) => tokenizer.detokenize(line)).join(NEWLINE);
}
