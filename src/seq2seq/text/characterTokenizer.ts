import { checkOptions } from "../../options.js";
import { checkText, checkTexts } from "./checkText.js";
import { normalizeText, type TokenizerOptions, tokenizerOptions } from "./normalize.js";
import type { Tokenizer, WordTokenizerConfig } from "./tokenizer.js";

/**
 * Cuts a text into its Unicode code points, the space among them, and puts it together again exactly as it was, up to
 * {@link normalizeText}. A character outside the basic plane is one token; a combining mark that NFC leaves apart is a
 * token of its own.
 *
 * @example
 * new CharacterTokenizer().tokenize("né 🙂"); // ["n", "é", " ", "🙂"]
 */
export class CharacterTokenizer implements Tokenizer {
  readonly kind = "character";
  readonly #lowercase: boolean;

  constructor(options: TokenizerOptions = {}) {
    checkOptions("CharacterTokenizer", tokenizerOptions, options);
    this.#lowercase = options.lowercase ?? false;
  }

  /** One token for each code point of the normalised text. */
  tokenize(text: string): string[] {
    checkText("tokenize", text);
    return Array.from(normalizeText(text, { lowercase: this.#lowercase }));
  }

  /** The tokens one after the other, white space normalised: a model may write two spaces in a row. */
  detokenize(tokens: readonly string[]): string {
    checkTexts("detokenize", "tokens", tokens);
    return normalizeText(tokens.join(""));
  }

  /** None: a character is always written alike. */
  otherForms(): string[] {
    return [];
  }

  toJSON(): WordTokenizerConfig {
    return { kind: this.kind, lowercase: this.#lowercase };
  }
}
