import { show } from "../../show.js";

/** A source sentence and its translation as token ids, without BOS or EOS. */
export interface EncodedPair {
  readonly source: ArrayLike<number>;
  readonly target: ArrayLike<number>;
}

/** Sentence pairs to train on or to judge by. A plain array of {@link EncodedPair} is one, {@link EncodedPairs} another. */
export interface Pairs {
  readonly length: number;
  /** The pair of an index from 0 to length − 1. */
  at(index: number): EncodedPair | undefined;
}

/**
 * The pairs of some indices, each from 0 to length − 1, as `makeBatch` takes them.
 *
 * @example
 * const batch = makeBatch(pick(pairs, [3, 1, 4]));
 */
export function pick(pairs: Pairs, indices: Iterable<number>): EncodedPair[] {
  return Array.from(indices, (index) => {
    const pair = Number.isInteger(index) && index >= 0 ? pairs.at(index) : undefined;
    if (pair) return pair;
    throw new RangeError(`pick: expected indices from 0 to ${pairs.length - 1}, got ${show(index)}`);
  });
}

/**
 * Many sentence pairs in few numbers of 32 bits: the ids of each side one after the other. A million pairs of fourteen
 * tokens take 64 MB, where an array for each sentence would take four times as much.
 *
 * @example
 * const pairs = new EncodedPairs();
 * pairs.push([5, 9], [7, 4, 8]);
 * pairs.at(0); // { source: Int32Array [5, 9], target: Int32Array [7, 4, 8] }
 */
export class EncodedPairs implements Pairs {
  readonly #source = new Sentences();
  readonly #target = new Sentences();

  get length(): number {
    return this.#source.length;
  }

  /** The pair of an index, as views that must not be written to. Throws `RangeError` on an index out of range. */
  at(index: number): { readonly source: Int32Array; readonly target: Int32Array } {
    if (!(Number.isInteger(index) && index >= 0 && index < this.length)) {
      throw new RangeError(`EncodedPairs.at: expected an index from 0 to ${this.length - 1}, got ${show(index)}`);
    }
    return { source: this.#source.at(index), target: this.#target.at(index) };
  }

  /**
   * Leaves only the pairs of `kept`, indices in rising order, each after `change` wrote to it what it liked. All in the
   * memory that they are in: a copy of a large corpus would take as much again.
   */
  retain(kept: Iterable<number>, change: (pair: { source: Int32Array; target: Int32Array }) => void): void {
    let count = 0;
    for (const index of kept) {
      const pair = this.at(index);
      change(pair);
      this.#source.put(count, pair.source);
      this.#target.put(count, pair.target);
      count++;
    }
    this.#source.length = count;
    this.#target.length = count;
  }

  /** Appends a copy of a pair. */
  push(source: ArrayLike<number>, target: ArrayLike<number>): void {
    this.#source.push(source);
    this.#target.push(target);
  }
}

/** Lists of ids, end to end. */
class Sentences {
  #ids = new Int32Array(1024);
  /** Where each list ends. */
  #ends = new Int32Array(64);
  length = 0;

  at(index: number): Int32Array {
    return this.#ids.subarray(this.#start(index), this.#ends[index]);
  }

  push(ids: ArrayLike<number>): void {
    const end = this.#start(this.length) + ids.length;
    if (end > this.#ids.length) this.#ids = grown(this.#ids, end);
    if (this.length === this.#ends.length) this.#ends = grown(this.#ends, this.length + 1);
    this.put(this.length++, ids);
  }

  /** Writes a list after those before it, where there is room. */
  put(index: number, ids: ArrayLike<number>): void {
    const start = this.#start(index);
    this.#ids.set(ids, start);
    this.#ends[index] = start + ids.length;
  }

  #start(index: number): number {
    return index === 0 ? 0 : this.#ends[index - 1];
  }
}

/** A copy with room for `needed` numbers at least, and for half as many again as there were, so that few copies are made. */
function grown(numbers: Int32Array, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, Math.ceil(1.5 * numbers.length)));
  larger.set(numbers);
  return larger;
}
