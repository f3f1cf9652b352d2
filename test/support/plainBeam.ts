import { evaluating } from "../../src/seq2seq/models/evaluating.js";
import type { Seq2Seq } from "../../src/seq2seq/models/seq2seq.js";
import type { Searchable } from "../../src/seq2seq/models/stepper.js";
import type { BeamOptions, Hypothesis } from "../../src/seq2seq/search/beamOptions.js";
import { EOS, UNK } from "../../src/seq2seq/text/vocabulary.js";

interface Said {
  readonly ids: readonly number[];
  readonly logProbability: number;
  readonly attention: readonly (readonly number[])[];
}

/**
 * Beam search as it is defined, for one source: every hypothesis is read anew at every step, alone, all tokens are sorted,
 * and the beam is searched to its end.
 */
export function plainBeam(
  model: Searchable,
  source: readonly number[],
  prefix: readonly number[],
  options: Omit<BeamOptions, "targetPrefixes">,
): Hypothesis[] {
  const { beam = 4, nBest = 1, noRepeatNgramSize = 0, allowUnknown = false } = options;
  const limit = options.maxLength ?? Math.max(2 * source.length, prefix.length) + 10;
  const ended: Hypothesis[] = [];
  let live: Said[] = [{ ids: [], logProbability: 0, attention: [] }];
  while (live.length > 0) {
    const forced = live[0].ids.length < prefix.length;
    const longer = live.flatMap((said) => {
      const { logProbabilities, attention } = next(model, source, said.ids);
      return logProbabilities.flatMap((gain, token) => {
        const ids = [...said.ids, token];
        const isChosen = forced
          ? token === prefix[said.ids.length]
          : (token >= EOS || (allowUnknown && token === UNK)) && !repeats(ids, noRepeatNgramSize);
        if (!isChosen) return [];
        return [{ ids, logProbability: said.logProbability + gain, attention: [...said.attention, ...attention] }];
      });
    });
    longer.sort((a, b) => b.logProbability - a.logProbability);
    live = [];
    for (const said of longer.slice(0, beam - ended.length)) {
      const isFinished = said.ids.at(-1) === EOS;
      if (isFinished || said.ids.length === limit) ended.push(asHypothesis(said, isFinished, options));
      else live.push(said);
    }
  }
  const ranked = ended.sort((a, b) => Number(b.isFinished) - Number(a.isFinished) || b.score - a.score);
  return ranked.slice(0, nBest);
}

/** What may follow some tokens, and where each position is looked at meanwhile. */
function next(model: Searchable, source: readonly number[], ids: readonly number[]) {
  return evaluating(model, () => {
    const { stepper, ...first } = model.begin([source]);
    let { state } = first;
    let step = stepper.step(first.ids, state);
    for (const id of ids) {
      state = step.state;
      step = stepper.step([id], state);
    }
    const logits = Array.from(step.logits);
    const top = Math.max(...logits);
    const total = top + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - top), 0));
    const attention = step.attention ? [Array.from(step.attention)] : [];
    stepper.end?.();
    return { logProbabilities: logits.map((x) => x - total), attention };
  });
}

/** Whether the last n of some tokens stand among them earlier. */
function repeats(ids: readonly number[], n: number): boolean {
  if (n === 0 || ids.length < n || ids.at(-1) === EOS) return false;
  const grams = ids.slice(n - 1).map((_, i) => ids.slice(i, i + n).join());
  return grams.indexOf(grams.at(-1) as string) < grams.length - 1;
}

export function asHypothesis(
  { ids, logProbability, attention }: Said,
  isFinished: boolean,
  { lengthPenalty = 1, lengthPenaltyOffset: k = 0, coveragePenalty = 0 }: BeamOptions,
): Hypothesis {
  const lp = (k + ids.length) ** lengthPenalty / (k + 1) ** lengthPenalty;
  const seen = (attention[0] ?? []).map((_, s) =>
    Math.min(
      1,
      attention.reduce((sum, row) => sum + row[s], 0),
    ),
  );
  const cp = coveragePenalty * seen.reduce((sum, part) => sum + Math.log(part), 0);
  return {
    ids: isFinished ? ids.slice(0, -1) : ids,
    logProbability,
    score: logProbability / lp + cp,
    isFinished,
    attention: attention.length > 0 ? attention : null,
  };
}

/** All translations of at most `maxLength` tokens, ended or cut off there, best first, with nothing but teacher forcing. */
export function exhaustive(model: Seq2Seq, source: readonly number[], options: BeamOptions): Hypothesis[] {
  const { maxLength = 3, noRepeatNgramSize = 0 } = options;
  const all: Hypothesis[] = [];
  const visit = (said: Said): void => {
    if (said.ids.length === maxLength) {
      all.push(asHypothesis(said, false, options));
      return;
    }
    const { logProbabilities, attention } = next(model, source, said.ids);
    for (let token = EOS; token < model.config.outputSize; token++) {
      const ids = [...said.ids, token];
      if (repeats(ids, noRepeatNgramSize)) continue;
      const logProbability = said.logProbability + logProbabilities[token];
      const longer = { ids, logProbability, attention: [...said.attention, ...attention] };
      if (token === EOS) all.push(asHypothesis(longer, true, options));
      else visit(longer);
    }
  };
  visit({ ids: [], logProbability: 0, attention: [] });
  return all.sort((a, b) => Number(b.isFinished) - Number(a.isFinished) || b.score - a.score);
}
