import type { Block, WasmMemory } from "./wasmMemory.js";

/** Small arrays are cut from chunks of this many bytes; larger ones get a block of their own. */
const CHUNK = 2 ** 20;
const LARGE = CHUNK / 4;
/** What is left beyond this part of the memory is for the copies that kernels need. */
const MOST = 7 / 8;

/** Floats that all end together: taken one after another, given back at once. */
export class Arena {
  readonly #memory: WasmMemory;
  readonly #blocks: Block[] = [];
  #next = 0;
  #end = 0;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
  }

  /** Floats that hold anything, or null when no memory is left. */
  floats(length: number): Float32Array | null {
    const at = this.#take(Math.ceil(length / 16) * 64);
    return at === 0 ? null : this.#memory.floats(at, length);
  }

  /** Whether `array` is one that was taken from here, or a part of one. */
  holds(array: Float32Array): boolean {
    const address = this.#memory.address(array);
    return this.#blocks.some(({ at, size }) => address >= at && address < at + size);
  }

  /** Ends the life of everything taken. */
  release(): void {
    for (const block of this.#blocks) this.#memory.release(block);
    this.#blocks.length = 0;
    this.#next = 0;
    this.#end = 0;
  }

  #take(bytes: number): number {
    if (bytes > LARGE) return this.#reserve(bytes)?.at ?? 0;
    if (this.#next + bytes > this.#end) {
      const chunk = this.#reserve(CHUNK);
      if (!chunk) return 0;
      this.#next = chunk.at;
      this.#end = chunk.at + chunk.size;
    }
    const at = this.#next;
    this.#next += bytes;
    return at;
  }

  #reserve(bytes: number): Block | null {
    if (this.#memory.usage.used + bytes > MOST * this.#memory.maximum) return null;
    const block = this.#memory.reserve(bytes);
    if (block) this.#blocks.push(block);
    return block;
  }
}
