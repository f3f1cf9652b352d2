/** What a model folder keeps of a tokeniser; {@link tokenizerFromJSON} reads it back. */
export interface TokenizerConfig {
  readonly kind: "word" | "character";
  readonly lowercase: boolean;
}

/**
 * Cuts text into tokens and back. For every text `x`, `detokenize(tokenize(x))` is `normalizeText(x, { lowercase })`:
 * nothing but white space, what is invisible, Unicode composition and (when folded) case is lost.
 */
export interface Tokenizer {
  readonly kind: "word" | "character";
  tokenize(text: string): string[];
  detokenize(tokens: readonly string[]): string;
  /** Tokens that stand for the same sign or word in other surroundings, likeliest first. */
  otherForms(token: string): string[];
  toJSON(): TokenizerConfig;
}
