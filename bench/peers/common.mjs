// What every script here shares: the sizes, the tokens, the rule of timing and the form of a result.
import { performance } from "node:perf_hooks";

/** Vocabulary, width, tokens a sentence (source and target each), learning rate. */
export const V = 4000;
export const H = 256;
export const T = 10;
export const LR = 0.01;
export const BATCHES = [1, 32, 64];
/** Sizes of the matrix products: m, k, n. */
export const PRODUCTS = [
  [64, 256, 768],
  [512, 512, 512],
];

const quick = process.env.BENCH_QUICK === "1";
const wanted = (process.env.BENCH_CASES ?? "").split(",").filter(Boolean);

/** Whether `--cases` asks for this case; it may name a beginning, such as "train". */
export const wants = (name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start));

/** Uniform numbers in [0, 1) from a seed (a linear congruential generator; pytorch.py has the same one). */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `count` floats, uniform in ±`scale`. */
export function uniform(count, scale, seed = 1) {
  const next = randomNumbers(seed);
  return Float32Array.from({ length: count }, () => (next() * 2 - 1) * scale);
}

/** Source, decoder input and target ids for `batch` sentences, sentence after sentence: the same for every library. */
export function tokens(batch, seed = 12345) {
  const next = randomNumbers(seed);
  const draw = () => Int32Array.from({ length: batch * T }, () => 4 + Math.floor(next() * (V - 4)));
  return { source: draw(), input: draw(), target: draw() };
}

/** [batch, T] → [T, batch] */
export function timeMajor(ids, batch) {
  return Int32Array.from({ length: ids.length }, (_, at) => ids[(at % batch) * T + Math.floor(at / batch)]);
}

const flops = (m, k, n) => 2 * m * k * n;

/** The cases: id → what one call does, and how to turn its milliseconds into a rate. */
export const CASES = Object.fromEntries([
  ...PRODUCTS.map(([m, k, n]) => [
    `matmul-${m}x${k}x${n}`,
    { title: `Matrix product ${m}×${k}×${n}`, unit: "GFLOP/s", perCall: flops(m, k, n) / 1e9 },
  ]),
  ["gru-step", { title: `GRU step, forward, batch 1, width ${H}`, unit: "steps/s", perCall: 1 }],
  ["greedy", { title: `Greedy decoding, ${T}+${T} tokens, batch 1`, unit: "tokens/s", perCall: T }],
  ...BATCHES.map((batch) => [
    `train-b${batch}`,
    { title: `Training, batch ${batch}, whole sequences`, unit: "tokens/s", perCall: batch * T },
  ]),
  ...BATCHES.map((batch) => [
    `tokenwise-b${batch}`,
    { title: `Training, batch ${batch}, token by token`, unit: "tokens/s", perCall: batch * T },
  ]),
  ...BATCHES.map((batch) => [
    `attention-b${batch}`,
    { title: `Training with attention, batch ${batch}`, unit: "tokens/s", perCall: batch * T },
  ]),
  ...BATCHES.map((batch) => [
    `feeding-b${batch}`,
    { title: `Training with attention and input feeding, batch ${batch}`, unit: "tokens/s", perCall: batch * T },
  ]),
]);

const emit = (line) => console.log(JSON.stringify(line));

/** One line for a case that a library cannot do. */
export const cannot = (library, variant, name, why) => emit({ library, variant, case: name, cannot: String(why) });

// A call is repeated within a sample until the sample takes this long, so that the clock's grain does not matter.
const SAMPLE_MS = quick ? 2 : 20;
const SAMPLES = quick ? 3 : 15;
const FEWEST = 3;
// Samples stop early where this much time is gone: a slow library gets fewer of them.
const BUDGET_MS = quick ? 500 : 12_000;
// Warming up settles the just-in-time compiler.
const WARM_MS = quick ? 20 : 500;
const WARM_CALLS = quick ? 1 : 2;
// After one call as long as this a second one has nothing left to warm.
const LONG_CALL_MS = 2000;

/** What a case has to do yet: warm up, then samples. */
class Plan {
  #samples = [];
  #start = performance.now();
  #last = this.#start;
  #warmCalls = 0;
  #fastest = Number.POSITIVE_INFINITY;
  #warm = 0;
  /** Calls in a sample. */
  calls = 1;

  warming() {
    const now = performance.now();
    if (this.#warmCalls++ > 0) this.#fastest = Math.min(this.#fastest, now - this.#last);
    this.#last = now;
    const slow = this.#warmCalls > 1 && this.#fastest > LONG_CALL_MS;
    if (!slow && (this.#warmCalls <= WARM_CALLS || now - this.#start < WARM_MS)) return true;
    this.calls = Math.max(1, Math.ceil(SAMPLE_MS / this.#fastest));
    this.#warm = now;
    return false;
  }

  sampling() {
    if (this.#samples.length < FEWEST) return true;
    return this.#samples.length < SAMPLES && performance.now() - this.#warm < BUDGET_MS;
  }

  sampled(ms) {
    this.#samples.push(Number((ms / this.calls).toPrecision(5)));
  }

  finish(library, variant, name, info) {
    emit({ library, variant, case: name, samples: this.#samples, ...info() });
  }
}

/**
 * Times `body`, which must have finished its work when it returns: warm up, then up to 15 samples of the mean time of a
 * call, at least 3. `info` is asked afterwards for what else to note, and may throw where the work was not as agreed.
 */
export function measure(library, variant, name, body, info = () => ({})) {
  const plan = new Plan();
  while (plan.warming()) body();
  while (plan.sampling()) {
    const start = performance.now();
    for (let i = 0; i < plan.calls; i++) body();
    plan.sampled(performance.now() - start);
  }
  plan.finish(library, variant, name, info);
}

/** The same for a `body` that returns a promise; apart, since waiting for one costs a fast `body` time. */
export async function measureAsync(library, variant, name, body, info = () => ({})) {
  const plan = new Plan();
  while (plan.warming()) await body();
  while (plan.sampling()) {
    const start = performance.now();
    for (let i = 0; i < plan.calls; i++) await body();
    plan.sampled(performance.now() - start);
  }
  plan.finish(library, variant, name, info);
}

/** Runs a case; what it throws becomes a `cannot` line. */
export async function attempt(library, variant, name, run) {
  if (!wants(name)) return;
  try {
    await run(name);
  } catch (error) {
    cannot(library, variant, name, error instanceof Error ? error.message.split("\n")[0] : error);
  }
}

/**
 * Watches a training run's loss: it must begin near ln V, or the model is another one, and fall, or nothing was learnt.
 */
export function lossWatch() {
  let first = null;
  let last = 0;
  return {
    seen(loss) {
      first ??= loss;
      last = loss;
    },
    check() {
      const expected = Math.log(V);
      if (!(Math.abs(first - expected) < 0.4)) {
        throw new Error(`expected an initial loss near ln ${V} = ${expected.toFixed(2)}, got ${first}`);
      }
      if (!(last < first)) throw new Error(`expected the loss to fall, got ${first} and then ${last}`);
      return { firstLoss: Number(first.toFixed(4)), lastLoss: Number(last.toFixed(4)) };
    },
  };
}
