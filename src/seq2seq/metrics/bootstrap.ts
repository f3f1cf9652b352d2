import { checkOptions, integer, integerUpTo, type Option, type OptionTable } from "../../options.js";
import { Generator } from "../../tensor/random.js";
import { BLEU_OPTIONS, type BleuOptions, bleuCounts, bleuOf, bleuSignature } from "./bleu.js";
import { chrfCounts, chrfOf, chrfSignature } from "./chrf.js";
import { type Counts, sumCounts } from "./counts.js";
import { checkCorpus, type References } from "./segments.js";

export interface PairedBootstrapOptions extends BleuOptions {
  /** How many times the test set is drawn anew, at most a million. Default 1000. */
  readonly samples?: number;
  /** The same seed draws the same. Default 12345. */
  readonly seed?: number;
}

/** With a million, a p-value is exact to a thousandth: more only take memory. */
export const SAMPLES: Option<number> = integerUpTo(1_000_000, 1);
const OPTIONS: OptionTable<PairedBootstrapOptions> = { ...BLEU_OPTIONS, samples: SAMPLES, seed: integer(0) };

/** A score, and how far another test set of this kind might have moved it. */
export interface ResampledScore {
  /** On the test set itself, from 0 to 100. */
  readonly score: number;
  /** The mean over all samples. */
  readonly mean: number;
  /** Half the width of the interval that holds 95 % of the samples. */
  readonly ci: number;
}

/** Two systems by one metric. */
export interface PairedScores {
  readonly system: ResampledScore;
  readonly baseline: ResampledScore;
  /** How probable a difference as large as this would be if it were only chance. */
  readonly pValue: number;
  /** The settings, in sacreBLEU's form. */
  readonly signature: string;
}

/**
 * Whether one system is better than another, or the test set happened to suit it: paired bootstrap resampling, Koehn,
 * "Statistical Significance Tests for Machine Translation Evaluation" (2004), by BLEU and chrF. Both systems are scored on
 * test sets drawn from this one with replacement; the p-value is that of sacreBLEU's `--paired-bs`: the part, 1 added above
 * and below, of samples whose absolute difference exceeds the mean of all by more than the difference on the test set
 * itself. (So a system beside itself gets 1 / (samples + 1), as there.) Draws are this library's, not numpy's: the figures
 * are sacreBLEU's but for sampling noise.
 *
 * Throws `RangeError` when the numbers of hypotheses, of either system, and references differ or are 0.
 *
 * @example
 * const { bleu } = pairedBootstrap(ours, theirs, references);
 * if (bleu.pValue < 0.05) console.log(`${bleu.system.score} against ${bleu.baseline.score} is no accident`);
 */
export function pairedBootstrap(
  hypotheses: readonly string[],
  baseline: readonly string[],
  references: References,
  options: PairedBootstrapOptions = {},
): { readonly bleu: PairedScores; readonly chrf: PairedScores } {
  const lists = checkCorpus("pairedBootstrap", hypotheses, references);
  checkCorpus("pairedBootstrap: baseline", baseline, references);
  checkOptions("pairedBootstrap", OPTIONS, options);
  const { samples = 1000, seed = 12345 } = options;
  const byBleu = (texts: readonly string[]) => bleuCounts(texts, lists, options);
  const byChrf = (texts: readonly string[]) => chrfCounts(texts, lists, options);
  const resampling = { samples, seed };
  // The same seed twice: both metrics see the same samples.
  return {
    bleu: {
      ...compareSystems(
        byBleu(hypotheses),
        byBleu(baseline),
        (sums) => bleuOf(sums).score,
        samples,
        new Generator(seed),
      ),
      signature: bleuSignature(lists.length, options, { resampling }),
    },
    chrf: {
      ...compareSystems(byChrf(hypotheses), byChrf(baseline), chrfOf, samples, new Generator(seed)),
      signature: chrfSignature(lists.length, options, resampling),
    },
  };
}

/** The test for one metric, of which there are each segment's counts for both systems. */
export function compareSystems(
  system: readonly Counts[],
  baseline: readonly Counts[],
  scoreOf: (sums: Counts) => number,
  samples: number,
  generator: Generator,
): Omit<PairedScores, "signature"> {
  const ours = new Float64Array(samples);
  const theirs = new Float64Array(samples);
  const picked = new Uint32Array(system.length);
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < picked.length; j++) picked[j] = generator.integer(system.length);
    ours[i] = scoreOf(sumCounts(system, picked));
    theirs[i] = scoreOf(sumCounts(baseline, picked));
  }
  const scores = { system: scoreOf(sumCounts(system)), baseline: scoreOf(sumCounts(baseline)) };
  const differences = ours.map((score, i) => Math.abs(score - theirs[i]));
  const chance = mean(differences);
  const observed = Math.abs(scores.system - scores.baseline);
  const larger = differences.filter((difference) => difference - chance > observed).length;
  return {
    system: { score: scores.system, ...spread(ours) },
    baseline: { score: scores.baseline, ...spread(theirs) },
    // 1 for the test set itself: no difference is beyond all chance.
    pValue: (larger + 1) / (samples + 1),
  };
}

function spread(scores: Float64Array): { mean: number; ci: number } {
  const sorted = scores.toSorted();
  const outside = Math.floor(sorted.length / 40); // 2.5 % on either side
  return { mean: mean(scores), ci: (sorted[sorted.length - 1 - outside] - sorted[outside]) / 2 };
}

function mean(numbers: Float64Array): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
