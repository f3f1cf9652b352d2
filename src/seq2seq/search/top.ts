import { kernels } from "../../tensor/kernels/index.js";
import type { FloatArray } from "../../tensor/storage.js";
import { EOS } from "../text/vocabulary.js";

/**
 * The ids of each row's `k` largest logits (or all, where there are fewer), largest first, the smaller id first among
 * equals; PAD, UNK and BOS are left out. logits [rows, size] → [rows, k]
 */
export function topIds(logits: FloatArray, rows: number, size: number, k: number): Int32Array {
  const count = Math.min(k, Math.max(0, size - EOS));
  const ids = new Int32Array(rows * count);
  kernels.topIndices(ids, logits, rows, size, EOS, count);
  return ids;
}

/** ln Σ e^x of each row, in double precision: taken off a logit it leaves a log-probability without a tie. */
export function logSumExp(logits: FloatArray, rows: number, size: number): Float64Array {
  const result = new Float64Array(rows);
  kernels.logSumExp(result, logits, rows, size);
  return result;
}
