import { checksum, currentScope, type DType, dispose, dtypeOf, type FloatArray, type Scope } from "./storage.js";

/** Where the floats of a new tensor live: with the running scope if there is one, or for as long as their owner. */
export type Lifetime = "step" | "persistent";

/**
 * What floats were at one time, to ask later whether they still are: see {@link Floats.mark}. `sum` is their checksum
 * where somebody could have written without the library's knowledge, null where nobody could.
 */
export interface Mark {
  readonly version: number;
  readonly sum: number | null;
}

/**
 * The floats that a tensor and all its views share, and what is known of changes to them.
 *
 * The library itself counts its writes. A user who has taken the array may write at any time and nobody sees it: from
 * then on whoever wants to know whether they changed compares checksums. So it costs nothing until somebody takes `data`,
 * and no road to the floats goes unnoticed.
 */
export class Floats {
  readonly scope: Scope | null;
  readonly dtype: DType;
  #array: FloatArray;
  #version = 0;
  #isMarked = false;
  #isExposed = false;
  /** What they were when a user first took them. */
  #before: Mark | null = null;
  #isDisposed = false;

  constructor(array: FloatArray, lifetime: Lifetime = "step") {
    this.#array = array;
    this.dtype = dtypeOf(array);
    this.scope = lifetime === "step" ? currentScope() : null;
  }

  get length(): number {
    return this.#array.length;
  }

  /** Why they cannot be read any more, or null. */
  get end(): string | null {
    if (this.#isDisposed) return "was disposed of";
    if (this.scope?.ended) return "was made inside a scope that has ended; return it from the scope to keep it";
    return null;
  }

  /** To read. */
  read(): FloatArray {
    return this.#array;
  }

  /** To write at once: counts as a change. */
  write(): FloatArray {
    this.#version++;
    return this.#array;
  }

  /**
   * For a user, who may keep the array and write to it whenever he likes. What lies where a scope's end gives it to others
   * moves to where it is his for good.
   */
  expose(): FloatArray {
    if (!this.#isExposed) {
      if (this.#isMarked) this.#before = { version: this.#version, sum: checksum(this.#array) };
      this.#isExposed = true;
      if (this.#array instanceof Float32Array && this.scope?.arena?.holds(this.#array))
        this.#array = this.#array.slice();
    }
    return this.#array;
  }

  /** Whether a user has ever taken the array. */
  get isExposed(): boolean {
    return this.#isExposed;
  }

  /** What they are now. */
  mark(): Mark {
    this.#isMarked = true;
    return { version: this.#version, sum: this.#isExposed ? checksum(this.#array) : null };
  }

  /** Whether they are still what they were at that mark. */
  isAt({ version, sum }: Mark): boolean {
    if (this.end !== null) return false;
    if (sum !== null) return sum === checksum(this.#array);
    if (!this.#isExposed) return version === this.#version;
    // Nobody but the library could write before they were first taken, and it counts.
    return version === this.#before?.version && this.#before.sum === checksum(this.#array);
  }

  /** Ends them, and frees them at once where they are persistent. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    if (!this.scope) dispose(this.#array);
  }
}
