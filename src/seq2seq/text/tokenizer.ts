/** What a model folder keeps of a tokeniser of words or characters. */
export interface WordTokenizerConfig {
  readonly kind: "word" | "space" | "character";
  readonly lowercase: boolean;
}

/** What a model folder keeps of a tokeniser of subwords: the words that it cuts, and the merges of its BPE. */
export interface SubwordTokenizerConfig {
  readonly kind: "bpe";
  readonly words: WordTokenizerConfig;
  readonly merges: readonly string[];
}

/** What a model folder keeps of a tokeniser; {@link tokenizerFromJSON} reads it back. */
export type TokenizerConfig = WordTokenizerConfig | SubwordTokenizerConfig;

/**
 * Cuts text into tokens and back. For every text `x`, `detokenize(tokenize(x))` is `normalizeText(x, { lowercase })`:
 * nothing but white space, what is invisible, Unicode composition and (when folded) case is lost.
 */
export interface Tokenizer {
  readonly kind: TokenizerConfig["kind"];
  tokenize(text: string): string[];
  detokenize(tokens: readonly string[]): string;
  /** Tokens that stand for the same sign or word in other surroundings, likeliest first. */
  otherForms(token: string): string[];
  toJSON(): TokenizerConfig;
}
