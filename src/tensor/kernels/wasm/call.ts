import type { FloatArray } from "../../storage.js";
import type { Block, WasmMemory } from "../../wasmMemory.js";

/**
 * The arguments of one kernel call, as addresses. What already lives in WebAssembly memory is used where it stands;
 * anything else is copied there for the length of the call, and results are copied back by `end`.
 */
export class Call {
  readonly #memory: WasmMemory;
  readonly #blocks: Block[] = [];
  readonly #copies: { array: FloatArray | Int32Array; view: FloatArray | Int32Array }[] = [];

  constructor(memory: WasmMemory) {
    this.#memory = memory;
  }

  /** Floats that are only read. */
  input(array: FloatArray): number {
    return this.#memory.address(array as Float32Array) || this.#copy(array as Float32Array);
  }

  /** Floats that are read and written. */
  inout(array: FloatArray): number {
    const own = this.#memory.address(array as Float32Array);
    if (own) return own;
    const at = this.#copy(array as Float32Array);
    this.#copies.push({ array, view: this.#memory.floats(at, array.length) });
    return at;
  }

  /** Floats that are written, every one of them, and not read. */
  output(array: FloatArray): number {
    const own = this.#memory.address(array as Float32Array);
    if (own) return own;
    const at = this.workspace(array.length);
    this.#copies.push({ array, view: this.#memory.floats(at, array.length) });
    return at;
  }

  /** An input that may be missing: 0 then. */
  optional(array: FloatArray | null): number {
    return array ? this.inout(array) : 0;
  }

  /** Floats that the kernel reads and writes in double precision, whatever the array holds. */
  doubles(array: FloatArray): number {
    const at = this.workspace(2 * array.length);
    const view = this.#memory.doubles(at, array.length);
    view.set(array);
    this.#copies.push({ array, view });
    return at;
  }

  /** Indices, which always live elsewhere. */
  integers(array: Int32Array): number {
    const at = this.workspace(array.length);
    this.#memory.integers(at, array.length).set(array);
    return at;
  }

  /** Indices that are written, every one of them. */
  outputIntegers(array: Int32Array): number {
    const at = this.workspace(array.length);
    this.#copies.push({ array, view: this.#memory.integers(at, array.length) });
    return at;
  }

  /** Room for `length` floats, holding anything; throws `RangeError` when no memory is left. */
  workspace(length: number): number {
    const block = this.#memory.reserve(4 * length);
    if (!block) {
      this.#copies.length = 0;
      this.end();
      throw new RangeError(`kernels: expected room for ${length} floats, got a WebAssembly memory that is full`);
    }
    this.#blocks.push(block);
    return block.at;
  }

  /** Copies results back and gives up everything copied. */
  end(): void {
    if (this.#blocks.length === 0) return;
    for (const { array, view } of this.#copies) array.set(view);
    this.#copies.length = 0;
    for (const block of this.#blocks) this.#memory.release(block);
    this.#blocks.length = 0;
  }

  #copy(array: Float32Array): number {
    const at = this.workspace(array.length);
    this.#memory.floats(at, array.length).set(array);
    return at;
  }
}

/** A function of a binary. Addresses are in bytes; booleans go in as 0 and 1. */
export type Native = (...args: number[]) => number;

export function isDouble(array: FloatArray): boolean {
  return array instanceof Float64Array;
}
