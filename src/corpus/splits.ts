import { anything, checkOptions, integer, type OptionTable } from "../options.js";
import { Generator } from "../tensor/random.js";
import { drawAll } from "./draw.js";
import { checkSize, countReachable } from "./generate.js";
import type { Combination } from "./grammar/combination.js";
import type { Sentence } from "./grammar/sentence.js";
import type { Level, SentencePair } from "./types.js";

export interface SplitOptions {
  readonly level: Level;
  /** How many pairs to train on. */
  readonly trainSize: number;
  /** How many pairs each of the two test splits holds. */
  readonly testSize: number;
  /** Any integer; 0 when left out. It changes the draw, not the combinations held back. */
  readonly seed?: number;
}

const OPTIONS: OptionTable<SplitOptions> = {
  level: anything(),
  trainSize: anything(),
  testSize: anything(),
  seed: integer(Number.MIN_SAFE_INTEGER),
};

export interface CorpusSplits {
  readonly train: SentencePair[];
  /** Sentences drawn as `train` was, none of which is in it in either language. */
  readonly unseenSentences: SentencePair[];
  /** New sentences of known words, with a pair of them that no sentence in `train` brings together. */
  readonly unseenCombinations: SentencePair[];
}

/** One combination in this many is kept out of training. */
const RESERVED_ONE_IN = 12;

/** Whether training never holds this combination: decided by its name alone (FNV-1a), so the same in every run. */
export function isReserved(pair: Combination): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < pair.length; i++) hash = Math.imul(hash ^ pair.charCodeAt(i), 0x01000193);
  // From this bit on, no word loses all its combinations, so that all of them are trained on.
  return (hash >>> 11) % RESERVED_ONE_IN === 0;
}

/** The words and marks of a text, an elided word counting as one: "J'aime l'eau." holds j', aime, l', eau and ".". */
export function words(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}-]+'?|[^\s\p{L}]/gu) ?? [];
}

const wordsOf = ({ source, target }: SentencePair): readonly string[] => [...words(source), ...words(target)];

/**
 * A training set and two test sets for it, the same for the same options. Throws `RangeError` when the level is not 1,
 * 2 or 3, or when it cannot fill the three sets.
 *
 * @example
 * const { train, unseenCombinations } = corpusSplits({ level: 2, trainSize: 20_000, testSize: 500 });
 */
export function corpusSplits(options: SplitOptions): CorpusSplits {
  checkOptions("corpusSplits", OPTIONS, options);
  const { train, unseenSentences, unseenCombinations } = splitSentences(options);
  const pairs = (sentences: readonly Sentence[]) => sentences.map(({ source, target }) => ({ source, target }));
  return {
    train: pairs(train),
    unseenSentences: pairs(unseenSentences),
    unseenCombinations: pairs(unseenCombinations),
  };
}

/** The splits of {@link corpusSplits}, with the combinations that each sentence holds. */
export function splitSentences({ level, trainSize, testSize, seed = 0 }: SplitOptions): {
  readonly [Split in keyof CorpusSplits]: Sentence[];
} {
  const limit = countReachable(level);
  checkSize("corpusSplits", "trainSize", trainSize, limit);
  checkSize("corpusSplits", "testSize", testSize, limit);
  const sentences = drawAll(level, new Generator(seed));
  const open: Sentence[] = [];
  const reserved: Sentence[] = [];
  const sortNext = (): boolean => {
    const { value, done } = sentences.next();
    if (!done) (value.combinations.some(isReserved) ? reserved : open).push(value);
    return !done;
  };
  /** The sentences of a pile that suit, from one on and up to a number of them, drawing more when the pile runs out. */
  const take = (pile: readonly Sentence[], start: number, count: number, suits: (sentence: Sentence) => boolean) => {
    const taken: Sentence[] = [];
    for (let i = start; taken.length < count; i++) {
      while (i >= pile.length && sortNext());
      if (i >= pile.length) break;
      if (suits(pile[i])) taken.push(pile[i]);
    }
    return taken;
  };
  const train = take(open, 0, trainSize, () => true);

  // "His uncle" and "her uncle" are the same in French: new English may still be French that was trained on.
  const taught = new Set(train.map(({ target }) => target));
  const isNew = ({ target }: Sentence): boolean => !taught.has(target);
  const unseenSentences = take(open, trainSize, testSize, isNew);

  const known = new Set(train.flatMap(wordsOf));
  const isKnown = (sentence: Sentence): boolean => wordsOf(sentence).every((word) => known.has(word));
  const unseenCombinations = take(reserved, 0, testSize, (sentence) => isNew(sentence) && isKnown(sentence));

  if (unseenSentences.length < testSize || unseenCombinations.length < testSize) {
    throw new RangeError(
      `corpusSplits: level ${level} gives at most ${unseenSentences.length} unseen sentences and ` +
        `${unseenCombinations.length} unseen combinations after ${trainSize} for training, got a testSize of ${testSize}`,
    );
  }
  return { train, unseenSentences, unseenCombinations };
}
