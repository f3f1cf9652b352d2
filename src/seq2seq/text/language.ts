import { goesOn, groupPieces, markPiece } from "./bpe/pieces.js";
import type { Tokenizer } from "./tokenizer.js";
import { UNK, type Vocabulary } from "./vocabulary.js";

/** How one side's raw text becomes token ids and back. */
export interface Language {
  readonly tokenizer: Tokenizer;
  readonly vocabulary: Vocabulary;
}

/**
 * The id by which a model reads a token: its own or, where it has none, that of the same sign joined otherwise, for a
 * model that has only seen `￭.` knows a full stop that stands apart. `UNK` where no form of it is known.
 */
export function tokenId({ tokenizer, vocabulary }: Language, token: string): number {
  const id = vocabulary.id(token);
  if (id !== UNK) return id;
  const known = tokenizer.otherForms(token).find((form) => vocabulary.has(form));
  return known === undefined ? UNK : vocabulary.id(known);
}

/**
 * A text as token ids, without BOS or EOS.
 *
 * @example
 * encodeText(translator.target, "Il dort."); // Int32Array [12, 57, 4]
 */
export function encodeText(language: Language, text: string): Int32Array {
  return Int32Array.from(language.tokenizer.tokenize(text), (token) => tokenId(language, token));
}

/** The text that token ids spell, up to the first EOS. Throws `RangeError` on an id outside the vocabulary. */
export function decodeText({ tokenizer, vocabulary }: Language, ids: Iterable<number>): string {
  return tokenizer.detokenize(vocabulary.decode(ids));
}

/**
 * The words of a text that the model does not know, each once and as written: of a tokeniser of subwords those with a
 * piece that it does not know, of one of characters the characters.
 */
export function unknownWords(language: Language, text: string): string[] {
  const { tokenizer } = language;
  const tokens = tokenizer.tokenize(text);
  const words = tokenizer.kind === "bpe" ? groupPieces(tokens) : tokens.map((token) => [token]);
  const unknown = words.filter((word) => word.some((token) => tokenId(language, token) === UNK));
  return [...new Set(unknown.map((word) => tokenizer.detokenize(word)))]; // without the joiners that a token carries
}

/** A token as people read it: without its joiners, but with the mark of a piece that does not end its word. */
export function tokenLabel({ tokenizer }: Pick<Language, "tokenizer">, token: string): string {
  const label = tokenizer.detokenize([token]);
  return tokenizer.kind === "bpe" && goesOn(token) ? markPiece(label, false) : label;
}

/**
 * A text in the form in which the model writes it, if it knows its words: NFC, single spaces, nothing invisible, lower
 * case where the tokeniser folds. What a model wrote has to be held against references in this form, or spelling that it
 * was never shown is counted as a fault.
 *
 * @example
 * normalForm(translator.target, "Prêt\u00a0?"); // "Prêt ?"
 */
export function normalForm({ tokenizer }: Pick<Language, "tokenizer">, text: string): string {
  return tokenizer.detokenize(tokenizer.tokenize(text));
}
