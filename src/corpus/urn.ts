import type { Generator } from "../tensor/random.js";
import type { Space } from "./space.js";

/**
 * Draws every member of a space once, in a random order: a Fisher–Yates shuffle that holds only the numbers it has
 * moved, so that a few draws from a huge space stay cheap and the last draw from an exhausted one still ends.
 */
export class Urn<T> {
  readonly #space: Space<T>;
  readonly #moved = new Map<number, number>();
  #left: number;

  constructor(space: Space<T>) {
    this.#space = space;
    this.#left = space.size;
  }

  /** A member not drawn before; throws `RangeError` when none is left. */
  draw(generator: Generator): T {
    const index = generator.integer(this.#left);
    this.#left--;
    const drawn = this.#moved.get(index) ?? index;
    this.#moved.set(index, this.#moved.get(this.#left) ?? this.#left);
    this.#moved.delete(this.#left);
    return this.#space.at(drawn);
  }

  get empty(): boolean {
    return this.#left === 0;
  }
}
