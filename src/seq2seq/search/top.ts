import { kernels } from "../../tensor/kernels/index.js";
import type { FloatArray } from "../../tensor/storage.js";
import { EOS } from "../text/vocabulary.js";

/**
 * The ids of a row's `k` largest logits, largest first, the smaller id first among equals; PAD, UNK and BOS are left
 * out, and what is not larger than `above`, where that is given. One pass with a short sorted list: the vocabulary is
 * never sorted.
 */
export function topIds(logits: FloatArray, start: number, size: number, k: number, above?: number): number[] {
  const best: number[] = [];
  const end = start + size;
  for (let at = start + EOS; at < end; at++) {
    const least = best.length === k ? logits[start + best[k - 1]] : above;
    if (least !== undefined) {
      at = nextAbove(least, logits, at, end);
      if (at === end) break;
    }
    if (best.length === k) best.pop();
    let place = best.length;
    while (place > 0 && logits[at] > logits[start + best[place - 1]]) place--;
    best.splice(place, 0, at - start);
  }
  return best;
}

/** Where the next number above `least` stands; `end` if there is none. Apart, as nearly all of a row goes through here. */
function nextAbove(least: number, numbers: FloatArray, from: number, end: number): number {
  let at = from;
  while (at < end && !(numbers[at] > least)) at++;
  return at;
}

/** ln Σ e^x of each row, in double precision: taken off a logit it leaves a log-probability without a tie. */
export function logSumExp(logits: FloatArray, rows: number, size: number): Float64Array {
  const result = new Float64Array(rows);
  kernels.logSumExp(result, logits, rows, size);
  return result;
}
