/** How good a model is on the validation pairs. */
export interface Score {
  /** Nats a target token. */
  readonly loss: number;
  /** Of greedy translations, 0 to 100. */
  readonly bleu: number;
}

/** BLEU below this is noise: a few n-grams that match by chance. */
const LEAST_BLEU = 5;

/**
 * Whether a score is better than the best so far: by BLEU, which is what a translator is for, then by the loss. While
 * both BLEU scores are below 5 the loss decides, or the luck of an early epoch could stay the best for long.
 */
export function isBetter(score: Score, best: Score): boolean {
  const gain = Math.max(score.bleu, LEAST_BLEU) - Math.max(best.bleu, LEAST_BLEU);
  return gain > 0 || (gain === 0 && score.loss < best.loss);
}
