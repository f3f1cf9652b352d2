import { checkOptions, flag, type OptionTable, oneOf } from "../../options.js";
import { type Counts, sumCounts } from "./counts.js";
import { countNgrams, matches, maxCounts, total } from "./ngrams.js";
import { checkCorpus, checkSentence, type References, splitAtSpace, trimSpaceAtEnd } from "./segments.js";
import { type Resampling, signature } from "./signature.js";
import { tokenize13a } from "./tokenize13a.js";

const MAX_ORDER = 4;

const TOKENIZERS = { "13a": tokenize13a, none: splitAtSpace } as const;

/** How BLEU reads its segments. */
export interface BleuOptions {
  /** `"13a"`, the default, for plain text; `"none"` for text whose tokens already stand apart. */
  readonly tokenize?: "13a" | "none";
  /** Compare in lower case. Default `false`. */
  readonly lowercase?: boolean;
}

export const BLEU_OPTIONS: OptionTable<BleuOptions> = { tokenize: oneOf(["13a", "none"]), lowercase: flag() };

/** A BLEU score and what it is made of. */
export interface BleuScore {
  /** From 0 to 100. */
  readonly score: number;
  /** Precisions of 1-grams to 4-grams, from 0 to 100, smoothed. */
  readonly precisions: [number, number, number, number];
  /** From 0 to 1; 1 when the hypotheses are not shorter than the references. */
  readonly brevityPenalty: number;
  /** Tokens of all hypotheses. */
  readonly hypothesisLength: number;
  /** Tokens of all references; of several to a hypothesis, that one counts whose length is the closest. */
  readonly referenceLength: number;
  /** The settings, in sacreBLEU's form. */
  readonly signature: string;
}

/**
 * Corpus BLEU with one reference to each hypothesis or several, as sacreBLEU defines it by default: Papineni et al., "BLEU:
 * a Method for Automatic Evaluation of Machine Translation" (2002); tokenisation 13a and settings by Post, "A Call for
 * Clarity in Reporting BLEU Scores" (2018); "exp" smoothing, which gives the k-th order without a match half of the
 * precision that the one before got: method 3 of Chen and Cherry, "A Systematic Comparison of Smoothing Techniques for
 * Sentence-Level BLEU" (2014). Segments are detokenised text. Of several references, an n-gram counts as often as that one
 * has it that has it most, and the length is that of the one closest to the hypothesis, the shorter of two as close.
 *
 * Throws `RangeError` when the numbers of hypotheses and references differ or are 0, or on an unknown tokenisation.
 *
 * @param references as many as hypotheses, or a list of such lists, one for each set of references.
 *
 * @example
 * bleu(["The dog bit the man.", "It ran."], ["The dog bit the man.", "It ran away."]).score; // 81.42…
 * bleu(["The dog bit the man."], [["The man was bitten."], ["The dog bit a man."]]).score; // 37.99…
 */
export function bleu(hypotheses: readonly string[], references: References, options: BleuOptions = {}): BleuScore {
  const lists = checkCorpus("bleu", hypotheses, references);
  checkOptions("bleu", BLEU_OPTIONS, options);
  const sums = sumCounts(bleuCounts(hypotheses, lists, options));
  return { ...bleuOf(sums), signature: bleuSignature(lists.length, options) };
}

/**
 * BLEU of a single sentence, from 0 to 100: as {@link bleu}, but over the orders that the hypothesis is long enough for,
 * as sacreBLEU's effective order has it; a sentence of three words would score 0 without. Throws `RangeError` on an
 * unknown tokenisation, and on an empty list of references.
 *
 * @example
 * sentenceBleu("a test", "a test").score; // 100
 * sentenceBleu("a test", ["the test", "a trial"]).score; // 70.71…
 */
export function sentenceBleu(
  hypothesis: string,
  reference: string | readonly string[],
  options: BleuOptions = {},
): BleuScore {
  const lists = checkSentence("sentenceBleu", hypothesis, reference).map((text) => [text]);
  checkOptions("sentenceBleu", BLEU_OPTIONS, options);
  const [counts] = bleuCounts([hypothesis], lists, options);
  return { ...bleuOf(counts, true), signature: bleuSignature(lists.length, options, { effectiveOrder: true }) };
}

/** The settings in sacreBLEU's form. */
export function bleuSignature(
  references: number,
  { tokenize = "13a", lowercase = false }: BleuOptions,
  { effectiveOrder = false, resampling = null }: { effectiveOrder?: boolean; resampling?: Resampling | null } = {},
): string {
  const particulars = `eff:${effectiveOrder ? "yes" : "no"}|tok:${tokenize}|smooth:exp`;
  return signature(references, lowercase, particulars, resampling);
}

/** Of each segment: its length, that of its closest reference, then matches and n-grams of each order. */
export function bleuCounts(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  { tokenize = "13a", lowercase = false }: BleuOptions,
): Counts[] {
  const toTokens = (segment: string) =>
    TOKENIZERS[tokenize](trimSpaceAtEnd(lowercase ? segment.toLowerCase() : segment));
  return hypotheses.map((segment, i) => {
    const tokens = toTokens(segment);
    const ours = countNgrams(tokens, MAX_ORDER, " ");
    const theirs = references.map((list) => toTokens(list[i]));
    const most = maxCounts(theirs.map((reference) => countNgrams(reference, MAX_ORDER, " ")));
    const lengths = theirs.map(({ length }) => length);
    return [
      tokens.length,
      closest(tokens.length, lengths),
      ...ours.map((counts, order) => matches(counts, most[order])),
      ...ours.map(total),
    ];
  });
}

/** The one of `lengths` that is closest to `length`, the smaller of two as close. */
function closest(length: number, lengths: readonly number[]): number {
  const distance = (other: number): number => Math.abs(other - length);
  return lengths.reduce((best, other) => {
    const gain = distance(best) - distance(other);
    return gain > 0 || (gain === 0 && other < best) ? other : best;
  });
}

/** BLEU of what {@link bleuCounts} counted. */
export function bleuOf(counts: Counts, effectiveOrder = false): Omit<BleuScore, "signature"> {
  const [hypothesisLength, referenceLength] = counts;
  const brevityPenalty = penalizeBrevity(hypothesisLength, referenceLength);
  const ours = counts.slice(2 + MAX_ORDER);
  const { precisions, mean } = averagePrecisions(counts.slice(2, 2 + MAX_ORDER), ours, effectiveOrder);
  return { score: brevityPenalty * mean, precisions, brevityPenalty, hypothesisLength, referenceLength };
}

function penalizeBrevity(hypothesisLength: number, referenceLength: number): number {
  // Without a hypothesis token this is exp(-Infinity), which is 0.
  return hypothesisLength >= referenceLength ? 1 : Math.exp(1 - referenceLength / hypothesisLength);
}

function averagePrecisions(matches: Counts, hypothesis: Counts, effectiveOrder: boolean) {
  const precisions: BleuScore["precisions"] = [0, 0, 0, 0];
  // Without any match there is nothing to smooth.
  if (matches.every((count) => count === 0)) return { precisions, mean: 0 };
  // Higher orders have no more n-grams than lower ones, so the orders that have any are the first few.
  const filledOrders = hypothesis.filter((count) => count > 0).length;
  let smoothing = 1;
  let logSum = 0;
  for (let i = 0; i < filledOrders; i++) {
    if (matches[i] === 0) smoothing *= 2;
    precisions[i] = (100 * (matches[i] === 0 ? 1 / smoothing : matches[i])) / hypothesis[i];
    logSum += Math.log(precisions[i]);
  }
  if (filledOrders < MAX_ORDER && !effectiveOrder) return { precisions, mean: 0 };
  return { precisions, mean: Math.exp(logSum / filledOrders) };
}
