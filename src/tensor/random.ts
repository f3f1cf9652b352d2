import type { Option } from "../options.js";
import { show } from "../show.js";

/** Everything a {@link Generator} needs to go on exactly where it stood: four unsigned 32-bit words. */
export type GeneratorState = readonly [number, number, number, number];

/**
 * A seeded source of random numbers: xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", 2018), its four words filled from the seed by SplitMix32. The same seed gives the same numbers on
 * every machine.
 *
 * @example
 * const generator = new Generator(1);
 * generator.random(); // in [0, 1)
 */
export class Generator {
  readonly #words = new Uint32Array(4);

  /** @param seed any integer of up to 53 bits; throws `RangeError` on anything else. */
  constructor(seed = 0) {
    this.manualSeed(seed);
  }

  /** Starts again from `seed`. */
  manualSeed(seed: number): this {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`manualSeed: expected an integer, got ${show(seed)}`);
    // The high half is folded in, so that seeds 2^32 apart differ.
    let word = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b)) >>> 0;
    for (let i = 0; i < 4; i++) {
      word = (word + 0x9e3779b9) >>> 0;
      let mixed = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      this.#words[i] = mixed ^ (mixed >>> 15);
    }
    return this;
  }

  getState(): GeneratorState {
    const s = this.#words;
    return [s[0], s[1], s[2], s[3]];
  }

  /** Goes on from a state that `getState` returned; throws `RangeError` when it is not one. */
  setState(state: GeneratorState): this {
    const valid =
      Array.isArray(state) && state.length === 4 && state.every((w) => Number.isInteger(w) && w >= 0 && w < 2 ** 32);
    if (!valid || state.every((w) => w === 0)) {
      throw new RangeError(`setState: expected four unsigned 32-bit words, not all zero, got ${show(state)}`);
    }
    this.#words.set(state);
    return this;
  }

  /** The next 32 random bits, as an unsigned integer. */
  bits(): number {
    const s = this.#words;
    const scrambled = Math.imul(s[1], 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform in [0, 1), on a grid of 2⁻²⁴: exact in float32, where a finer number could round up to 1. */
  random(): number {
    return (this.bits() >>> 8) * 2 ** -24;
  }

  /** A uniform integer in [0, limit), without bias; throws `RangeError` unless 1 ≤ limit ≤ 2³². */
  integer(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > 2 ** 32) {
      throw new RangeError(`integer: expected a limit from 1 to 2^32, got ${show(limit)}`);
    }
    const fair = 2 ** 32 - (2 ** 32 % limit);
    let bits = this.bits();
    while (bits >= fair) bits = this.bits();
    return bits % limit;
  }

  /** Standard normal (Box and Muller, 1958); the second number of each pair is left unused, so that no state hides. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
    return radius * Math.cos(2 * Math.PI * this.random());
  }

  /** Shuffles in place (Fisher and Yates) and returns the same array. */
  shuffle<T extends { readonly length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = items[i];
      items[i] = items[j];
      items[j] = kept;
    }
    return items;
  }
}

/** The generator used wherever none is passed in. */
export const defaultGenerator = new Generator(0);

/** An option that takes a generator; one of another copy of the library will do. */
export const generatorOption: Option<Generator> = {
  initial: undefined,
  expected: "a Generator",
  accepts: (value) => typeof (value as Partial<Generator> | null)?.bits === "function",
};

/** Seeds the default generator, as PyTorch's `manual_seed` does. */
export function manualSeed(seed: number): Generator {
  return defaultGenerator.manualSeed(seed);
}
