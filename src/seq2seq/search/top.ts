import type { FloatArray } from "../../tensor/storage.js";
import { EOS } from "../text/vocabulary.js";

/**
 * The ids of a row's `k` largest logits, largest first, the smaller id first among equals; PAD, UNK and BOS are left
 * out. One pass with a short sorted list: the vocabulary is never sorted.
 */
export function topIds(logits: FloatArray, start: number, size: number, k: number): number[] {
  const best: number[] = [];
  for (let id = EOS; id < size; id++) {
    const value = logits[start + id];
    if (best.length === k && !(value > logits[start + best[k - 1]])) continue;
    let at = best.length;
    while (at > 0 && value > logits[start + best[at - 1]]) at--;
    best.splice(at, 0, id);
    if (best.length > k) best.pop();
  }
  return best;
}

/** ln Σ e^x over a row, in double precision: subtracted from a logit it gives a log-probability without a tie. */
export function logSumExp(logits: FloatArray, start: number, size: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = start; i < start + size; i++) if (logits[i] > top) top = logits[i];
  let total = 0;
  for (let i = start; i < start + size; i++) total += Math.exp(logits[i] - top);
  return top + Math.log(total);
}
