/**
 * Kernels split over worker threads that share the linear memory. Pieces are cut by output elements, so that the bits do
 * not depend on how many there are. Workers start when the first kernel is large enough; until they run, and wherever
 * there are none, the calling thread does everything. They sleep between jobs and keep no process alive.
 *
 * A worker's mailbox in the shared memory: five integers (below), then the arguments from byte 64 on.
 */
import type { LinearMemory } from "../../linear.js";
import type { Native } from "./call.js";

/** Counts up with every job; the worker waits for it to change. */
const JOB = 0;
/** The last job the worker has finished. */
const DONE = 1;
/** Which function, and how many arguments it takes. */
const NAME = 2;
const COUNT = 3;
/** 0 while the worker starts, 1 once it runs, 2 after a job that failed. */
const STATE = 4;
const MAILBOX = 512;

/** A piece costs at least this many floating-point operations, some 50 µs: handing one over takes about 5. */
const PIECE = 2e6;
/** How long who waits keeps asking before it sleeps; waking up takes longer than asking. */
const PATIENCE_MS = 0.2;

/** Plain JavaScript, so that a worker needs no file. */
const WORKER = `
const { memory, modules, names, at } = require("node:worker_threads").workerData;
const log = Math.log;
const natives = Object.assign({}, ...modules.map((module) =>
  new WebAssembly.Instance(module, { env: { memory }, softmax: { log } }).exports));
const ints = new Int32Array(memory.buffer, at, 16);
const args = new Float64Array(memory.buffer, at + 64, 32);
Atomics.store(ints, ${STATE}, 1);
for (let job = 0; ; ) {
  const until = performance.now() + ${PATIENCE_MS};
  while (Atomics.load(ints, ${JOB}) === job) if (performance.now() > until) Atomics.wait(ints, ${JOB}, job);
  job = Atomics.load(ints, ${JOB});
  try {
    natives[names[ints[${NAME}]]](...args.subarray(0, ints[${COUNT}]));
  } catch {
    Atomics.store(ints, ${STATE}, 2);
  }
  Atomics.store(ints, ${DONE}, job);
  Atomics.notify(ints, ${DONE});
}`;

interface Mailbox {
  readonly ints: Int32Array;
  readonly args: Float64Array;
}

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
  readonly #memory: LinearMemory;
  readonly #modules: readonly WebAssembly.Module[];
  readonly #native: Record<string, Native>;
  readonly #names: readonly string[];
  readonly #workers: Mailbox[] = [];

  constructor(memory: LinearMemory, modules: readonly WebAssembly.Module[], native: Record<string, Native>) {
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
    const pieces = wanted === 1 || cost < 2 * PIECE ? 1 : this.#pieces(Math.min(cost / PIECE, size / unit));
    if (pieces === 1) {
      native(...args(0, size));
      return;
    }
    const each = Math.ceil(size / unit / pieces) * unit;
    const busy = this.#workers.slice(0, Math.ceil(size / each) - 1);
    busy.forEach((worker, i) => {
      const from = (i + 1) * each;
      this.#post(worker, name, args(from, Math.min(each, size - from)));
    });
    native(...args(0, each));
    for (const worker of busy) finish(worker, name);
  }

  /** How many pieces there are threads for, at most `limit`. Starts workers where some are missing. */
  #pieces(limit: number): number {
    const most = Math.min(wanted, Math.floor(limit));
    while (this.#workers.length < most - 1) if (!this.#start()) break;
    return Math.max(1, Math.min(most, this.running));
  }

  /** How many threads are ready for work, the calling one included. */
  get running(): number {
    const absent = this.#workers.findIndex(({ ints }) => Atomics.load(ints, STATE) !== 1);
    return 1 + (absent < 0 ? this.#workers.length : absent);
  }

  #start(): boolean {
    const { process } = globalThis as {
      process?: { getBuiltinModule?(name: "node:worker_threads"): typeof import("node:worker_threads") };
    };
    const { Worker } = process?.getBuiltinModule?.("node:worker_threads") ?? {};
    const block = Worker && this.#memory.isShared ? this.#memory.reserve(MAILBOX) : null;
    if (!Worker || !block) {
      wanted = 1;
      return false;
    }
    const ints = this.#memory.integers(block.at, 16).fill(0);
    const workerData = { memory: this.#memory.memory, modules: this.#modules, names: this.#names, at: block.at };
    // Without the environment, so that no loader that the process was started with delays it.
    new Worker(WORKER, { eval: true, workerData, execArgv: [], env: {} }).unref();
    this.#workers.push({ ints, args: this.#memory.doubles(block.at + 64, (MAILBOX - 64) / 8) });
    return true;
  }

  #post({ ints, args }: Mailbox, name: string, values: number[]): void {
    ints[NAME] = this.#names.indexOf(name);
    ints[COUNT] = values.length;
    args.set(values);
    Atomics.add(ints, JOB, 1);
    Atomics.notify(ints, JOB);
  }
}

function finish({ ints }: Mailbox, name: string): void {
  const job = ints[JOB];
  const until = performance.now() + PATIENCE_MS;
  for (let done = Atomics.load(ints, DONE); done !== job; done = Atomics.load(ints, DONE)) {
    if (performance.now() > until) Atomics.wait(ints, DONE, done);
  }
  if (ints[STATE] !== 1) throw new Error(`kernels: ${name} failed on a worker thread`);
}
