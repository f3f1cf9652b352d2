import { type BleuOptions, bleu, chrf } from "../metrics/index.js";
import { tokenize13a } from "../metrics/tokenize13a.js";

/** How good a translator is on validation pairs. (A type, as an interface has no room for scores of other names.) */
export type Score = {
  /** Nats a target token, without label smoothing. */
  readonly loss: number;
  /** Of greedy translations, both 0 to 100. */
  readonly bleu: number;
  readonly chrf: number;
  /** Translations that are their reference, in per cent. */
  readonly exact: number;
};

/** What the best model is chosen by. */
export type Criterion = "bleu" | "loss";

/** BLEU below this is noise: a few n-grams that match by chance. */
const LEAST_BLEU = 5;
/** With fewer runs of four words in all references, each that is matched moves BLEU by much. */
const LEAST_FOURGRAMS = 200;

/** BLEU, chrF and exact matches of translations, held against references of the same form. */
export function scoresOf(
  translations: readonly string[],
  references: readonly string[],
  options: BleuOptions = {},
): Omit<Score, "loss"> {
  const exact = translations.filter((text, i) => text === references[i]).length;
  return {
    bleu: bleu(translations, references, options).score,
    chrf: chrf(translations, references).score,
    exact: (100 * exact) / Math.max(1, translations.length),
  };
}

/**
 * What the best model can be chosen by: BLEU, which is what a translator is for, where the references can bear it. It
 * counts four words in a row; of references that are shorter, or of very few, it is 0 but for accidents, and the loss
 * decides.
 */
export function criterionFor(references: readonly string[]): Criterion {
  const lengths = references.map((text) => tokenize13a(text).length); // as BLEU counts them
  const fourgrams = lengths.reduce((sum, length) => sum + Math.max(0, length - 3), 0);
  const long = lengths.filter((length) => length >= 4).length;
  return fourgrams >= LEAST_FOURGRAMS && 2 * long >= references.length ? "bleu" : "loss";
}

/**
 * Whether a score is better than the best so far: by the criterion, then by the loss. While both BLEU scores are below 5
 * the loss decides, or the luck of an early epoch could stay the best for long.
 */
export function isBetter(score: Score, best: Score, criterion: Criterion): boolean {
  const gain = criterion === "loss" ? 0 : Math.max(score.bleu, LEAST_BLEU) - Math.max(best.bleu, LEAST_BLEU);
  return gain > 0 || (gain === 0 && score.loss < best.loss);
}
