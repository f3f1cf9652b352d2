import { noGrad } from "../../autograd/switches.js";
import { intTensor } from "../../tensor/intTensor.js";
import { scope } from "../../tensor/scope.js";
import type { FloatArray } from "../../tensor/storage.js";
import { padSources } from "../data/batch.js";
import type { Seq2Seq } from "../model/seq2seq.js";
import { selectSequences } from "../model/state.js";
import { BOS, EOS } from "../text/vocabulary.js";

export interface SearchOptions {
  /** At most this many tokens a sentence. Default: 10 more than twice the source's. */
  readonly maxLength?: number;
}

/** How many tokens a translation of `source` may have. */
export function lengthLimit(source: ArrayLike<number>, { maxLength }: SearchOptions): number {
  return maxLength ?? 2 * source.length + 10;
}

/**
 * Takes the likeliest token at every step until EOS (or the length limit): one list of ids, without EOS, for each
 * source. PAD, UNK and BOS are never chosen: a reader can do nothing with them. A sentence's result does not depend on
 * which others share its batch. Dropout is off; no history is kept.
 *
 * @example
 * greedySearch(model, [[5, 9, 3]]); // [[7, 4, 8, 12]]
 */
export function greedySearch(
  model: Seq2Seq,
  sources: readonly ArrayLike<number>[],
  options: SearchOptions = {},
): number[][] {
  const results: number[][] = sources.map(() => []);
  if (sources.length === 0) return results;
  const wasTraining = model.training;
  model.eval();
  try {
    noGrad(() => {
      const { ids, lengths } = padSources(sources);
      let running = sources.map((_, b) => b);
      let tokens = running.map(() => BOS);
      let state = scope(() => model.encode(ids, lengths));
      while (running.length > 0) {
        const step = scope(() => {
          const [features, next] = model.decoder.features(intTensor([tokens]), state);
          const logits = model.decoder.out.forward(features); // [1, B, V]
          const chosen = running.map((_, b) =>
            likeliest(logits.data, b * model.config.outputSize, model.config.outputSize),
          );
          const going = chosen.flatMap((token, b) => {
            if (token !== EOS) results[running[b]].push(token);
            const full = results[running[b]].length >= lengthLimit(sources[running[b]], options);
            return token === EOS || full ? [] : [b];
          });
          return { chosen, going, state: going.length < running.length ? selectSequences(next, going) : next };
        });
        state = step.state;
        running = step.going.map((b) => running[b]);
        tokens = step.going.map((b) => step.chosen[b]);
      }
    });
  } finally {
    model.train(wasTraining);
  }
  return results;
}

/** The first largest of a row's logits from EOS on: the ids before it are PAD, UNK and BOS. */
function likeliest(logits: FloatArray, start: number, size: number): number {
  let best = EOS;
  for (let id = EOS + 1; id < size; id++) if (logits[start + id] > logits[start + best]) best = id;
  return best;
}
