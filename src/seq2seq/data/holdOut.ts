import type { Generator } from "../../tensor/random.js";
import { normalizeText } from "../text/normalize.js";

/**
 * Which pairs of a corpus share a source sentence, whatever its case and spacing, so that some sources can be set aside
 * with all their translations. Keeps hashes of 53 bits and no texts: of a million sources, two different ones are taken
 * for the same with a probability of 1 in 18,000, and would then only be set aside together.
 *
 * @example
 * const sources = new SourceGroups();
 * for (const { source } of pairs) sources.add(source, true);
 * const isHeld = sources.choose(1000, new Generator(0));
 * const valid = pairs.filter((_, i) => isHeld(i));
 */
export class SourceGroups {
  readonly #groups = new KeyNumbers();
  /** The group of each pair. */
  readonly #ofPair: number[] = [];
  /** Groups that may be set aside, in the order in which they were first seen to. */
  readonly #candidates: number[] = [];
  readonly #isCandidate: boolean[] = [];

  /** Adds the next pair. A source that has no `whole` pair, with text on both sides, could judge nothing and is not chosen. */
  add(source: string, whole: boolean): void {
    const group = this.#groups.of(hash(normalizeText(source, { lowercase: true })));
    this.#ofPair.push(group);
    if (!whole || this.#isCandidate[group]) return;
    this.#isCandidate[group] = true;
    this.#candidates.push(group);
  }

  /**
   * Chooses up to `limit` sources, and no more than one in twenty (but one at least); says whether the pair of an index
   * has one of them.
   */
  choose(limit: number, generator: Generator): (pair: number) => boolean {
    const order = generator.shuffle(Int32Array.from(this.#candidates));
    const count = Math.min(limit, Math.max(1, Math.floor(order.length / 20)));
    const held = new Set(order.subarray(0, count));
    return (pair) => held.has(this.#ofPair[pair]);
  }
}

/** Numbers keys in the order in which they first come, as a Map would in five times the memory. */
class KeyNumbers {
  #keys = new Float64Array(2 ** 10);
  #size = 0;
  /** Which key is in each place of a hash table with open addressing: 1 + its number, 0 for none. Half stays free. */
  #table = new Int32Array(2 ** 11);

  /** The number of a key, which is any integer of up to 53 bits that is a hash already. */
  of(key: number): number {
    const place = this.#find(key);
    if (this.#table[place] > 0) return this.#table[place] - 1;
    this.#keys[this.#size] = key;
    this.#table[place] = ++this.#size;
    if (this.#size === this.#keys.length) this.#grow();
    return this.#size - 1;
  }

  /** Where a key is, or should go. */
  #find(key: number): number {
    const mask = this.#table.length - 1;
    let place = key & mask; // the low bits, of a number beyond 32 bits as well
    while (this.#table[place] > 0 && this.#keys[this.#table[place] - 1] !== key) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const keys = new Float64Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#table = new Int32Array(2 * keys.length);
    for (let number = 0; number < this.#size; number++) this.#table[this.#find(keys[number])] = number + 1;
  }
}

/**
 * 53 bits of a text: two multiplicative hashes, each as FNV-1a with a prime of its own, mixed by MurmurHash3's last step
 * so that all bits depend on all characters.
 */
function hash(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x5bd1e995;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x85ebca77);
  }
  a = Math.imul(a ^ (a >>> 15), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 15), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b & 0x1fffff) * 2 ** 32 + (a >>> 0);
}
