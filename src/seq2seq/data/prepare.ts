import type { Generator } from "../../tensor/random.js";
import {
  CharacterTokenizer,
  type Language,
  normalizeText,
  type Tokenizer,
  Vocabulary,
  WordTokenizer,
} from "../text/index.js";
import type { EncodedPair } from "./batch.js";
import type { TextPair } from "./readPairs.js";

/** How raw text becomes ids. */
export interface TextOptions {
  /** What a token is. Default "word". */
  readonly tokenizer?: "word" | "character";
  /** Folds case. Default false: case is kept. */
  readonly lowercase?: boolean;
  /** Rarer tokens become unknown. Default 1. */
  readonly minFrequency?: number;
  /** At most this many ids a side, the four special ones included. Default 30,000. */
  readonly maxVocabulary?: number;
}

/** Both languages of a corpus: its tokenisers, and the vocabularies of its training pairs. */
export function buildLanguages(
  pairs: readonly TextPair[],
  options: TextOptions,
): { source: Language; target: Language } {
  const { tokenizer = "word", lowercase = false, minFrequency = 1, maxVocabulary = 30_000 } = options;
  const build = (texts: readonly string[]): Language => {
    const made: Tokenizer =
      tokenizer === "word" ? new WordTokenizer({ lowercase }) : new CharacterTokenizer({ lowercase });
    const sentences = texts.map((text) => made.tokenize(text));
    return { tokenizer: made, vocabulary: Vocabulary.build(sentences, { minFrequency, maxSize: maxVocabulary }) };
  };
  return { source: build(pairs.map((pair) => pair.source)), target: build(pairs.map((pair) => pair.target)) };
}

/** Pairs as ids, without those that cannot be trained on, which are counted. */
export interface PreparedPairs {
  readonly encoded: readonly EncodedPair[];
  /** The texts of `encoded`. */
  readonly texts: readonly TextPair[];
  /** Pairs left out because either side has more than `maxLength` tokens. */
  readonly tooLong: number;
  /** Pairs left out because either side is empty. */
  readonly empty: number;
}

/** Encodes pairs, leaving out what is empty or over-long on either side. */
export function preparePairs(
  pairs: readonly TextPair[],
  encode: (pair: TextPair) => EncodedPair,
  maxLength: number,
): PreparedPairs {
  const kept: { pair: TextPair; ids: EncodedPair }[] = [];
  let tooLong = 0;
  let empty = 0;
  for (const pair of pairs) {
    const ids = encode(pair);
    if (ids.source.length === 0 || ids.target.length === 0) empty++;
    else if (ids.source.length > maxLength || ids.target.length > maxLength) tooLong++;
    else kept.push({ pair, ids });
  }
  return { encoded: kept.map(({ ids }) => ids), texts: kept.map(({ pair }) => pair), tooLong, empty };
}

/**
 * Sets aside up to `limit` source sentences, and no more than one in twenty, with all their translations, so that no
 * source sentence is on both sides, whatever its case and spacing. An empty pair could judge nothing, and stays.
 */
export function holdOut(
  pairs: readonly TextPair[],
  limit: number,
  generator: Generator,
): { train: TextPair[]; valid: TextPair[] } {
  const key = ({ source }: TextPair): string => normalizeText(source, { lowercase: true });
  const isWhole = ({ source, target }: TextPair): boolean => source.trim() !== "" && target.trim() !== "";
  const sources = generator.shuffle([...new Set(pairs.filter(isWhole).map(key))]);
  const held = new Set(sources.slice(0, Math.min(limit, Math.max(1, Math.floor(sources.length / 20)))));
  return { train: pairs.filter((pair) => !held.has(key(pair))), valid: pairs.filter((pair) => held.has(key(pair))) };
}
