/** A number that tells lists of numbers from others: FNV-1a over their lengths and whole parts. */
export function fingerprint(lists: Iterable<ArrayLike<number>>): number {
  let hash = 0x811c9dc5;
  const add = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
  };
  for (const list of lists) {
    add(list.length);
    for (let i = 0; i < list.length; i++) add(list[i]);
  }
  return hash;
}
