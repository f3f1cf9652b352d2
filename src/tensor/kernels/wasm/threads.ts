/**
 * Kernels split over worker threads that share the memory. Pieces are cut by output elements, so that the bits do
 * not depend on how many there are, nor on who computes which. Every thread, the calling one included, takes the next
 * piece as soon as it is free: one that is late, or not running at all, holds nobody up for longer than a piece.
 * Workers start when the first kernel is large enough, sleep between jobs, and keep no process alive.
 *
 * One job at a time stands in the shared memory: the integers below, then from byte 64 on the arguments of each piece.
 */
import type { WasmMemory } from "../../wasmMemory.js";
import type { Native } from "./call.js";

/** Counts up with every job; idle workers wait for it to change. */
const JOB = 0;
/**
 * Pieces that nobody has taken; below 0 once there are none. Written last, when all else about the job stands, and
 * counted down by who takes one: a worker that comes too late for one job finds nothing, or a piece of the next.
 */
const LEFT = 1;
/** Pieces that are not finished. */
const PENDING = 2;
/** Which function, and how many arguments it takes. */
const NAME = 3;
const COUNT = 4;
/** Becomes 1 when a piece failed on a worker. */
const FAILED = 5;
/** Workers that are running. */
const RUNNING = 6;
/** Workers that sleep, and whether the calling thread does: waking nobody up takes time, too. */
const SLEEPING = 7;
const CALLER_SLEEPS = 8;

/** Room for the arguments of so many pieces, each so many floats. */
const PIECES = 64;
const ARGUMENTS = 16;
const MAILBOX = 64 + 8 * PIECES * ARGUMENTS;

/** A piece costs at least this many floating-point operations of a product, some 8 µs: taking one costs about one. */
const PIECE = 3.5e5;
/** Pieces for each thread, so that the last one to finish is not long behind. */
const SHARE = 4;
/** How long who waits keeps asking before it sleeps; waking up takes longer than asking. */
const PATIENCE_MS = 0.2;

/** Plain JavaScript, so that a worker needs no file. */
const WORKER = `
const { memory, modules, names, at } = require("node:worker_threads").workerData;
const log = Math.log;
const natives = Object.assign({}, ...modules.map((module) =>
  new WebAssembly.Instance(module, { env: { memory }, softmax: { log } }).exports));
const ints = new Int32Array(memory.buffer, at, 16);
const args = new Float64Array(memory.buffer, at + 64, ${PIECES * ARGUMENTS});
Atomics.add(ints, ${RUNNING}, 1);
for (let job = 0; ; ) {
  const until = performance.now() + ${PATIENCE_MS};
  while (Atomics.load(ints, ${JOB}) === job) {
    if (performance.now() < until) continue;
    Atomics.add(ints, ${SLEEPING}, 1);
    Atomics.wait(ints, ${JOB}, job);
    Atomics.sub(ints, ${SLEEPING}, 1);
  }
  job = Atomics.load(ints, ${JOB});
  for (let piece; (piece = Atomics.sub(ints, ${LEFT}, 1) - 1) >= 0; ) {
    try {
      const from = piece * ${ARGUMENTS};
      natives[names[ints[${NAME}]]](...args.subarray(from, from + ints[${COUNT}]));
    } catch {
      Atomics.store(ints, ${FAILED}, 1);
    }
    if (Atomics.sub(ints, ${PENDING}, 1) === 1 && Atomics.load(ints, ${CALLER_SLEEPS})) Atomics.notify(ints, ${PENDING});
  }
}`;

let wanted = 1;

/** How many threads, the calling one included, a large kernel may run on. */
export function getNumThreads(): number {
  return wanted;
}

/**
 * Lets large kernels run on this many threads, the calling one included. Results are the same bits for any number.
 * Only Node.js has more than one, and only the SIMD kernels use them. Throws `RangeError` unless 1 ≤ n ≤ 64.
 */
export function setNumThreads(n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > 64) throw new RangeError(`setNumThreads: expected 1 to 64, got ${n}`);
  wanted = n;
}

/** The threads of one kernel set. */
export class Threads {
  readonly #memory: WasmMemory;
  readonly #modules: readonly WebAssembly.Module[];
  readonly #native: Record<string, Native>;
  readonly #names: readonly string[];
  /** The job that all share; null before the first worker was started. */
  #job: { readonly ints: Int32Array; readonly args: Float64Array; readonly at: number } | null = null;
  #workers = 0;

  constructor(memory: WasmMemory, modules: readonly WebAssembly.Module[], native: Record<string, Native>) {
    this.#memory = memory;
    this.#modules = modules;
    this.#native = native;
    this.#names = Object.keys(native);
  }

  /**
   * Runs a function over `size` things in pieces of whole `unit`s; `args` says what it takes for `count` things from
   * `from` on. `cost` is what all of it takes, in floating-point operations of a product.
   */
  split(name: string, size: number, unit: number, cost: number, args: (from: number, count: number) => number[]): void {
    const native = this.#native[name];
    const most = Math.min(wanted * SHARE, PIECES, Math.floor(cost / PIECE), Math.ceil(size / unit));
    const job = wanted > 1 && most > 1 && this.#ready();
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
      table.set(values, piece * ARGUMENTS);
      ints[COUNT] = values.length;
    }
    ints[NAME] = this.#names.indexOf(name);
    ints[PENDING] = most;
    Atomics.store(ints, LEFT, most);
    Atomics.add(ints, JOB, 1);
    if (Atomics.load(ints, SLEEPING) > 0) Atomics.notify(ints, JOB);
    for (let piece = Atomics.sub(ints, LEFT, 1) - 1; piece >= 0; piece = Atomics.sub(ints, LEFT, 1) - 1) {
      const from = piece * ARGUMENTS;
      native(...table.subarray(from, from + ints[COUNT]));
      Atomics.sub(ints, PENDING, 1);
    }
    if (Atomics.load(ints, PENDING) > 0) this.#await(ints);
    if (ints[FAILED]) throw new Error(`kernels: ${name} failed on a worker thread`);
  }

  /** Returns once no piece is pending. */
  #await(ints: Int32Array): void {
    const until = performance.now() + PATIENCE_MS;
    for (let left = Atomics.load(ints, PENDING); left > 0; left = Atomics.load(ints, PENDING)) {
      if (performance.now() < until) continue;
      Atomics.store(ints, CALLER_SLEEPS, 1);
      Atomics.wait(ints, PENDING, left);
      Atomics.store(ints, CALLER_SLEEPS, 0);
    }
  }

  /** How many threads are ready for work, the calling one included. */
  get running(): number {
    return 1 + (this.#job ? Atomics.load(this.#job.ints, RUNNING) : 0);
  }

  /** The shared job once a worker runs. Starts workers where some are missing. */
  #ready() {
    while (this.#workers < wanted - 1) if (!this.#start()) break;
    return this.running > 1 ? this.#job : null;
  }

  #start(): boolean {
    const { process } = globalThis as {
      process?: { getBuiltinModule?(name: "node:worker_threads"): typeof import("node:worker_threads") };
    };
    const { Worker } = process?.getBuiltinModule?.("node:worker_threads") ?? {};
    this.#job ??= Worker && this.#memory.isShared ? this.#makeJob() : null;
    if (!Worker || !this.#job) {
      wanted = 1;
      return false;
    }
    const workerData = {
      ...{ memory: this.#memory.memory, modules: this.#modules, names: this.#names },
      at: this.#job.at,
    };
    // Without the environment, so that no loader that the process was started with delays it. A worker's garbage is a
    // few views a job, for which V8 would let the young generation grow to 33 MB.
    const resourceLimits = { maxYoungGenerationSizeMb: 2 };
    new Worker(WORKER, { eval: true, workerData, execArgv: [], env: {}, resourceLimits }).unref();
    this.#workers++;
    return true;
  }

  #makeJob() {
    const block = this.#memory.reserve(MAILBOX);
    if (!block) return null;
    const { at } = block;
    const ints = this.#memory.integers(at, 16).fill(0);
    return { ints, args: this.#memory.doubles(at + 64, PIECES * ARGUMENTS), at };
  }
}
