/**
 * What the calling thread and its workers say to each other, and the workers' side of it. One job at a time stands in the
 * shared memory: the integers below, then from byte 64 on the arguments of each piece.
 */

/** Counts up with every job; idle workers wait for it to change. */
export const JOB = 0;
/**
 * Pieces that nobody has taken; below 0 once there are none. Written last, when all else about the job stands, and
 * counted down by who takes one: a worker that comes too late for one job finds nothing, or a piece of the next.
 */
export const LEFT = 1;
/** Pieces that are not finished. */
export const PENDING = 2;
/** Which function. */
export const NAME = 3;
/** Becomes 1 when a piece failed on a worker. */
export const FAILED = 4;
/** Workers that are running. */
export const RUNNING = 5;
/** Workers that sleep, and whether the calling thread does: waking nobody up takes time, too. */
export const SLEEPING = 6;
export const CALLER_SLEEPS = 7;
/** How many workers may take pieces: more may be running from before. */
export const ALLOWED = 8;
/** Never written: asks whether this thread may sleep. */
export const NOTHING = 9;

/** Room for the arguments of so many pieces, each so many floats. */
export const PIECES = 64;
export const ARGUMENTS = 16;
export const MAILBOX = 64 + 8 * PIECES * ARGUMENTS;

/** How long the calling thread keeps asking before it sleeps; waking up takes longer than asking. */
export const PATIENCE_MS = 0.2;
/**
 * How long an idle worker does: longer than the gaps within a step of training. Who sleeps in each gap is woken on the
 * caller's core again and again, and never long enough awake for the system to see that it had better be moved.
 */
const IDLE_MS = 2;

/** Plain JavaScript, so that a worker needs no file. */
export const WORKER = `({ memory, modules, names, at, index }) => {
  const log = Math.log;
  const natives = Object.assign({}, ...modules.map((module) =>
    new WebAssembly.Instance(module, { env: { memory }, softmax: { log } }).exports));
  const functions = names.map((name) => natives[name]);
  const ints = new Int32Array(memory.buffer, at, 16);
  const args = new Float64Array(memory.buffer, at + 64, ${PIECES * ARGUMENTS});
  const run = (native, i) => { native(${Array.from({ length: ARGUMENTS }, (_, j) => `args[i + ${j}]`)}); };
  Atomics.add(ints, ${RUNNING}, 1);
  for (let job = 0; ; ) {
    const until = performance.now() + ${IDLE_MS};
    while (Atomics.load(ints, ${JOB}) === job) {
      if (performance.now() < until) continue;
      Atomics.add(ints, ${SLEEPING}, 1);
      Atomics.wait(ints, ${JOB}, job);
      Atomics.sub(ints, ${SLEEPING}, 1);
    }
    job = Atomics.load(ints, ${JOB});
    if (index >= Atomics.load(ints, ${ALLOWED})) continue;
    for (let piece; (piece = Atomics.sub(ints, ${LEFT}, 1) - 1) >= 0; ) {
      try {
        run(functions[ints[${NAME}]], piece * ${ARGUMENTS});
      } catch {
        Atomics.store(ints, ${FAILED}, 1);
      }
      if (Atomics.sub(ints, ${PENDING}, 1) === 1 && Atomics.load(ints, ${CALLER_SLEEPS})) Atomics.notify(ints, ${PENDING});
    }
  }
}`;
