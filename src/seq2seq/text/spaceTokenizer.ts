import { checkOptions } from "../../options.js";
import { checkText, checkTexts } from "./checkText.js";
import { normalizeText, type TokenizerOptions, tokenizerOptions } from "./normalize.js";
import type { Tokenizer, WordTokenizerConfig } from "./tokenizer.js";

/**
 * Takes a text as it is: its tokens are what stands between spaces. For text that another program has tokenised.
 *
 * @example
 * new SpaceTokenizer().tokenize("a man &apos;s dog ."); // ["a", "man", "&apos;s", "dog", "."]
 */
export class SpaceTokenizer implements Tokenizer {
  readonly kind = "space";
  readonly #lowercase: boolean;

  constructor(options: TokenizerOptions = {}) {
    checkOptions("SpaceTokenizer", tokenizerOptions, options);
    this.#lowercase = options.lowercase ?? false;
  }

  /** The tokens of `text`; none of them is empty or contains white space. */
  tokenize(text: string): string[] {
    checkText("tokenize", text);
    const normal = normalizeText(text, { lowercase: this.#lowercase });
    return normal === "" ? [] : normal.split(" ");
  }

  /** The tokens with a space between each two. */
  detokenize(tokens: readonly string[]): string {
    checkTexts("detokenize", "tokens", tokens);
    return normalizeText(tokens.join(" "));
  }

  /** None: a token is always written alike. */
  otherForms(): string[] {
    return [];
  }

  toJSON(): WordTokenizerConfig {
    return { kind: this.kind, lowercase: this.#lowercase };
  }
}
