import {
  anything,
  callback,
  checkOptions,
  flag,
  fraction,
  integer,
  limit,
  type OptionTable,
  oneOf,
  orNull,
} from "../../options.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import { type Language, SubwordTokenizer, type Tokenizer, Vocabulary } from "../text/index.js";
import { makeTokenizer } from "../text/tokenizerFromJSON.js";
import {
  addCounts,
  countTokens,
  type JudgingPairs,
  type Languages,
  type PreparedPairs,
  recoder,
  sift,
  toJudge,
} from "./encode.js";
import { SourceGroups } from "./holdOut.js";
import { type Bpes, countReachable, cutPairs, learnBpes, resampler, takeApart } from "./subwords.js";
import { type TextPairs, type TokenisedPairs, tokenisePairs } from "./tokenise.js";

/** How raw text becomes ids. */
export interface TextOptions {
  /** What a token is: a word or sign, what stands between spaces, or a character. Default "word". */
  readonly tokenizer?: "word" | "space" | "character";
  /** Folds case. Default false: case is kept. */
  readonly lowercase?: boolean;
  /** Cuts words into pieces by a BPE of at most this many merges, learned from the training pairs. Default null: not. */
  readonly subwords?: number | null;
  /** One BPE and one vocabulary for both sides. Default false: each side has its own. */
  readonly jointSubwords?: boolean;
  /** How likely each merge is to be left out while training ({@link Bpe.cut}). Default 0. */
  readonly subwordDropout?: number;
  /** Rarer tokens become unknown. Default 1. */
  readonly minFrequency?: number;
  /** At most this many ids a side, the four special ones included. Default: no limit. */
  readonly maxVocabulary?: number;
}

const TEXT_OPTIONS: OptionTable<TextOptions> = {
  tokenizer: oneOf(["word", "space", "character"]),
  lowercase: flag(),
  subwords: orNull(integer(1)),
  jointSubwords: flag(),
  subwordDropout: fraction(),
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
  if (!options.languages) checkSubwords("prepareCorpus", options.text);
  const { languages, train, held } = await prepareTraining(options);
  const valid = options.valid ? await preparePairs(options.valid, languages, options) : held;
  return { ...languages, train, valid };
}

/** All that comes from the training pairs; `held` is what was set aside of them. */
async function prepareTraining(
  options: CorpusOptions,
): Promise<{ languages: Languages; train: PreparedPairs; held: JudgingPairs }> {
  const { text, maxLength, reverseSource, onProgress } = options;
  const apart = partsOf(options);
  const groups = options.valid ? null : new SourceGroups();
  const words = await tokenisePairs(options.train, apart.words, {
    onPair: ({ source }, whole) => groups?.add(source, whole),
    onProgress: (pairs) => onProgress?.({ part: "training", pairs }),
  });
  const isHeld = groups?.choose(options.holdOut, options.generator) ?? (() => false);
  const isTrained = (pair: number): boolean => !isHeld(pair);
  const bpes = apart.bpes ?? learnedBpes(words, sift(words, maxLength, isTrained).kept, text);
  const read = cutPairs(words, bpes);
  const { kept, ...counts } = sift(read, maxLength, isTrained);
  const languages = options.languages ?? buildLanguages({ words, read, kept }, apart.words, bpes, text);
  const recode = recoder(read, languages, reverseSource);
  const held = toJudge(read, sift(read, maxLength, isHeld), languages, recode);
  read.pairs.retain(kept, recode); // after that, `read` has ids where it had numbers
  const train: PreparedPairs = { ...counts, pairs: read.pairs };
  const dropout = text.subwordDropout ?? 0;
  if (read === words || dropout === 0) return { languages, train, held };
  words.pairs.retain(kept, () => {});
  return { languages, train: { ...train, resample: resampler(words, languages, { dropout, reverseSource }) }, held };
}

/** The tokenisers of either side's words and, of a model that goes on training, its BPE. */
function partsOf({ languages, text }: CorpusOptions) {
  if (!languages) {
    const { tokenizer: kind = "word", lowercase = false } = text;
    return {
      words: { source: makeTokenizer({ kind, lowercase }), target: makeTokenizer({ kind, lowercase }) },
      bpes: null,
    };
  }
  const source = takeApart(languages.source.tokenizer);
  const target = takeApart(languages.target.tokenizer);
  return {
    words: { source: source.words, target: target.words },
    bpes: { source: source.bpe, target: target.bpe },
  };
}

function learnedBpes(
  words: TokenisedPairs,
  kept: readonly number[],
  { subwords = null, jointSubwords = false }: TextOptions,
): Bpes {
  return subwords === null ? { source: null, target: null } : learnBpes(words, kept, subwords, jointSubwords);
}

/** The languages of the pairs kept. */
function buildLanguages(
  { words, read, kept }: { words: TokenisedPairs; read: TokenisedPairs; kept: readonly number[] },
  tokenizers: Record<"source" | "target", Tokenizer>,
  bpes: Bpes,
  { jointSubwords, subwordDropout = 0, minFrequency, maxVocabulary: maxSize }: TextOptions,
): Languages {
  const count = (side: "source" | "target") => {
    const bpe = bpes[side];
    return bpe && subwordDropout > 0 ? countReachable(words, kept, side, bpe) : countTokens(read, kept, side);
  };
  const build = (counts: Iterable<readonly [string, number]>) =>
    Vocabulary.fromCounts(counts, { minFrequency, maxSize });
  const both = jointSubwords ? build(addCounts(count("source"), count("target"))) : null;
  const language = (side: "source" | "target"): Language => {
    const bpe = bpes[side];
    const tokenizer = bpe ? new SubwordTokenizer(tokenizers[side], bpe) : tokenizers[side];
    return { tokenizer, vocabulary: both ?? build(count(side)) };
  };
  return { source: language("source"), target: language("target") };
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

/**
 * Throws `RangeError` on settings of subwords where there are none, and on subwords of characters. It begins with `op`, and
 * calls a setting what `nameOf` says.
 */
export function checkSubwords(op: string, text: TextOptions, nameOf = (name: keyof TextOptions): string => name): void {
  const { subwords = null, jointSubwords = false, subwordDropout = 0, tokenizer } = text;
  const own = nameOf("subwords");
  if (subwords !== null) {
    if (tokenizer !== "character") return;
    const got = `${own} ${subwords} with ${nameOf("tokenizer")} "character"`;
    throw new RangeError(`${op}: expected ${own} of words, got ${got}`);
  }
  const given = Object.entries({ jointSubwords, subwordDropout }).find(([, value]) => value);
  if (given) throw new RangeError(`${op}: expected ${own} with ${nameOf(given[0] as keyof TextOptions)}, got none`);
}
