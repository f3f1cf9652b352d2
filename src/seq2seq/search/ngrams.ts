/**
 * The tokens that would repeat an n-gram of `ids`: those that, put behind its last n − 1 tokens, give n tokens in a row
 * that are there already. (Paulus et al., 2018, section 2.5)
 */
export function repeatingTokens(ids: readonly number[], n: number): Set<number> {
  const repeating = new Set<number>();
  const behind = ids.length - n + 1; // where the last n − 1 tokens begin
  for (let from = 0; from < behind; from++) {
    let same = 0;
    while (same < n - 1 && ids[from + same] === ids[behind + same]) same++;
    if (same === n - 1) repeating.add(ids[from + n - 1]);
  }
  return repeating;
}
