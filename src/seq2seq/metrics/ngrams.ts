/** For each order from 1 up, how often each n-gram occurs. */
export type NgramCounts = readonly ReadonlyMap<string, number>[];

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

/** Each n-gram as often as that one of the segments has it that has it most. */
export function maxCounts([first, ...others]: readonly NgramCounts[]): NgramCounts {
  if (others.length === 0) return first;
  return first.map((counts, order) => {
    const most = new Map(counts);
    for (const other of others) {
      for (const [ngram, count] of other[order]) most.set(ngram, Math.max(count, most.get(ngram) ?? 0));
    }
    return most;
  });
}

/** How many n-grams of one order there are. */
export function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

/** How many n-grams of the hypothesis the reference has too, each counted as often as the reference has it at most. */
export function matches(hypothesis: ReadonlyMap<string, number>, reference: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [ngram, count] of hypothesis) sum += Math.min(count, reference.get(ngram) ?? 0);
  return sum;
}
