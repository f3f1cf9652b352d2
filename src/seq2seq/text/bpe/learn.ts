import { type Pair, PairQueue } from "./pairQueue.js";
import { firstSymbols } from "./symbols.js";

/** A pair is merged while it is seen as often as this, as in the authors' program. */
const LEAST_COUNT = 2;

interface IndexedPair extends Pair {
  /** Words that hold it, or did. */
  readonly words: number[];
}

/**
 * The merges of byte pair encoding (Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword
 * Units", 2016, algorithm 1): the most frequent pair of neighbours becomes one symbol, and so on, `limit` times or until
 * no pair is left that occurs twice. Of equally frequent pairs the last in code point order is taken, as in the authors'
 * subword-nmt. Counts are kept up to date by an index from pairs to words, so each merge looks only at words it changes.
 */
export function learnMerges(counts: Iterable<readonly [word: string, count: number]>, limit: number): string[] {
  const learner = new Learner(counts);
  const merges: string[] = [];
  while (merges.length < limit) {
    const pair = learner.best();
    if (!pair) break;
    learner.merge(pair);
    merges.push(`${pair.left} ${pair.right}`);
  }
  return merges;
}

class Learner {
  readonly #words: (readonly string[])[] = [];
  readonly #frequencies: number[] = [];
  readonly #pairs = new Map<string, IndexedPair>();
  readonly #queue = new PairQueue<IndexedPair>();

  constructor(counts: Iterable<readonly [word: string, count: number]>) {
    for (const [word, count] of counts) {
      const index = this.#words.push(firstSymbols(word)) - 1;
      this.#frequencies.push(count);
      this.#add(index, this.#words[index]);
    }
    for (const pair of this.#pairs.values()) this.#queue.place(pair);
  }

  best(): IndexedPair | null {
    const pair = this.#queue.take();
    return pair && pair.count >= LEAST_COUNT ? pair : null;
  }

  /** Makes one symbol of a pair, in all words. */
  merge({ left, right, words }: IndexedPair): void {
    const risen = new Set<IndexedPair>();
    for (const index of words) {
      const before = this.#words[index];
      const after = replaced(before, left, right);
      if (after.length === before.length) continue; // it has it no more, or stands twice in the index
      for (let i = 1; i < before.length; i++) this.#pair(before[i - 1], before[i]).count -= this.#frequencies[index];
      this.#words[index] = after;
      for (const pair of this.#add(index, after, left + right)) risen.add(pair);
    }
    for (const pair of risen) this.#queue.place(pair);
    words.length = 0;
  }

  /** Counts a word's pairs, and returns those with the symbol that is new in it, which the index did not know there. */
  #add(index: number, symbols: readonly string[], fresh?: string): IndexedPair[] {
    const added: IndexedPair[] = [];
    for (let i = 1; i < symbols.length; i++) {
      const pair = this.#pair(symbols[i - 1], symbols[i]);
      pair.count += this.#frequencies[index];
      if (fresh !== undefined && fresh !== pair.left && fresh !== pair.right) continue;
      pair.words.push(index);
      added.push(pair);
    }
    return added;
  }

  #pair(left: string, right: string): IndexedPair {
    const key = `${left} ${right}`;
    let pair = this.#pairs.get(key);
    if (!pair) {
      pair = { left, right, count: 0, queued: 0, words: [] };
      this.#pairs.set(key, pair);
    }
    return pair;
  }
}

/** The symbols with every occurrence of a pair merged, from left to right. */
function replaced(symbols: readonly string[], left: string, right: string): string[] {
  const after: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const isPair = symbols[i] === left && symbols[i + 1] === right;
    after.push(isPair ? left + right : symbols[i]);
    if (isPair) i++;
  }
  return after;
}
