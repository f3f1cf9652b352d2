import { checkOptions, flag, type OptionTable } from "../../options.js";
import { type Counts, sumCounts } from "./counts.js";
import { countNgrams, matches, type NgramCounts, total } from "./ngrams.js";
import { checkCorpus, type References, splitAtSpace } from "./segments.js";
import { type Resampling, signature } from "./signature.js";

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
 * Corpus chrF2 with one reference to each hypothesis or several, as sacreBLEU 2 defines it by default: Popović, "chrF:
 * character n-gram F-score for automatic MT evaluation" (2015), with n from 1 to 6 and recall counting twice as much as
 * precision. White space does not count, n-grams are of code points and are summed over the corpus, and orders that one of
 * the sides has none of are left out. Of several references, that one counts which gives the segment the best score. For a
 * single sentence, pass one of each.
 *
 * Throws `RangeError` when the numbers of hypotheses and references differ or are 0.
 *
 * @param references as many as hypotheses, or a list of such lists, one for each set of references.
 *
 * @example
 * chrf(["un chat noir"], ["un chat gris"]).score; // 46.95…
 * chrf(["un chat noir"], [["un chat gris"], ["le chat noir"]]).score; // 71.81…
 */
export function chrf(hypotheses: readonly string[], references: References, options: ChrfOptions = {}): ChrfScore {
  const lists = checkCorpus("chrf", hypotheses, references);
  checkOptions("chrf", OPTIONS, options);
  const score = chrfOf(sumCounts(chrfCounts(hypotheses, lists, options)));
  return { score, signature: chrfSignature(lists.length, options) };
}

/** The settings in sacreBLEU's form. */
export function chrfSignature(
  references: number,
  { lowercase = false }: ChrfOptions,
  resampling: Resampling | null = null,
): string {
  return signature(references, lowercase, `eff:yes|nc:${MAX_ORDER}|nw:0|space:no`, resampling);
}

/** Of each segment, for each order: the n-grams of the hypothesis, those of the best reference, and matches. */
export function chrfCounts(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  { lowercase = false }: ChrfOptions,
): Counts[] {
  return hypotheses.map((segment, i) => {
    const ours = characterNgrams(segment, lowercase);
    const compared = references.map((list) => compare(ours, characterNgrams(list[i], lowercase)));
    return compared.reduce((best, counts) => (chrfOf(counts) > chrfOf(best) ? counts : best));
  });
}

function characterNgrams(segment: string, lowercase: boolean): NgramCounts {
  const text = splitAtSpace(lowercase ? segment.toLowerCase() : segment).join("");
  return countNgrams(Array.from(text), MAX_ORDER, "");
}

function compare(hypothesis: NgramCounts, reference: NgramCounts): Counts {
  return hypothesis.flatMap((ours, order) => {
    const theirs = reference[order];
    // A hypothesis is not blamed for n-grams longer than its whole reference.
    return [theirs.size === 0 ? 0 : total(ours), total(theirs), matches(ours, theirs)];
  });
}

/**
 * chrF of what {@link chrfCounts} counted. Operations are in sacreBLEU's order, so that of two references with the same
 * score rounding prefers the same one.
 */
export function chrfOf(counts: Counts): number {
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let i = 0; i < 3 * MAX_ORDER; i += 3) {
    const [ours, theirs, both] = [counts[i], counts[i + 1], counts[i + 2]];
    // Then one of the sides has no such n-grams, for without any in the reference none were counted here.
    if (ours === 0) continue;
    precision += both / ours;
    recall += both / theirs;
    orders++;
  }
  if (precision === 0) return 0; // and so is recall
  precision /= orders;
  recall /= orders;
  return 100 * (((1 + BETA ** 2) * precision * recall) / (BETA ** 2 * precision + recall));
}
