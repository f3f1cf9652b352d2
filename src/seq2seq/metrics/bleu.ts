import { checkOptions, flag, type OptionTable, oneOf } from "../../options.js";
import { checkText } from "../text/checkText.js";
import { addOverlap, countNgrams, emptyOverlap, type Overlap } from "./ngrams.js";
import { checkCorpus, splitAtSpace, trimSpaceAtEnd } from "./segments.js";
import { signature } from "./signature.js";
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

const OPTIONS: OptionTable<BleuOptions> = { tokenize: oneOf(["13a", "none"]), lowercase: flag() };

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
  /** Tokens of all references. */
  readonly referenceLength: number;
  /** The settings, in sacreBLEU's form. */
  readonly signature: string;
}

/**
 * Corpus BLEU with one reference to each hypothesis, as sacreBLEU defines it by default: Papineni et al., "BLEU: a Method
 * for Automatic Evaluation of Machine Translation" (2002); tokenisation 13a and settings by Post, "A Call for Clarity in
 * Reporting BLEU Scores" (2018); "exp" smoothing, which gives the k-th order without a match half of the precision that
 * the one before got: method 3 of Chen and Cherry, "A Systematic Comparison of Smoothing Techniques for Sentence-Level
 * BLEU" (2014). Segments are detokenised text.
 *
 * Throws `RangeError` when the numbers of hypotheses and references differ or are 0, or on an unknown tokenisation.
 *
 * @example
 * bleu(["The dog bit the man.", "It ran."], ["The dog bit the man.", "It ran away."]).score; // 81.42…
 */
export function bleu(
  hypotheses: readonly string[],
  references: readonly string[],
  options: BleuOptions = {},
): BleuScore {
  checkCorpus("bleu", hypotheses, references);
  return scoreSegments("bleu", hypotheses, references, options, false);
}

/**
 * BLEU of a single sentence, from 0 to 100: as {@link bleu}, but over the orders that the hypothesis is long enough for,
 * as sacreBLEU's effective order has it; a sentence of three words would score 0 without. Throws `RangeError` on an
 * unknown tokenisation.
 *
 * @example
 * sentenceBleu("a test", "a test").score; // 100
 */
export function sentenceBleu(hypothesis: string, reference: string, options: BleuOptions = {}): BleuScore {
  checkText("sentenceBleu", hypothesis);
  checkText("sentenceBleu", reference);
  return scoreSegments("sentenceBleu", [hypothesis], [reference], options, true);
}

function scoreSegments(
  operation: string,
  hypotheses: readonly string[],
  references: readonly string[],
  options: BleuOptions,
  effectiveOrder: boolean,
): BleuScore {
  checkOptions(operation, OPTIONS, options);
  const { tokenize = "13a", lowercase = false } = options;
  const toTokens = (segment: string) =>
    TOKENIZERS[tokenize](trimSpaceAtEnd(lowercase ? segment.toLowerCase() : segment));
  const overlap = emptyOverlap(MAX_ORDER);
  let hypothesisLength = 0;
  let referenceLength = 0;
  for (let i = 0; i < hypotheses.length; i++) {
    const hypothesis = toTokens(hypotheses[i]);
    const reference = toTokens(references[i]);
    hypothesisLength += hypothesis.length;
    referenceLength += reference.length;
    addOverlap(overlap, countNgrams(hypothesis, MAX_ORDER, " "), countNgrams(reference, MAX_ORDER, " "));
  }
  const brevityPenalty = penalizeBrevity(hypothesisLength, referenceLength);
  const { precisions, mean } = averagePrecisions(overlap, effectiveOrder);
  return {
    score: brevityPenalty * mean,
    precisions,
    brevityPenalty,
    hypothesisLength,
    referenceLength,
    signature: signature(lowercase, `eff:${effectiveOrder ? "yes" : "no"}|tok:${tokenize}|smooth:exp`),
  };
}

function penalizeBrevity(hypothesisLength: number, referenceLength: number): number {
  // Without a hypothesis token this is exp(-Infinity), which is 0.
  return hypothesisLength >= referenceLength ? 1 : Math.exp(1 - referenceLength / hypothesisLength);
}

function averagePrecisions({ matches, hypothesis }: Overlap, effectiveOrder: boolean) {
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
