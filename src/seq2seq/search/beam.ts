import { checkOptions, integer, nonNegative, type OptionTable } from "../../options.js";
import { scope } from "../../tensor/scope.js";
import type { FloatArray } from "../../tensor/storage.js";
import { type Beginning, type Searchable, searchFrom } from "../models/stepper.js";
import { EOS } from "../text/vocabulary.js";
import { checkSources, lengthLimits, type SearchOptions, searchInGroups, searchOptions } from "./searching.js";
import { logSumExp, topIds } from "./top.js";

export interface BeamOptions extends SearchOptions {
  /** How many hypotheses are kept. Default 4. */
  readonly beam?: number;
  /** How many of them are returned, at most `beam`. Default 1. */
  readonly nBest?: number;
  /** α of the score log p / length^α; 0 favours short sentences. Default 1. */
  readonly lengthPenalty?: number;
}

export const beamOptions: OptionTable<BeamOptions> = {
  ...searchOptions,
  beam: integer(1),
  nBest: integer(1),
  lengthPenalty: nonNegative(),
};

/** One finished translation. */
export interface Hypothesis {
  /** Without EOS. */
  readonly ids: readonly number[];
  /** ln p(ids, EOS | source); without EOS where the length limit cut it off. */
  readonly logProbability: number;
  /** log p / length^α, EOS counted: what hypotheses are ranked by. */
  readonly score: number;
}

/**
 * Keeps the `beam` likeliest beginnings of each translation at every step (Graves, 2012; Sutskever et al., 2014). One
 * that ends with EOS takes its place out of the beam for good, and is never extended. All sentences' hypotheses are one
 * batch. Returns up to `nBest` hypotheses for each source, best score first; a beam of 1 is greedy search.
 *
 * Throws `RangeError` on options out of range.
 *
 * @example
 * beamSearch(model, [[5, 9, 3]], { beam: 5, nBest: 2 }); // [[{ ids: [7, 4, 8], … }, { ids: [7, 4], … }]]
 */
export function beamSearch<Source extends ArrayLike<unknown>>(
  model: Searchable<Source>,
  sources: readonly Source[],
  options: BeamOptions = {},
): Hypothesis[][] {
  checkSources("beamSearch", sources);
  checkOptions("beamSearch", beamOptions, options);
  const { beam = 4, nBest = 1, lengthPenalty = 1 } = options;
  if (nBest > beam) throw new RangeError(`beamSearch: expected nBest from 1 to the beam of ${beam}, got ${nBest}`);
  const limits = lengthLimits(sources, options);
  const found = searchInGroups(model, sources, (group, indices) => {
    const beams = new Beams(
      indices.map((i) => limits[i]),
      beam,
      lengthPenalty,
    );
    searchFrom(model, group, (beginning) => searchTogether(beginning, beams));
    return beams.finished;
  });
  // A stable sort: equal scores stay in the order they were finished in.
  return found.map((hypotheses) => hypotheses.sort((a, b) => b.score - a.score).slice(0, nBest));
}

/** Extends all beams of some sources until every place in them is finished. */
function searchTogether({ stepper, ...first }: Beginning, beams: Beams): void {
  let { ids: tokens, state } = first;
  while (beams.live.length > 0) {
    state = scope(() => {
      const { logits, state: next } = stepper.step(tokens, state);
      const parents = beams.extend(logits, stepper.size);
      return parents.length > 0 ? stepper.select(next, parents) : next;
    });
    tokens = beams.live.map(({ ids }) => ids[ids.length - 1]);
  }
}

/** A hypothesis still being extended. */
interface Live {
  readonly sentence: number;
  readonly ids: readonly number[];
  readonly logProbability: number;
}

/** The hypotheses of several sentences, live and finished. */
class Beams {
  live: readonly Live[];
  readonly finished: Hypothesis[][];
  readonly #limits: readonly number[];
  readonly #beam: number;
  readonly #lengthPenalty: number;

  constructor(limits: readonly number[], beam: number, lengthPenalty: number) {
    this.live = limits.map((_, sentence) => ({ sentence, ids: [], logProbability: 0 }));
    this.finished = limits.map(() => []);
    this.#limits = limits;
    this.#beam = beam;
    this.#lengthPenalty = lengthPenalty;
  }

  /** Takes the likeliest next tokens of all live hypotheses; returns, for each that lives on, which it came from. */
  extend(logits: FloatArray, size: number): number[] {
    const kept: Live[] = [];
    const parents: number[] = [];
    for (const group of bySentence(expand(this.live, logits, size, this.#beam))) {
      const places = this.#beam - this.finished[group[0].sentence].length;
      for (const { parent, token, ...candidate } of group.sort(likelierFirst).slice(0, places)) {
        if (token === EOS) {
          this.#finish(candidate, candidate.ids.length + 1);
          continue;
        }
        const longer = { ...candidate, ids: [...candidate.ids, token] };
        if (longer.ids.length >= this.#limits[longer.sentence]) this.#finish(longer, longer.ids.length);
        else {
          kept.push(longer);
          parents.push(parent);
        }
      }
    }
    this.live = kept;
    return parents;
  }

  #finish({ sentence, ids, logProbability }: Live, length: number): void {
    const score = logProbability / length ** this.#lengthPenalty;
    this.finished[sentence].push({ ids, logProbability, score });
  }
}

interface Candidate extends Live {
  /** Index of the live hypothesis that it would extend. */
  readonly parent: number;
  readonly token: number;
}

/** The `beam` likeliest next tokens of every live hypothesis: enough, as no more of one can be kept. */
function expand(live: readonly Live[], logits: FloatArray, size: number, beam: number): Candidate[] {
  const totals = logSumExp(logits, live.length, size);
  return live.flatMap((hypothesis, parent) =>
    topIds(logits, parent * size, size, beam).map((token) => ({
      ...hypothesis,
      parent,
      token,
      logProbability: hypothesis.logProbability + logits[parent * size + token] - totals[parent],
    })),
  );
}

/** Of equals, the one from the earlier (likelier) parent, then the smaller id: the order they were made in. */
function likelierFirst(a: Candidate, b: Candidate): number {
  return b.logProbability - a.logProbability;
}

function bySentence(candidates: readonly Candidate[]): Candidate[][] {
  const groups = new Map<number, Candidate[]>();
  for (const candidate of candidates) {
    const group = groups.get(candidate.sentence);
    if (group) group.push(candidate);
    else groups.set(candidate.sentence, [candidate]);
  }
  return [...groups.values()];
}
