/** For each order from 1 up, how often each n-gram occurs. */
export type NgramCounts = readonly ReadonlyMap<string, number>[];

/** What two segments have in common, order by order. */
export interface Overlap {
  /** N-grams of the hypothesis. */
  readonly hypothesis: number[];
  /** N-grams of the reference. */
  readonly reference: number[];
  /** N-grams of the hypothesis that the reference has too, each as often as it has it at most. */
  readonly matches: number[];
}

/** The n-grams of `items` for n from 1 to `maxOrder`; `separator` must occur in no item, or the items be one character. */
export function countNgrams(items: readonly string[], maxOrder: number, separator: string): NgramCounts {
  const counts = Array.from({ length: maxOrder }, () => new Map<string, number>());
  for (let start = 0; start < items.length; start++) {
    let ngram = "";
    const orders = Math.min(maxOrder, items.length - start);
    for (let i = 0; i < orders; i++) {
      ngram = i === 0 ? items[start] : ngram + separator + items[start + i];
      counts[i].set(ngram, (counts[i].get(ngram) ?? 0) + 1);
    }
  }
  return counts;
}

/** An overlap of nothing, to add others to. */
export function emptyOverlap(maxOrder: number): Overlap {
  const zeros = () => new Array<number>(maxOrder).fill(0);
  return { hypothesis: zeros(), reference: zeros(), matches: zeros() };
}

/** Adds to `overlap` that of two segments. */
export function addOverlap(overlap: Overlap, hypothesis: NgramCounts, reference: NgramCounts): void {
  for (let i = 0; i < overlap.matches.length; i++) {
    for (const [ngram, count] of hypothesis[i]) {
      overlap.hypothesis[i] += count;
      overlap.matches[i] += Math.min(count, reference[i].get(ngram) ?? 0);
    }
    for (const count of reference[i].values()) overlap.reference[i] += count;
  }
}
