import { show } from "../../../show.js";
import { checkTexts } from "../checkText.js";
import type { SubwordTokenizerConfig, Tokenizer, WordTokenizerConfig } from "../tokenizer.js";
import type { Bpe } from "./bpe.js";
import { goesOn, groupPieces, markPiece, pieceText } from "./pieces.js";

/**
 * Cuts a text into the words of another tokeniser, and these into pieces; and puts it together again exactly as that one
 * does. A piece that does not end its word carries the mark `@@`.
 *
 * @example
 * const tokenizer = new SubwordTokenizer(new WordTokenizer(), bpe);
 * tokenizer.tokenize("He dives."); // ["He", "di@@", "ves", "￭."]
 */
export class SubwordTokenizer implements Tokenizer {
  readonly kind = "bpe";
  /** The tokeniser whose words are cut. */
  readonly words: Tokenizer & { readonly kind: WordTokenizerConfig["kind"] };
  readonly bpe: Bpe;

  /** Throws `TypeError` unless the tokens of `words` are free of spaces: one of characters or of pieces will not do. */
  constructor(words: Tokenizer, bpe: Bpe) {
    if (!isOfWords(words)) {
      throw new TypeError(`SubwordTokenizer: expected a tokeniser of words, got one of kind ${show(words.kind)}`);
    }
    this.words = words;
    this.bpe = bpe;
  }

  /** The pieces of all words of `text`. */
  tokenize(text: string): string[] {
    return this.words.tokenize(text).flatMap((word) => this.bpe.cut(word));
  }

  /** The text of `tokens`. Any pieces will do: a word that is never ended ends with the text. */
  detokenize(tokens: readonly string[]): string {
    checkTexts("detokenize", "tokens", tokens);
    return this.words.detokenize(groupPieces(tokens).map((pieces) => pieces.map(pieceText).join("")));
  }

  /** The piece with its joiners set otherwise. */
  otherForms(token: string): string[] {
    return this.words.otherForms(pieceText(token)).map((form) => markPiece(form, !goesOn(token)));
  }

  toJSON(): SubwordTokenizerConfig {
    return { kind: this.kind, words: this.words.toJSON() as WordTokenizerConfig, merges: this.bpe.merges };
  }
}

function isOfWords(tokenizer: Tokenizer): tokenizer is SubwordTokenizer["words"] {
  return tokenizer.kind === "word" || tokenizer.kind === "space";
}
