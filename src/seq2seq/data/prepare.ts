import type { Generator } from "../../tensor/random.js";
import {
  CharacterTokenizer,
  type Language,
  type Tokenizer,
  tokenId,
  Vocabulary,
  WordTokenizer,
} from "../text/index.js";
import { SourceGroups } from "./holdOut.js";
import { EncodedPairs } from "./pairs.js";
import { type TextPairs, type TokenisedPairs, tokenisePairs } from "./tokenise.js";

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

/** Both languages of a translator. */
export interface Languages {
  readonly source: Language;
  readonly target: Language;
}

/** Pairs as ids, without those that cannot be trained on, which are counted. */
export interface PreparedPairs {
  readonly pairs: EncodedPairs;
  /** Pairs left out because either side is empty. */
  readonly empty: number;
  /** Pairs left out because either side has more than `maxLength` tokens. */
  readonly tooLong: number;
  /** The first of these: its line in the file, from 1, and the tokens of its longer side. */
  readonly firstTooLong: { readonly line: number; readonly tokens: number } | null;
}

/** Pairs to judge by, with their texts in the form in which a model reads and writes them ({@link normalForm}). */
export interface JudgingPairs extends PreparedPairs {
  sourceText(index: number): string;
  targetText(index: number): string;
}

/** How far the reading of a corpus is. */
export interface ReadingProgress {
  readonly part: "training" | "validation";
  /** Pairs read so far. */
  readonly pairs: number;
}

export interface CorpusOptions {
  /** Pairs of raw text, read once. */
  readonly train: TextPairs;
  /** Default: set aside from `train`. */
  readonly valid?: TextPairs;
  /** At most this many source sentences are set aside where `valid` is not given, and no more than one in twenty. */
  readonly holdOut: number;
  /** Chooses what is set aside. */
  readonly generator: Generator;
  /** Those of a model that goes on training; made of the training pairs unless given. */
  readonly languages?: Languages;
  readonly text: TextOptions;
  /** Pairs with more tokens on either side are left out. */
  readonly maxLength: number;
  /** Whether the model reads the source from its last word to its first (Sutskever et al., 2014). */
  readonly reverseSource: boolean;
  /** Told every ten thousand pairs. */
  onProgress?(progress: ReadingProgress): void;
}

/** A corpus as a model trains on it. */
export interface Corpus extends Languages {
  readonly train: PreparedPairs;
  readonly valid: JudgingPairs;
}

/**
 * Reads a corpus: tokenises each pair as it comes, sets some aside to judge by, numbers the tokens of the rest by how
 * often they occur, and keeps ids alone. What is set aside are source sentences with all their translations, so that no
 * source is on both sides, whatever its case and spacing; the vocabularies are those of the pairs trained on. The same
 * pairs and generator give the same corpus, whatever the pairs come from.
 *
 * Throws `RangeError` on limits of the vocabulary out of range, and whatever reading the pairs throws.
 *
 * @example
 * const { source, target, train, valid } = await prepareCorpus({
 *   train: streamTsv("pairs.tsv"), holdOut: 1000, generator: new Generator(0), text: {}, maxLength: 60, reverseSource: false,
 * });
 */
export async function prepareCorpus(options: CorpusOptions): Promise<Corpus> {
  const { generator, text, maxLength, reverseSource, onProgress } = options;
  const tokenizers = options.languages
    ? { source: options.languages.source.tokenizer, target: options.languages.target.tokenizer }
    : { source: makeTokenizer(text), target: makeTokenizer(text) };
  const groups = options.valid ? null : new SourceGroups();
  const read = await tokenisePairs(options.train, tokenizers, {
    onPair: ({ source }, whole) => groups?.add(source, whole),
    onProgress: (pairs) => onProgress?.({ part: "training", pairs }),
  });
  const isHeld = groups?.choose(options.holdOut, generator) ?? (() => false);
  const train = sift(read, maxLength, (i) => !isHeld(i));
  const languages = options.languages ?? {
    source: { tokenizer: tokenizers.source, vocabulary: buildVocabulary(read, train.kept, "source", text) },
    target: { tokenizer: tokenizers.target, vocabulary: buildVocabulary(read, train.kept, "target", text) },
  };
  const pairs = encode(read, train.kept, languages, reverseSource);
  const valid = options.valid
    ? await preparePairs(options.valid, languages, { maxLength, reverseSource, onProgress })
    : toJudge(read, sift(read, maxLength, isHeld), languages, reverseSource);
  return { ...languages, train: { ...train, pairs }, valid };
}

/**
 * Pairs to judge a model by, as {@link prepareCorpus} prepares those for validation: with the model's own languages, and
 * without what is empty or over-long.
 */
export async function preparePairs(
  texts: TextPairs,
  languages: Languages,
  { maxLength, reverseSource, onProgress }: Pick<CorpusOptions, "maxLength" | "reverseSource" | "onProgress">,
): Promise<JudgingPairs> {
  const tokenizers = { source: languages.source.tokenizer, target: languages.target.tokenizer };
  const read = await tokenisePairs(texts, tokenizers, {
    onProgress: (pairs) => onProgress?.({ part: "validation", pairs }),
  });
  return toJudge(read, sift(read, maxLength), languages, reverseSource);
}

function makeTokenizer({ tokenizer = "word", lowercase }: TextOptions): Tokenizer {
  return tokenizer === "word" ? new WordTokenizer({ lowercase }) : new CharacterTokenizer({ lowercase });
}

/** Some of the pairs read, and what was left out of them. */
interface Sifted extends Omit<PreparedPairs, "pairs"> {
  /** Indices into the pairs read. */
  readonly kept: readonly number[];
}

/** Leaves out what is empty or over-long, of those pairs that are wanted. */
function sift({ pairs }: TokenisedPairs, maxLength: number, isWanted = (_index: number) => true): Sifted {
  const kept: number[] = [];
  let empty = 0;
  let tooLong = 0;
  let firstTooLong: PreparedPairs["firstTooLong"] = null;
  for (let i = 0; i < pairs.length; i++) {
    if (!isWanted(i)) continue;
    const { source, target } = pairs.at(i);
    const tokens = Math.max(source.length, target.length);
    if (source.length === 0 || target.length === 0) empty++;
    else if (tokens <= maxLength) kept.push(i);
    else {
      tooLong++;
      firstTooLong ??= { line: i + 1, tokens };
    }
  }
  return { kept, empty, tooLong, firstTooLong };
}

/** The vocabulary of one side of the pairs kept. */
function buildVocabulary(
  read: TokenisedPairs,
  kept: readonly number[],
  side: "source" | "target",
  { minFrequency, maxVocabulary = 30_000 }: TextOptions,
): Vocabulary {
  const tokens = read[side];
  const counts = new Int32Array(tokens.length);
  for (const i of kept) for (const number of read.pairs.at(i)[side]) counts[number]++;
  return Vocabulary.fromCounts(
    tokens.map((token, number) => [token, counts[number]] as const),
    { minFrequency, maxSize: maxVocabulary },
  );
}

/** The pairs kept, as ids of the languages. */
function encode(
  read: TokenisedPairs,
  kept: readonly number[],
  languages: Languages,
  reverseSource: boolean,
): EncodedPairs {
  const sourceIds = read.source.map((token) => tokenId(languages.source, token));
  const targetIds = read.target.map((token) => tokenId(languages.target, token));
  const encoded = new EncodedPairs();
  for (const i of kept) {
    const { source, target } = read.pairs.at(i);
    const ids = source.map((number) => sourceIds[number]);
    encoded.push(
      reverseSource ? ids.reverse() : ids,
      target.map((number) => targetIds[number]),
    );
  }
  return encoded;
}

/** The pairs kept, with their texts as the tokenisers give them back. */
function toJudge(read: TokenisedPairs, sifted: Sifted, languages: Languages, reverseSource: boolean): JudgingPairs {
  const texts = (side: "source" | "target"): string[] => {
    const spell = (number: number): string => read[side][number];
    return sifted.kept.map((i) => languages[side].tokenizer.detokenize(Array.from(read.pairs.at(i)[side], spell)));
  };
  const sources = texts("source");
  const targets = texts("target");
  const { kept, ...counts } = sifted;
  return {
    ...counts,
    pairs: encode(read, kept, languages, reverseSource),
    sourceText: (i) => sources[i],
    targetText: (i) => targets[i],
  };
}
