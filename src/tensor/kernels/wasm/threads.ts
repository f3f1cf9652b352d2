/**
 * Kernels split over worker threads that share the memory. Pieces are cut by output elements, so that the bits do
 * not depend on how many there are, nor on who computes which. Every thread, the calling one included, takes the next
 * piece as soon as it is free: one that is late, or not running at all, holds nobody up for longer than a piece.
 * Workers start when the first kernel is large enough, sleep between jobs, and keep no process alive. One that fails
 * ends all of them: the kernels go on without, and `runtimeInfo` says why.
 */
import type { WasmMemory } from "../../wasmMemory.js";
import type { Compiled } from "./instance.js";
import {
  ALLOWED,
  ARGUMENTS,
  CALLER_SLEEPS,
  FAILED,
  JOB,
  LEFT,
  MAILBOX,
  NAME,
  NOTHING,
  PATIENCE_MS,
  PENDING,
  PIECES,
  RUNNING,
  SLEEPING,
  WORKER,
} from "./mailbox.js";
import { startWorker } from "./worker.js";
import { Worth } from "./worth.js";

/** A piece costs at least this many floating-point operations of a product, some 8 µs: taking one costs about one. */
const PIECE = 3.5e5;
/** Pieces for each thread, so that the last one to finish is not long behind. */
const SHARE = 4;
/** How long the calling thread sleeps at a time. */
const SLEEP_MS = 100;
/** How long workers may take to start. */
const START_MS = 10_000;
/** How long the last piece may take: so long, and more for more operations, at a speed that no machine is below. */
const PIECE_MS = 10_000;
const OPERATIONS_PER_MS = 5e4;

let wanted = 1;
/** Why there is one thread, where more were asked for. */
let obstacle: string | null = null;

/** How many threads, the calling one included, a large kernel may run on: 1 where more could not be started. */
export function getNumThreads(): number {
  return wanted;
}

/**
 * Lets large kernels run on this many threads, the calling one included. Results are the same bits for any number. They
 * start with the first large kernel; in a page only once its event loop has turned, so that there
 * `await startThreads(n)` is the way. Where they cannot start, one goes on alone, and `runtimeInfo` says why. Only the
 * SIMD kernels use more than one. Throws `RangeError` unless 1 ≤ n ≤ 64.
 */
export function setNumThreads(n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > 64) throw new RangeError(`setNumThreads: expected 1 to 64, got ${n}`);
  wanted = n;
  obstacle = null;
}

/**
 * Calls a function of a binary with what stands in `a` from `i` on. It ignores what it does not take: a list cut to size and
 * spread would cost about a microsecond.
 */
function callWith(native: (...args: number[]) => void, a: Float64Array, i: number): void {
  // biome-ignore format: ARGUMENTS of them
  native(a[i], a[i + 1], a[i + 2], a[i + 3], a[i + 4], a[i + 5], a[i + 6], a[i + 7],
    a[i + 8], a[i + 9], a[i + 10], a[i + 11], a[i + 12], a[i + 13], a[i + 14], a[i + 15]);
}

/** The threads of one kernel set. */
export class Threads {
  readonly #memory: WasmMemory;
  readonly #binaries: () => Compiled;
  /** The job that all share; null before the first worker was started. */
  #job: { readonly ints: Int32Array; readonly args: Float64Array; readonly at: number } | null = null;
  /** What ends each worker. */
  #workers: (() => void)[] = [];
  readonly #worth = new Worth();
  /** Whether this thread may sleep: a page's main thread may not. */
  #maySleep = true;

  /** @internal */
  constructor(memory: WasmMemory, binaries: () => Compiled) {
    this.#memory = memory;
    this.#binaries = binaries;
  }

  /**
   * Runs a function over `size` things in pieces of whole `unit`s; `args` says what it takes for `count` things from
   * `from` on. `cost` is what all of it takes, in floating-point operations of a product.
   */
  split(name: string, size: number, unit: number, cost: number, args: (from: number, count: number) => number[]): void {
    const { native: natives, names } = this.#binaries();
    const native = natives[name];
    const parts = Math.min(wanted * SHARE, PIECES, Math.floor(cost / PIECE), Math.ceil(size / unit));
    const most = parts - (parts > wanted ? parts % wanted : 0); // as many for each thread
    const job = wanted > 1 && most > 1 && this.#worth.isLikely(performance.now()) && this.#ready();
    if (!job) {
      native(...args(0, size));
      return;
    }
    const { ints, args: table } = job;
    // Whole units as evenly as they go; taken from the last piece to the first.
    const units = Math.ceil(size / unit);
    for (let piece = 0; piece < most; piece++) {
      const from = Math.floor((piece * units) / most) * unit;
      const to = Math.min(size, Math.floor(((piece + 1) * units) / most) * unit);
      const values = args(from, to - from);
      for (let i = 0; i < values.length; i++) table[piece * ARGUMENTS + i] = values[i];
    }
    const began = performance.now();
    let quickest = Number.POSITIVE_INFINITY;
    ints[ALLOWED] = wanted - 1;
    ints[NAME] = names.indexOf(name);
    ints[PENDING] = most;
    Atomics.store(ints, LEFT, most);
    Atomics.add(ints, JOB, 1);
    if (Atomics.load(ints, SLEEPING) > 0) Atomics.notify(ints, JOB);
    for (let piece = Atomics.sub(ints, LEFT, 1) - 1; piece >= 0; piece = Atomics.sub(ints, LEFT, 1) - 1) {
      const from = piece * ARGUMENTS;
      const before = performance.now();
      callWith(native, table, from);
      Atomics.sub(ints, PENDING, 1);
      quickest = Math.min(quickest, performance.now() - before);
    }
    if (Atomics.load(ints, PENDING) > 0) this.#await(ints, name, cost / most);
    const ended = performance.now();
    this.#worth.count(`${name} ${cost}`, most, quickest, ended - began, ended);
    if (Atomics.exchange(ints, FAILED, 0)) throw new Error(`kernels: ${name} failed on a worker thread`);
  }

  /**
   * Returns once no piece is pending. Throws `Error` when one seems never to be finished, as its worker was ended in the
   * middle of it; time that passes while this thread itself stands still, as in a machine that sleeps, does not count.
   */
  #await(ints: Int32Array, name: string, cost: number): void {
    let now = performance.now();
    const until = now + PATIENCE_MS;
    let patience = PIECE_MS + cost / OPERATIONS_PER_MS;
    for (let left = Atomics.load(ints, PENDING); left > 0; left = Atomics.load(ints, PENDING)) {
      const before = now;
      now = performance.now();
      patience -= Math.min(now - before, 2 * SLEEP_MS);
      if (patience < 0) {
        this.#fail(`a worker did not finish its part of ${name}`);
        throw new Error(`kernels: ${name}: expected every worker thread to finish its part, got one that did not`);
      }
      if (now < until || !this.#maySleep) continue;
      Atomics.store(ints, CALLER_SLEEPS, 1);
      Atomics.wait(ints, PENDING, left, SLEEP_MS);
      Atomics.store(ints, CALLER_SLEEPS, 0);
    }
  }

  /** How many threads are ready for work, the calling one included. */
  get running(): number {
    return 1 + (this.#job ? Math.min(Atomics.load(this.#job.ints, RUNNING), wanted - 1) : 0);
  }

  /** Why fewer run than were asked for; null when none is missing. */
  get shortage(): string | null {
    if (obstacle || this.running === wanted) return obstacle;
    return this.#memory.isShared ? "more start with the first large kernel" : unshared();
  }

  /** Starts what is missing, and resolves once as many run as are wanted, or it is known why they do not. */
  async start(): Promise<void> {
    const until = performance.now() + START_MS;
    this.#ready();
    while (this.#job && this.running < wanted) {
      if (performance.now() > until) this.#fail(`workers did not start within ${START_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** The shared job once a worker runs. Starts workers where some are missing. */
  #ready() {
    while (this.#workers.length < wanted - 1) if (!this.#start()) break;
    return this.running > 1 ? this.#job : null;
  }

  #start(): boolean {
    try {
      this.#job ??= this.#makeJob();
      const job = this.#job;
      const { modules, names } = this.#binaries();
      const data = { memory: this.#memory.memory, modules, names, at: job.at };
      const failed = (why: string): void => {
        if (this.#job === job) this.#fail(`a worker failed: ${why}`);
      };
      this.#workers.push(startWorker(WORKER, { ...data, index: this.#workers.length }, failed));
      return true;
    } catch (error) {
      this.#fail((error as Error).message);
      return false;
    }
  }

  /** From now on there is one thread. The mailbox is left alone: workers end some time later. */
  #fail(why: string): void {
    for (const end of this.#workers) end();
    this.#workers = [];
    this.#job = null;
    wanted = 1;
    obstacle = why.replace(/\.$/, "");
  }

  #makeJob() {
    if (!this.#memory.isShared) throw new Error(unshared());
    const block = this.#memory.reserve(MAILBOX);
    if (!block) throw new Error("the WebAssembly memory is full");
    const { at } = block;
    const ints = this.#memory.integers(at, 16).fill(0);
    try {
      Atomics.wait(ints, NOTHING, 1); // returns at once, as it is 0
    } catch {
      this.#maySleep = false;
    }
    return { ints, args: this.#memory.doubles(at + 64, PIECES * ARGUMENTS), at };
  }
}

function unshared(): string {
  return (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false
    ? "the page is not cross-origin isolated, and only such a page has shared memory: its server must send " +
        "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp"
    : "there is no shared memory here";
}
