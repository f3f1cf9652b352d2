import { show } from "../../../show.js";

/** Ends the last symbol of a word, so that a merge tells the end of a word from its middle. */
export const END = "</w>";

/** A word as BPE begins with it: its code points, the last one marked as such. */
export function firstSymbols(word: string): string[] {
  const symbols = Array.from(word);
  symbols.push(`${symbols.pop() ?? ""}${END}`);
  return symbols;
}

/** The two symbols that a merge, such as `"t h"`, joins. Throws `TypeError` when it is not two. */
export function sidesOf(merge: string): readonly [left: string, right: string] {
  const sides = merge.split(" ");
  if (sides.length === 2 && sides[0] !== "" && sides[1] !== "") return [sides[0], sides[1]];
  throw new TypeError(`Bpe: expected merges of two symbols with a space between, got ${show(merge)}`);
}
