import { anything, callback, checkOptions, flag, integer, limit, type OptionTable, oneOf } from "../../options.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import { CharacterTokenizer, type Tokenizer, type Vocabulary, WordTokenizer } from "../text/index.js";
import {
  buildVocabulary,
  type JudgingPairs,
  type Languages,
  type PreparedPairs,
  recoder,
  sift,
  toJudge,
} from "./encode.js";
import { SourceGroups } from "./holdOut.js";
import { type TextPairs, tokenisePairs } from "./tokenise.js";

/** How raw text becomes ids. */
export interface TextOptions {
  /** What a token is. Default "word". */
  readonly tokenizer?: "word" | "character";
  /** Folds case. Default false: case is kept. */
  readonly lowercase?: boolean;
  /** Rarer tokens become unknown. Default 1. */
  readonly minFrequency?: number;
  /** At most this many ids a side, the four special ones included. Default: no limit. */
  readonly maxVocabulary?: number;
}

const TEXT_OPTIONS: OptionTable<TextOptions> = {
  tokenizer: oneOf(["word", "character"]),
  lowercase: flag(),
  minFrequency: integer(1),
  maxVocabulary: limit(integer(4)),
};

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

const OPTIONS: OptionTable<CorpusOptions> = {
  train: anything(),
  valid: anything(),
  holdOut: integer(0),
  generator: generatorOption,
  languages: anything(),
  text: anything(),
  maxLength: limit(integer(0)),
  reverseSource: flag(),
  onProgress: callback(),
};

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
  checkOptions("prepareCorpus", OPTIONS, options);
  checkOptions("prepareCorpus: text", TEXT_OPTIONS, options.text);
  const { languages, train, held } = await prepareTraining(options);
  const valid = options.valid ? await preparePairs(options.valid, languages, options) : held;
  return { ...languages, train, valid };
}

/** All that comes from the training pairs; `held` is what was set aside of them. */
async function prepareTraining(
  options: CorpusOptions,
): Promise<{ languages: Languages; train: PreparedPairs; held: JudgingPairs }> {
  const { text, maxLength, reverseSource, onProgress } = options;
  const tokenizers = options.languages
    ? { source: options.languages.source.tokenizer, target: options.languages.target.tokenizer }
    : { source: makeTokenizer(text), target: makeTokenizer(text) };
  const groups = options.valid ? null : new SourceGroups();
  const read = await tokenisePairs(options.train, tokenizers, {
    onPair: ({ source }, whole) => groups?.add(source, whole),
    onProgress: (pairs) => onProgress?.({ part: "training", pairs }),
  });
  const isHeld = groups?.choose(options.holdOut, options.generator) ?? (() => false);
  const { kept, ...counts } = sift(read, maxLength, (i) => !isHeld(i));
  const vocabulary = (side: "source" | "target"): Vocabulary =>
    buildVocabulary(read, kept, side, { minFrequency: text.minFrequency, maxSize: text.maxVocabulary });
  const languages = options.languages ?? {
    source: { tokenizer: tokenizers.source, vocabulary: vocabulary("source") },
    target: { tokenizer: tokenizers.target, vocabulary: vocabulary("target") },
  };
  const recode = recoder(read, languages, reverseSource);
  const held = toJudge(read, sift(read, maxLength, isHeld), languages, recode);
  read.pairs.retain(kept, recode); // after that, `read` has ids where it had numbers
  return { languages, train: { ...counts, pairs: read.pairs }, held };
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
  return toJudge(read, sift(read, maxLength), languages, recoder(read, languages, reverseSource));
}

function makeTokenizer({ tokenizer = "word", lowercase }: TextOptions): Tokenizer {
  return tokenizer === "word" ? new WordTokenizer({ lowercase }) : new CharacterTokenizer({ lowercase });
}
