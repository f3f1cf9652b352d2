/**
 * The one WebAssembly.Memory that the SIMD kernels compute in, and which parts of it are free. Whatever lives here
 * needs no copy to be computed with.
 */

/** A stretch of the memory, in bytes. */
export interface Block {
  readonly at: number;
  readonly size: number;
}

const PAGE = 65536;
/** Blocks begin and end at cache lines. */
const LINE = 64;
/** What lies below is not handed out: the kernels' constants, and address 0, which means "none". */
const BASE = 1024;
const MIB = 2 ** 20;
/** A page without cross-origin isolation gets one of these once and for all: see `makeMemory`. */
const FIXED_MIB = [512, 256, 64];

export class WasmMemory {
  /** @internal */
  readonly memory: WebAssembly.Memory;
  /** Whether threads may share it, and it may grow. */
  readonly isShared: boolean;
  /** Bytes that it may grow to. */
  readonly maximum: number;
  /** Free blocks by address; neighbours are always joined. */
  readonly #free: { at: number; size: number }[] = [];
  /** `memory.buffer`, which is another object over the same bytes after each growth. */
  #buffer: ArrayBufferLike;
  readonly #olderBuffers = new Set<ArrayBufferLike>();
  #used = 0;

  /** Throws `RangeError` when the runtime gives no memory at all. */
  constructor(share = typeof SharedArrayBuffer === "function") {
    const { memory, isShared, maximum } = makeMemory(share);
    this.memory = memory;
    this.isShared = isShared;
    this.maximum = maximum;
    this.#buffer = memory.buffer;
    // Kernels may read (never write) a few floats past an array's end.
    this.#free.push({ at: BASE, size: this.#buffer.byteLength - BASE - LINE });
  }

  /** Bytes in use, and bytes taken from the system. */
  get usage(): { readonly used: number; readonly size: number } {
    return { used: this.#used, size: this.#buffer.byteLength };
  }

  /** At least `bytes` bytes, holding anything, or null when no memory is left. */
  reserve(bytes: number): Block | null {
    const size = roundUp(bytes);
    let index = this.#free.findIndex((block) => block.size >= size);
    if (index < 0) {
      if (!this.#grow(size)) return null;
      index = this.#free.length - 1;
    }
    const block = this.#free[index];
    const { at } = block;
    if (block.size === size) this.#free.splice(index, 1);
    else {
      block.at += size;
      block.size -= size;
    }
    this.#used += size;
    return { at, size };
  }

  /** Gives back a block that `reserve` returned. */
  release({ at, size }: Block): void {
    this.#used -= size;
    this.#insert(at, size);
  }

  /** The floats of `array` as an address, or 0 when they lie elsewhere. */
  address(array: Float32Array): number {
    const { buffer } = array;
    return buffer === this.#buffer || this.#olderBuffers.has(buffer) ? array.byteOffset : 0;
  }

  /** `length` floats from `at` on; holding anything. */
  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.#buffer, at, length);
  }

  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.#buffer, at, length);
  }

  #insert(at: number, size: number): void {
    const free = this.#free;
    let next = free.length;
    while (next > 0 && free[next - 1].at > at) next--;
    const before = free[next - 1];
    const after = free[next];
    const joinsBefore = before && before.at + before.size === at;
    const joinsAfter = after && at + size === after.at;
    if (joinsBefore) {
      before.size += size + (joinsAfter ? after.size : 0);
      if (joinsAfter) free.splice(next, 1);
    } else if (joinsAfter) {
      after.at = at;
      after.size += size;
    } else free.splice(next, 0, { at, size });
  }

  /** Doubles the memory, or adds what is needed if that is more. Views stay valid: only a shared memory grows. */
  #grow(bytes: number): boolean {
    const before = this.#buffer.byteLength;
    const room = this.maximum - before;
    if (bytes > room) return false;
    const more = Math.min(Math.max(bytes, before), room);
    try {
      this.memory.grow(Math.ceil(more / PAGE));
    } catch {
      return false;
    }
    this.#olderBuffers.add(this.#buffer);
    this.#buffer = this.memory.buffer;
    // The last line of what was there becomes usable; the last line of all does not.
    this.#insert(before - LINE, this.#buffer.byteLength - before);
    return true;
  }
}

function roundUp(bytes: number): number {
  return Math.max(LINE, Math.ceil(bytes / LINE) * LINE);
}

/**
 * A shared memory grows without detaching the views that exist, so it starts small and may reach 4 GiB. An unshared one
 * would leave every view empty, in the middle of a backward even; so it has its full size from the start (the system
 * gives the bytes only when they are touched) and never grows.
 */
function makeMemory(share: boolean): { memory: WebAssembly.Memory; isShared: boolean; maximum: number } {
  const attempts = [
    ...(share ? [4096, 1024].map((mib) => ({ initial: 16, maximum: mib, shared: true })) : []),
    ...FIXED_MIB.map((mib) => ({ initial: mib, maximum: mib, shared: false })),
  ];
  let failure: unknown;
  for (const { initial, maximum, shared } of attempts) {
    try {
      const pages = (mib: number): number => (mib * MIB) / PAGE;
      const memory = new WebAssembly.Memory({ initial: pages(initial), maximum: pages(maximum), shared });
      return { memory, isShared: shared, maximum: maximum * MIB };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
