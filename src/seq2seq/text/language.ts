import type { Tokenizer } from "./tokenizer.js";
import type { Vocabulary } from "./vocabulary.js";

/** How one side's raw text becomes token ids and back. */
export interface Language {
  readonly tokenizer: Tokenizer;
  readonly vocabulary: Vocabulary;
}
