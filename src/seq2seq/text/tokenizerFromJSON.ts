import { show } from "../../show.js";
import { Bpe } from "./bpe/bpe.js";
import { SubwordTokenizer } from "./bpe/subwordTokenizer.js";
import { CharacterTokenizer } from "./characterTokenizer.js";
import { SpaceTokenizer } from "./spaceTokenizer.js";
import type { Tokenizer, WordTokenizerConfig } from "./tokenizer.js";
import { WordTokenizer } from "./wordTokenizer.js";

/** Tokenisers that need nothing but {@link TokenizerOptions}. */
const KINDS = { word: WordTokenizer, space: SpaceTokenizer, character: CharacterTokenizer } as const;

/**
 * The tokeniser that a {@link TokenizerConfig} read from a file describes. Throws `TypeError` when it is not one.
 *
 * @example
 * tokenizerFromJSON(JSON.parse('{ "kind": "word", "lowercase": true }')).tokenize("Ça va?"); // ["ça", "va", "￭?"]
 */
export function tokenizerFromJSON(config: unknown): Tokenizer {
  if (typeof config === "object" && config !== null && "kind" in config && config.kind === "bpe") {
    const { words, merges } = config as { words?: unknown; merges?: unknown };
    // Not `tokenizerFromJSON`: a file may nest deeper than any recursion goes, and pieces of pieces there are none.
    return new SubwordTokenizer(ofWords(words), new Bpe(merges as string[]));
  }
  return ofWords(config);
}

function ofWords(config: unknown): Tokenizer {
  if (typeof config !== "object" || config === null || !("kind" in config) || !("lowercase" in config)) {
    throw new TypeError(`tokenizerFromJSON: expected an object with "kind" and "lowercase", got ${show(config)}`);
  }
  const { kind, lowercase } = config;
  if (typeof lowercase !== "boolean") {
    throw new TypeError(`tokenizerFromJSON: expected "lowercase" to be true or false, got ${show(lowercase)}`);
  }
  return makeTokenizer({ kind: kind as WordTokenizerConfig["kind"], lowercase });
}

/** A tokeniser of words or characters. Throws `TypeError` on another kind. */
export function makeTokenizer({ kind, lowercase }: WordTokenizerConfig): Tokenizer {
  if (typeof kind === "string" && Object.hasOwn(KINDS, kind)) return new KINDS[kind]({ lowercase });
  const kinds = [...Object.keys(KINDS), "bpe"].map((each) => JSON.stringify(each)).join(" or ");
  throw new TypeError(`tokenizerFromJSON: expected "kind" to be ${kinds}, got ${show(kind)}`);
}
