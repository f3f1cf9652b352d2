import type { FloatArray } from "../../tensor/storage.js";
import { EOS, UNK } from "../text/vocabulary.js";
import type { BeamOptions, Hypothesis } from "./beamOptions.js";
import { repeatingTokens } from "./ngrams.js";
import { coverage, lengthPenalty } from "./ranking.js";

/** What a step says of all rows, the hypotheses that live. */
export interface BeamStep {
  /** [rows, size] */
  readonly logits: FloatArray;
  readonly size: number;
  /** [rows, k]: the ids of the largest, largest first, enough that some of them may be blocked */
  readonly top: Int32Array;
  /** [rows]: ln Σ e^logits */
  readonly totals: Float64Array;
  /** [rows, S], of a model with attention */
  readonly attention: FloatArray | undefined;
}

/** A token of a hypothesis and, behind it, those before it, which its siblings share; null is the beginning of all. */
interface Link {
  readonly before: Link | null;
  readonly token: number;
  /** How much of each position of the source it looked at. */
  readonly attention: FloatArray | null;
}

/** A hypothesis still being extended. */
interface Live {
  readonly last: Link | null;
  readonly length: number;
  readonly logProbability: number;
}

/** One that is not; its tokens are listed once it is known to be wanted. */
interface Ended extends Live {
  readonly isFinished: boolean;
  readonly score: number;
}

interface Candidate {
  /** Index of the live hypothesis that it would extend. */
  readonly parent: number;
  readonly token: number;
  readonly logProbability: number;
}

/** What a beam needs to know of its sentence. */
export interface BeamSentence {
  /** At most so many tokens. */
  readonly limit: number;
  /** What each hypothesis begins with. */
  readonly prefix: ArrayLike<number>;
  /** Positions of the source that attention has; all of a row where undefined. */
  readonly positions: number | undefined;
}

/** The hypotheses of one sentence. */
export class SentenceBeam {
  /** Likeliest first. */
  #live: readonly Live[] = [{ last: null, length: 0, logProbability: 0 }];
  readonly #ended: Ended[] = [];
  readonly #sentence: BeamSentence;
  readonly #options: BeamOptions;
  readonly #beam: number;

  constructor(sentence: BeamSentence, beam: number, options: BeamOptions) {
    this.#sentence = sentence;
    this.#options = options;
    this.#beam = beam;
  }

  /** How many hypotheses live: how many rows of a step are this sentence's. */
  get size(): number {
    return this.#live.length;
  }

  /** What each of them said last. */
  get tokens(): number[] {
    return this.#live.map(({ last }) => (last as Link).token);
  }

  /**
   * Goes on with the likeliest next tokens of the hypotheses, which are the step's rows from `first` on; returns, for each
   * that lives then, the row that it came from.
   */
  extend(step: BeamStep, first: number): number[] {
    const live: Live[] = [];
    const rows: number[] = [];
    for (const { parent, token, logProbability } of this.#candidates(step, first)) {
      const row = first + parent;
      const { last, length } = this.#live[parent];
      const longer: Live = {
        last: { before: last, token, attention: this.#attentionOf(step, row) },
        length: length + 1,
        logProbability,
      };
      if (token === EOS) this.#end(longer, true);
      else if (longer.length >= this.#sentence.limit) this.#end(longer, false);
      else {
        live.push(longer);
        rows.push(row);
      }
    }
    this.#live = live;
    if (!this.#isDecided()) return rows;
    this.#live = [];
    return [];
  }

  /** The best that have ended, first those that the length limit did not cut off; equal ones in the order they ended in. */
  best(count: number): Hypothesis[] {
    const ranked = this.#ended.sort((a, b) => Number(b.isFinished) - Number(a.isFinished) || b.score - a.score);
    return ranked.slice(0, count).map(told);
  }

  /** The likeliest that lives or, where none does any more, the best. */
  soFar(): Hypothesis {
    const [first] = this.#live;
    return first ? told({ ...first, isFinished: false, score: this.#score(first) }) : this.best(1)[0];
  }

  /** The likeliest ways to go on, as many as there are places, likeliest first. */
  #candidates(step: BeamStep, first: number): readonly Candidate[] {
    const { prefix } = this.#sentence;
    const [{ length }] = this.#live; // all have the same
    const isGiven = length < prefix.length;
    const places = isGiven ? 1 : this.#beam - this.#ended.length;
    const best: Candidate[] = [];
    this.#live.forEach((hypothesis, parent) => {
      const row = first + parent;
      for (const token of isGiven ? [prefix[length]] : this.#tokens(hypothesis, step, row)) {
        const logit = step.logits[row * step.size + token];
        const logProbability = hypothesis.logProbability + logit - step.totals[row];
        insert(best, { parent, token, logProbability }, places);
      }
    });
    return best;
  }

  /** The likeliest tokens behind the hypothesis of a row. */
  #tokens(hypothesis: Live, { top, totals }: BeamStep, row: number): readonly number[] {
    const { noRepeatNgramSize: n = 0, allowUnknown = false } = this.#options;
    const k = top.length / totals.length;
    const likeliest = Array.from(top.subarray(row * k, (row + 1) * k));
    if (allowUnknown) likeliest.unshift(UNK); // before its equals, as the smaller id
    if (n === 0) return likeliest;
    const said = chain(hypothesis.last).map(({ token }) => token);
    const repeating = repeatingTokens(said, n);
    return likeliest.filter((token) => !repeating.has(token)); // never EOS, which nobody said before
  }

  #attentionOf({ attention, totals }: BeamStep, row: number): FloatArray | null {
    const { positions } = this.#sentence;
    if (!attention) {
      if (!this.#options.coveragePenalty) return null;
      throw new TypeError("beamSearch: expected a model with attention for coveragePenalty, got one without");
    }
    const width = attention.length / totals.length;
    return attention.slice(row * width, row * width + (positions ?? width));
  }

  #end(hypothesis: Live, isFinished: boolean): void {
    this.#ended.push({ ...hypothesis, isFinished, score: this.#score(hypothesis) });
  }

  #score({ last, length, logProbability }: Live): number {
    const { coveragePenalty = 0 } = this.#options;
    const ranked = logProbability / lengthPenalty(length, this.#options);
    const seen = coveragePenalty > 0 ? attentionRows(chain(last)) : null;
    return seen ? ranked + coveragePenalty * coverage(seen) : ranked;
  }

  /** Whether nothing that lives could still come among the best: a log-probability only falls, at best divided by more. */
  #isDecided(): boolean {
    const { nBest = 1 } = this.#options;
    if (this.#live.length === 0) return true;
    const scores = this.#ended.filter(({ isFinished }) => isFinished).map(({ score }) => score);
    if (scores.length < nBest) return false;
    const reach = this.#live[0].logProbability / lengthPenalty(this.#sentence.limit, this.#options);
    return scores.sort((a, b) => b - a)[nBest - 1] >= reach;
  }
}

/** Puts a candidate into a list of at most `places`, likeliest first, behind its equals: they are from likelier parents. */
function insert(best: Candidate[], candidate: Candidate, places: number): void {
  if (best.length === places) {
    if (!(candidate.logProbability > best[places - 1].logProbability)) return;
    best.pop();
  }
  let place = best.length;
  while (place > 0 && candidate.logProbability > best[place - 1].logProbability) place--;
  best.splice(place, 0, candidate);
}

/** A hypothesis with its tokens listed. */
function told({ last, isFinished, logProbability, score }: Ended): Hypothesis {
  const links = chain(last);
  const tokens = isFinished ? links.slice(0, -1) : links;
  return {
    ids: tokens.map(({ token }) => token),
    logProbability,
    score,
    isFinished,
    attention: attentionRows(links)?.map((row) => Array.from(row)) ?? null,
  };
}

/** The tokens of a hypothesis, first to last. */
function chain(last: Link | null): Link[] {
  const links: Link[] = [];
  for (let link = last; link; link = link.before) links.push(link);
  return links.reverse();
}

/** What each token looked at; null without attention. */
function attentionRows(links: readonly Link[]): FloatArray[] | null {
  const rows = links.flatMap(({ attention }) => attention ?? []);
  return rows.length > 0 ? rows : null;
}
