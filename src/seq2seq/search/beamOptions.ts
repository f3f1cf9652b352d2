import { anything, callback, flag, integer, type OptionTable } from "../../options.js";
import { type RankingOptions, rankingOptions } from "./ranking.js";
import { type SearchOptions, searchOptions } from "./searching.js";

export interface BeamOptions extends SearchOptions, RankingOptions {
  /** How many hypotheses are kept. Default 4. */
  readonly beam?: number;
  /** How many of them are returned, at most `beam`. Default 1. */
  readonly nBest?: number;
  /** No n tokens in a row come twice in a hypothesis; 0, the default, lets them. */
  readonly noRepeatNgramSize?: number;
  /** Whether UNK may be chosen: who does that has something to put in its place. Default false. */
  readonly allowUnknown?: boolean;
  /** For each source the tokens that its hypotheses begin with (possibly none), without BOS. */
  readonly targetPrefixes?: readonly ArrayLike<number>[];
  /** Called after each step with the sources that it was for. What this throws ends the search. */
  readonly onStep?: (running: readonly Running<Hypothesis>[]) => void;
}

/** How far the search for a source has come. */
export interface Running<Found> {
  /** Its place among all sources. */
  readonly place: number;
  /** The likeliest beginning, or all that is found. With a beam of 1 it only grows; what is from a larger one may be dropped. */
  readonly soFar: () => Found;
}

export const beamOptions: OptionTable<BeamOptions> = {
  ...searchOptions,
  ...rankingOptions,
  beam: integer(1),
  nBest: integer(1),
  noRepeatNgramSize: integer(0),
  allowUnknown: flag(),
  targetPrefixes: anything(),
  onStep: callback(),
};

/** One translation. */
export interface Hypothesis {
  /** Without EOS. */
  readonly ids: readonly number[];
  /** ln p(ids, EOS | source); without EOS where the length limit cut it off. */
  readonly logProbability: number;
  /** What hypotheses are ranked by, see {@link RankingOptions}. */
  readonly score: number;
  /** Whether it ended with EOS; false where the length limit cut it off. */
  readonly isFinished: boolean;
  /** One row a token, EOS last: how much of each source position it looked at; null without attention. */
  readonly attention: readonly (readonly number[])[] | null;
}
