import { between, type OptionTable } from "../../options.js";
import type { FloatArray } from "../../tensor/storage.js";

/** What hypotheses are ranked by: score = log p / lp + cp. (Wu et al., 2016, equation 14) */
export interface RankingOptions {
  /** α of lp = ((k + length) / (k + 1))^α, EOS counted, 0 to 10; 0 favours short sentences. Default 1. */
  readonly lengthPenalty?: number;
  /** k of it: 0 divides by length^α, 5 is the form of Wu et al. At most 1e6. Default 0. */
  readonly lengthPenaltyOffset?: number;
  /**
   * β of cp = β · Σₛ ln(min(Σₜ aₜₛ, 1)), aₜₛ being how much of source position s token t looked at: takes off for what was
   * not translated. Wu et al. found .2 best. At most 1000. Wants a model with attention. Default 0.
   */
  readonly coveragePenalty?: number;
}

/** What each may be at most, so that all scores are finite and differ. */
export const RANKING_MOST: Readonly<Required<RankingOptions>> = {
  lengthPenalty: 10,
  lengthPenaltyOffset: 1e6,
  coveragePenalty: 1000,
};

export const rankingOptions: OptionTable<RankingOptions> = {
  lengthPenalty: between(0, RANKING_MOST.lengthPenalty),
  lengthPenaltyOffset: between(0, RANKING_MOST.lengthPenaltyOffset),
  coveragePenalty: between(0, RANKING_MOST.coveragePenalty),
};

/** lp of a hypothesis of so many tokens. */
export function lengthPenalty(length: number, { lengthPenalty = 1, lengthPenaltyOffset = 0 }: RankingOptions): number {
  return ((lengthPenaltyOffset + length) / (lengthPenaltyOffset + 1)) ** lengthPenalty;
}

/** The smallest of the floats that weights are: a position that nothing looked at takes off much, and not everything. */
const LEAST = 2 ** -149;

/** Σₛ ln(min(Σₜ aₜₛ, 1)) of `attention`, a row a token. */
export function coverage(attention: readonly FloatArray[]): number {
  const total = new Float64Array(attention[0].length);
  for (const row of attention) for (let s = 0; s < total.length; s++) total[s] += row[s];
  return total.reduce((sum, seen) => sum + Math.log(Math.max(LEAST, Math.min(seen, 1))), 0);
}
