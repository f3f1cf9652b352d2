/** What a score is computed from: counts of a segment, which add up to those of a corpus. */
export type Counts = readonly number[];

/** The counts of a corpus, or of some segments of it. */
export function sumCounts(segments: readonly Counts[], picked?: ArrayLike<number>): Counts {
  const sums = new Array<number>(segments[0].length).fill(0);
  const length = picked?.length ?? segments.length;
  for (let i = 0; i < length; i++) {
    const counts = segments[picked ? picked[i] : i];
    for (let j = 0; j < sums.length; j++) sums[j] += counts[j];
  }
  return sums;
}
