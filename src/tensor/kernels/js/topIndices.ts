/** The largest of each row, for a search. */
import type { FloatArray } from "../../storage.js";

/**
 * Where the k largest numbers of each row stand, of those from `first` on: the largest first, of equals the earlier.
 * ids [rows, k], x [rows, n], k ≤ n − first. One pass with a short sorted list: a row is never sorted.
 */
export function topIndices(ids: Int32Array, x: FloatArray, rows: number, n: number, first: number, k: number): void {
  for (let r = 0; r < rows; r++) {
    const row = x.subarray(r * n, (r + 1) * n);
    const best = ids.subarray(r * k, (r + 1) * k);
    for (let i = first, count = 0; i < n; i++) {
      if (count === k && !(row[i] > row[best[k - 1]])) continue;
      let place = count < k ? count++ : k - 1;
      for (; place > 0 && row[i] > row[best[place - 1]]; place--) best[place] = best[place - 1];
      best[place] = i;
    }
  }
}
