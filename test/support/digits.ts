import type { TextPair } from "../../src/seq2seq/data/readPairs.js";
import { Generator } from "../../src/tensor/index.js";

/** Every sentence of 1 to `longest` digits below `base` with its digits in reverse, in a random order: "1 4 2", "2 4 1". */
export function reversedDigits(base: number, longest: number, seed: number): TextPair[] {
  let sentences: number[][] = [[]];
  const all: number[][] = [];
  for (let length = 1; length <= longest; length++) {
    sentences = sentences.flatMap((sentence) => Array.from({ length: base }, (_, digit) => [...sentence, digit]));
    all.push(...sentences);
  }
  return new Generator(seed)
    .shuffle(all)
    .map((digits) => ({ source: digits.join(" "), target: digits.toReversed().join(" ") }));
}
