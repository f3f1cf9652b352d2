import { show } from "../../show.js";
import { CharacterTokenizer } from "./characterTokenizer.js";
import type { Tokenizer } from "./tokenizer.js";
import { WordTokenizer } from "./wordTokenizer.js";

/**
 * The tokeniser that a {@link TokenizerConfig} read from a file describes. Throws `TypeError` when it is not one.
 *
 * @example
 * tokenizerFromJSON(JSON.parse('{ "kind": "word", "lowercase": true }')).tokenize("Ça va?"); // ["ça", "va", "￭?"]
 */
export function tokenizerFromJSON(config: unknown): Tokenizer {
  if (typeof config !== "object" || config === null || !("kind" in config) || !("lowercase" in config)) {
    throw new TypeError(`tokenizerFromJSON: expected an object with "kind" and "lowercase", got ${show(config)}`);
  }
  const { kind, lowercase } = config;
  if (typeof lowercase !== "boolean") {
    throw new TypeError(`tokenizerFromJSON: expected "lowercase" to be true or false, got ${show(lowercase)}`);
  }
  if (kind === "word") return new WordTokenizer({ lowercase });
  if (kind === "character") return new CharacterTokenizer({ lowercase });
  throw new TypeError(`tokenizerFromJSON: expected "kind" to be "word" or "character", got ${show(kind)}`);
}
