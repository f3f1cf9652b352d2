export { CharacterTokenizer } from "./characterTokenizer.js";
export { decodeText, encodeText, type Language, normalForm, tokenId, unknownWords } from "./language.js";
export { normalizeText, type TokenizerOptions } from "./normalize.js";
export type { Tokenizer, TokenizerConfig } from "./tokenizer.js";
export { tokenizerFromJSON } from "./tokenizerFromJSON.js";
export { BOS, EOS, PAD, UNK, Vocabulary, type VocabularyJSON, type VocabularyOptions } from "./vocabulary.js";
export { WordTokenizer } from "./wordTokenizer.js";
