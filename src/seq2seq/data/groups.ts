/** Tokens, padding included, that are computed together unless one sentence alone has more: what bounds the memory. */
export const BATCH_TOKENS = 8192;

/**
 * Cuts sentences that are sorted by length, shortest first, into groups of at most `sentences` sentences and at most
 * `tokens` tokens, padding included; a longer sentence is a group of its own. Returns positions in `lengths`.
 *
 * @example
 * groupsByLength([1, 2, 2, 90], { sentences: 3, tokens: 100 }); // [[0, 1, 2], [3]]
 */
export function groupsByLength(
  lengths: ArrayLike<number>,
  { sentences, tokens = BATCH_TOKENS }: { readonly sentences: number; readonly tokens?: number },
): number[][] {
  const groups: number[][] = [];
  let group: number[] = [];
  for (let i = 0; i < lengths.length; i++) {
    const isFull = group.length === sentences || lengths[i] * (group.length + 1) > tokens;
    if (group.length > 0 && isFull) {
      groups.push(group);
      group = [];
    }
    group.push(i);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
