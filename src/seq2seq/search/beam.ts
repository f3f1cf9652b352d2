import { checkOptions } from "../../options.js";
import { show } from "../../show.js";
import { scope } from "../../tensor/scope.js";
import { type Beginning, type Searchable, searchFrom } from "../models/stepper.js";
import { EOS } from "../text/vocabulary.js";
import { type BeamOptions, beamOptions, type Hypothesis } from "./beamOptions.js";
import { checkSources, lengthLimits, type SearchSource, searchInGroups } from "./searching.js";
import { type BeamSentence, SentenceBeam } from "./sentenceBeam.js";
import { logSumExp, topIds } from "./top.js";

/**
 * Keeps the `beam` likeliest beginnings of each translation at every step (Graves, 2012; Sutskever et al., 2014). One
 * that ends with EOS takes its place out of the beam for good, and is never extended. All sentences' hypotheses are one
 * batch. A sentence is done when nothing that is left in its beam could come among its best any more.
 *
 * Returns up to `nBest` hypotheses for each source, best score first, and those that the length limit cut off behind all
 * others; a beam of 1 is greedy search. A token that may not come, as it would repeat an n-gram or is UNK, is passed over:
 * the probabilities of the others stay as they are, and EOS may always come.
 *
 * Throws `RangeError` on options out of range, and `TypeError` on a `coveragePenalty` without attention.
 *
 * @example
 * beamSearch(model, [[5, 9, 3]], { beam: 5, nBest: 2 }); // [[{ ids: [7, 4, 8], … }, { ids: [7, 4], … }]]
 */
export function beamSearch<Source extends SearchSource>(
  model: Searchable<Source>,
  sources: readonly Source[],
  options: BeamOptions = {},
): Hypothesis[][] {
  checkSources("beamSearch", sources);
  checkOptions("beamSearch", beamOptions, options);
  const { beam = 4, nBest = 1 } = options;
  if (nBest > beam) throw new RangeError(`beamSearch: expected nBest from 1 to the beam of ${beam}, got ${nBest}`);
  const prefixes = prefixesOf(sources, options);
  const limits = lengthLimits(sources, options, prefixes);
  return searchInGroups(model, sources, (group, indices) =>
    searchFrom(model, group, (beginning) => {
      const sentences = indices.map((i, b): BeamSentence => {
        checkPrefix(prefixes[i], i, limits[i], beginning.stepper.size);
        return { limit: limits[i], prefix: prefixes[i], positions: beginning.lengths?.[b] };
      });
      const beams = sentences.map((sentence) => new SentenceBeam(sentence, beam, options));
      searchTogether(beginning, beams, { ...options, beam }, indices);
      return beams.map((own) => own.best(nBest));
    }),
  );
}

/** Extends all beams until nothing lives in them; `places` are those of their sources. */
function searchTogether(
  { stepper, ...first }: Beginning,
  beams: readonly SentenceBeam[],
  { beam, noRepeatNgramSize = 0, onStep }: BeamOptions & { readonly beam: number },
  places: readonly number[],
): void {
  const { size } = stepper;
  let { ids: tokens, state } = first;
  let running = beams;
  for (let length = 0; running.length > 0; length++) {
    state = scope(() => {
      const { logits, attention, state: next } = stepper.step(tokens, state);
      const rows = tokens.length;
      // Of one hypothesis no more than `beam` can be kept, and no more blocked than it has tokens.
      const top = topIds(logits, rows, size, noRepeatNgramSize > 0 ? beam + length : beam);
      const step = { logits, size, top, totals: logSumExp(logits, rows, size), attention };
      let row = 0;
      const parents = running.flatMap((own) => {
        const from = row;
        row += own.size;
        return own.extend(step, from);
      });
      return parents.length > 0 ? stepper.select(next, parents) : next;
    });
    onStep?.(running.map((own) => ({ place: places[beams.indexOf(own)], soFar: () => own.soFar() })));
    running = running.filter((own) => own.size > 0);
    tokens = running.flatMap((own) => own.tokens);
  }
}

const NONE: readonly number[] = [];

/** What the hypotheses of each source begin with. Throws unless there are as many as sources, or none at all. */
function prefixesOf(sources: readonly unknown[], { targetPrefixes }: BeamOptions): readonly ArrayLike<number>[] {
  if (targetPrefixes === undefined) return sources.map(() => NONE);
  if (!Array.isArray(targetPrefixes) || targetPrefixes.length !== sources.length) {
    const got = Array.isArray(targetPrefixes) ? String(targetPrefixes.length) : show(targetPrefixes);
    throw new RangeError(`beamSearch: expected targetPrefixes to be ${sources.length} lists of ids, got ${got}`);
  }
  return targetPrefixes;
}

/** Throws unless these are ids that may stand in a sentence, no more than fit. */
function checkPrefix(prefix: ArrayLike<number>, index: number, limit: number, size: number): void {
  const isId = (id: number): boolean => Number.isInteger(id) && id >= 0 && id < size && id !== EOS;
  const fail = (expected: string, got: string): never => {
    throw new RangeError(`beamSearch: expected targetPrefixes of ${expected}, got ${got} at ${index}`);
  };
  if (!(prefix?.length >= 0) || !Array.from(prefix).every(isId)) {
    fail(`ids from 0 to ${size - 1}, without EOS`, show(Array.from(prefix ?? [])));
  }
  if (prefix.length > limit) fail(`at most the maxLength of ${limit} tokens`, String(prefix.length));
}
