import { checkOptions, flag, type OptionTable } from "../../options.js";
import { addOverlap, countNgrams, emptyOverlap, type NgramCounts, type Overlap } from "./ngrams.js";
import { checkCorpus, splitAtSpace } from "./segments.js";
import { signature } from "./signature.js";

const MAX_ORDER = 6;
const BETA = 2;

/** How chrF reads its segments. */
export interface ChrfOptions {
  /** Compare in lower case. Default `false`. */
  readonly lowercase?: boolean;
}

const OPTIONS: OptionTable<ChrfOptions> = { lowercase: flag() };

/** A chrF score. */
export interface ChrfScore {
  /** From 0 to 100. */
  readonly score: number;
  /** The settings, in sacreBLEU's form. */
  readonly signature: string;
}

/**
 * Corpus chrF2 with one reference to each hypothesis, as sacreBLEU 2 defines it by default: Popović, "chrF: character
 * n-gram F-score for automatic MT evaluation" (2015), with n from 1 to 6 and recall counting twice as much as precision.
 * White space does not count, n-grams are of code points and are summed over the corpus, and orders that one of the sides
 * has none of are left out. For a single sentence, pass one of each.
 *
 * Throws `RangeError` when the numbers of hypotheses and references differ or are 0.
 *
 * @example
 * chrf(["un chat noir"], ["un chat gris"]).score; // 46.95…
 */
export function chrf(
  hypotheses: readonly string[],
  references: readonly string[],
  options: ChrfOptions = {},
): ChrfScore {
  checkCorpus("chrf", hypotheses, references);
  checkOptions("chrf", OPTIONS, options);
  const { lowercase = false } = options;
  const overlap = emptyOverlap(MAX_ORDER);
  for (let i = 0; i < hypotheses.length; i++) {
    const reference = characterNgrams(references[i], lowercase);
    const hypothesis = characterNgrams(hypotheses[i], lowercase);
    // A hypothesis is not blamed for n-grams longer than its whole reference.
    const comparable = hypothesis.map((counts, order) =>
      reference[order].size === 0 ? new Map<string, number>() : counts,
    );
    addOverlap(overlap, comparable, reference);
  }
  return { score: 100 * fScore(overlap), signature: signature(lowercase, `eff:yes|nc:${MAX_ORDER}|nw:0|space:no`) };
}

function characterNgrams(segment: string, lowercase: boolean): NgramCounts {
  const text = splitAtSpace(lowercase ? segment.toLowerCase() : segment).join("");
  return countNgrams(Array.from(text), MAX_ORDER, "");
}

function fScore({ hypothesis, reference, matches }: Overlap): number {
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let i = 0; i < MAX_ORDER; i++) {
    // Then one of the sides has no such n-grams, for without any in the reference none were counted here.
    if (hypothesis[i] === 0) continue;
    precision += matches[i] / hypothesis[i];
    recall += matches[i] / reference[i];
    orders++;
  }
  // Sums do for the averages, `orders` apart: the F-score is of the first degree in them.
  const denominator = orders * (BETA ** 2 * precision + recall);
  return denominator === 0 ? 0 : ((1 + BETA ** 2) * precision * recall) / denominator;
}
