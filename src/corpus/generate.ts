import { anything, checkOptions, integer, type OptionTable } from "../options.js";
import { show } from "../show.js";
import { Generator } from "../tensor/random.js";
import { drawAll } from "./draw.js";
import { constructions } from "./grammar/index.js";
import type { Level, SentencePair } from "./types.js";

export interface CorpusOptions {
  /** How far the curriculum goes; a level mixes in everything below it. */
  readonly level: Level;
  /** How many pairs, from 1 to `countReachable(level)`. */
  readonly size: number;
  /** Any integer; 0 when left out. */
  readonly seed?: number;
}

const OPTIONS: OptionTable<CorpusOptions> = {
  level: anything(),
  size: anything(),
  seed: integer(Number.MIN_SAFE_INTEGER),
};

/** Throws `RangeError` unless `level` is 1, 2 or 3. */
export function checkLevel(caller: string, level: number): void {
  if (![1, 2, 3].includes(level)) throw new RangeError(`${caller}: expected a level of 1, 2 or 3, got ${show(level)}`);
}

/** Throws `RangeError` unless `size` is an integer from 1 to `limit`. */
export function checkSize(caller: string, name: string, size: number, limit: number): void {
  if (!Number.isInteger(size) || size < 1 || size > limit) {
    throw new RangeError(`${caller}: expected a ${name} from 1 to ${limit}, got ${show(size)}`);
  }
}

/**
 * How many distinct pairs a level can give, those of the levels below included. Throws `RangeError` unless `level` is
 * 1, 2 or 3.
 *
 * @example
 * countReachable(3) >= 200_000; // true
 */
export function countReachable(level: Level): number {
  checkLevel("countReachable", level);
  return constructions()
    .filter((construction) => construction.level <= level)
    .flatMap(({ groups }) => groups)
    .reduce((total, group) => total + group.size, 0);
}

/**
 * Distinct English–French pairs, the same for the same options. Throws `RangeError` when the level is not 1, 2 or 3,
 * or when it cannot give that many pairs.
 *
 * @example
 * generateCorpus({ level: 1, size: 1000, seed: 1 })[0].source; // an English sentence
 */
export function generateCorpus(options: CorpusOptions): SentencePair[] {
  checkOptions("generateCorpus", OPTIONS, options);
  const { level, size, seed = 0 } = options;
  checkSize("generateCorpus", "size", size, countReachable(level));
  const sentences = drawAll(level, new Generator(seed));
  return Array.from({ length: size }, () => {
    const { source, target } = sentences.next().value;
    return { source, target };
  });
}
