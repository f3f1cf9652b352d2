/**
 * Persistent floats in WebAssembly memory. What has an owner that knows when it is done is given back by it; the rest comes
 * back when the collector finds its array unreachable. Two things keep that from taking too long:
 *
 * - The collector sees of such an array only a small object, and would let thousands wait. So each is tied to an ordinary
 *   buffer of its size that nobody ever touches: the system gives no memory for it, and the collector counts it.
 * - What it finds is told only between two tasks of the event loop. A loop that never lets go must not fill the memory, so
 *   there is a bound, beyond which floats are ordinary arrays: slower to compute with, collected at any time. What is in
 *   use right after a collection is reachable, and the bound is twice that.
 */
import type { Block, WasmMemory } from "./wasmMemory.js";

/** The bound is never below this. */
const LEAST = 256 * 2 ** 20;
/** Nor above this part of the memory: scopes and the copies that kernels need live there, too. */
const MOST = 3 / 4;
/** Below this an array's own objects weigh enough. */
const WEIGHTLESS = 16 * 2 ** 10;

interface Loan {
  readonly block: Block;
  readonly ballast: ArrayBuffer | null;
}

export class PersistentFloats {
  readonly #memory: WasmMemory;
  readonly #loans = new WeakMap<Float32Array, Loan>();
  readonly #collected = new FinalizationRegistry<Block>((block) => this.#release(block));
  /** Tells that the collector has run: it is given something that nobody holds. */
  readonly #runs = new FinalizationRegistry<null>(() => {
    this.#isWatched = false;
    this.#hasRun = true;
  });
  #isWatched = false;
  #hasRun = false;
  #inUse = 0;
  #bound: number;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
    this.#bound = Math.min(LEAST, MOST * memory.maximum);
  }

  /** Floats that hold anything, or null where the bound or the memory allows no more. */
  take(length: number): Float32Array | null {
    const bytes = 4 * length;
    if (!this.#allows(bytes)) return null;
    const block = this.#memory.reserve(bytes);
    if (!block) return null;
    this.#inUse += block.size;
    const array = this.#memory.floats(block.at, length);
    this.#loans.set(array, { block, ballast: bytes < WEIGHTLESS ? null : ballast(bytes) });
    this.#collected.register(array, block, array);
    return array;
  }

  /** Gives back an array of `take` at once; does nothing to any other. */
  give(array: Float32Array): void {
    const loan = this.#loans.get(array);
    if (!loan) return;
    this.#loans.delete(array);
    this.#collected.unregister(array);
    this.#release(loan.block);
  }

  #release(block: Block): void {
    this.#inUse -= block.size;
    this.#memory.release(block);
  }

  #allows(bytes: number): boolean {
    if (this.#hasRun) {
      this.#bound = Math.min(Math.max(LEAST, 2 * this.#inUse), MOST * this.#memory.maximum);
      this.#hasRun = false;
    }
    if (this.#inUse + bytes <= this.#bound) return true;
    if (!this.#isWatched) this.#runs.register({}, null);
    this.#isWatched = true;
    return false;
  }
}

/** A resizable buffer is mapped and never touched; any other might be cut from memory in use, and cleared. */
function ballast(bytes: number): ArrayBuffer {
  const Resizable = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
  return new Resizable(bytes, { maxByteLength: bytes });
}
