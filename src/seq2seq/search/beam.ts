import { scope } from "../../tensor/scope.js";
import type { FloatArray } from "../../tensor/storage.js";
import type { Seq2Seq } from "../models/seq2seq.js";
import { selectSequences } from "../models/state.js";
import { BOS, EOS } from "../text/vocabulary.js";
import { encodeSources, evaluating, lengthLimits, type SearchOptions } from "./stepwise.js";
import { logSumExp, topIds } from "./top.js";

export interface BeamOptions extends SearchOptions {
  /** How many hypotheses are kept. Default 4. */
  readonly beam?: number;
  /** How many of them are returned, at most `beam`. Default 1. */
  readonly nBest?: number;
  /** α of the score log p / length^α; 0 favours short sentences. Default 1. */
  readonly lengthPenalty?: number;
}

/** One finished translation. */
export interface Hypothesis {
  /** Without EOS. */
  readonly ids: readonly number[];
  /** ln p(ids, EOS | source); without EOS where the length limit cut it off. */
  readonly logProbability: number;
  /** log p / length^α, EOS counted: what hypotheses are ranked by. */
  readonly score: number;
}

/** A hypothesis still being extended. */
interface Live {
  readonly sentence: number;
  readonly ids: readonly number[];
  readonly logProbability: number;
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
export function beamSearch(
  model: Seq2Seq,
  sources: readonly ArrayLike<number>[],
  options: BeamOptions = {},
): Hypothesis[][] {
  const { beam = 4, nBest = 1, lengthPenalty = 1 } = options;
  if (!Number.isInteger(beam) || beam < 1)
    throw new RangeError(`beamSearch: expected a beam of at least 1, got ${beam}`);
  if (!Number.isInteger(nBest) || nBest < 1 || nBest > beam) {
    throw new RangeError(`beamSearch: expected nBest from 1 to the beam of ${beam}, got ${nBest}`);
  }
  if (!(lengthPenalty >= 0 && Number.isFinite(lengthPenalty))) {
    throw new RangeError(`beamSearch: expected a finite lengthPenalty ≥ 0, got ${lengthPenalty}`);
  }
  const limits = lengthLimits(sources, options);
  const finished: Hypothesis[][] = sources.map(() => []);
  if (sources.length === 0) return finished;
  const finish = ({ sentence, ids, logProbability }: Live, length: number): void => {
    finished[sentence].push({ ids, logProbability, score: logProbability / length ** lengthPenalty });
  };

  evaluating(model, () => {
    let live: Live[] = sources.map((_, sentence) => ({ sentence, ids: [], logProbability: 0 }));
    let state = encodeSources(model, sources);
    const decoder = model.decoder.prepare();
    while (live.length > 0) {
      const step = scope(() => {
        const last = live.map(({ ids }) => ids.at(-1) ?? BOS);
        const { logits, state: next } = decoder.step(last, state);
        const candidates = expand(live, logits, model.config.outputSize, beam);
        const kept: Live[] = [];
        const parents: number[] = [];
        for (const group of bySentence(candidates)) {
          const places = beam - finished[group[0].sentence].length;
          for (const { parent, token, ...candidate } of group.sort(likelierFirst).slice(0, places)) {
            if (token === EOS) finish(candidate, candidate.ids.length + 1);
            else {
              const longer = { ...candidate, ids: [...candidate.ids, token] };
              if (longer.ids.length >= limits[longer.sentence]) finish(longer, longer.ids.length);
              else {
                kept.push(longer);
                parents.push(parent);
              }
            }
          }
        }
        return { kept, state: kept.length > 0 ? selectSequences(next, parents) : next };
      });
      live = step.kept;
      state = step.state;
    }
  });
  // A stable sort: equal scores stay in the order they were finished in.
  return finished.map((hypotheses) => hypotheses.sort((a, b) => b.score - a.score).slice(0, nBest));
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
