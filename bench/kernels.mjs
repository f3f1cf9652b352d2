// How fast are the kernels? Products as ratios to the naive triple loop in JavaScript, in the same run; the rest in
// microseconds. After `npm run build`:  node bench/kernels.mjs   (SEQGRAD_KERNELS=js|simd|fma chooses a set)
import { loadavg } from "node:os";
import Benchmark from "benchmark";
import { allocate, allocatePersistent, kernelSet, kernels, scope } from "./internals.mjs";

/** Seconds a run, the median of benchmark.js's samples. */
function seconds(name, fn, maxTime = 0.7) {
  const bench = new Benchmark(name, fn, { maxTime, minSamples: 5, initCount: 3 });
  bench.run();
  if (bench.error) throw bench.error;
  const samples = bench.stats.sample.toSorted((a, b) => a - b);
  return samples[samples.length >> 1];
}

/** Floats with values, where kernels need no copy. */
function floats(length) {
  const array = allocatePersistent(length, "float32");
  for (let i = 0; i < length; i++) array[i] = Math.sin(12.9898 * i);
  return array;
}

function naive(c, a, b, m, k, n) {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let p = 0; p < k; p++) total += a[i * k + p] * b[p * n + j];
      c[i * n + j] += total;
    }
  }
}

const load = () => loadavg()[0].toFixed(1);
console.log(`kernels ${kernelSet}, Node ${process.version}, load ${load()}`);

console.log("\nproduct                     GFLOP/s   times the naive loop");
for (const [m, k, n] of [
  [512, 512, 512],
  [64, 256, 768],
]) {
  const [a, b, c] = [floats(m * k), floats(k * n), floats(m * n)];
  // Plain arrays: the naive loop is what one would write without this library.
  const [plainA, plainB, plainC] = [a, b, c].map((x) => Float32Array.from(x));
  const base = seconds("naive", () => naive(plainC, plainA, plainB, m, k, n));
  const packed = kernels.pack(b, k, n, allocatePersistent);
  const roads = {
    "naive loop": base,
    "A · B": seconds("NN", () => kernels.matmul(c, a, b, m, k, n)),
    "A · Bᵀ": seconds("NT", () => kernels.matmulNT(c, a, b, m, k, n)),
    "Aᵀ · B": seconds("TN", () => kernels.matmulTN(c, a, b, m, k, n)),
    "A · B, packed": seconds("packed", () => kernels.matmulPacked(c, a, packed, m)),
  };
  for (const [name, time] of Object.entries(roads)) {
    const speed = ((2 * m * k * n) / time / 1e9).toFixed(1);
    const title = `${name}, ${m}×${k}×${n}`;
    console.log(`${title.padEnd(26)} ${speed.padStart(8)} ${(base / time).toFixed(1).padStart(8)}`);
  }
}

console.log("\nother loops                                  µs");
const report = (name, fn) => console.log(name.padEnd(40), (1e6 * seconds(name, fn, 0.5)).toFixed(2).padStart(9));
{
  const [k, n] = [256, 768];
  const packed = kernels.packTransposed(floats(n * k), k, n, allocatePersistent);
  const [weight, x, y] = [floats(n * k), floats(k), floats(n)];
  report("matrix-vector 768×256, packed", () => kernels.matmulPacked(y, x, packed, 1));
  report("matrix-vector 768×256", () => kernels.matmulNT(y, x, weight, 1, k, n));
  const [h, hn, gates, gh, bias] = [256, 256, 768, 768, 768].map(floats);
  report("GRU gates, batch 1, H 256", () => kernels.gruForward(h, hn, gates, gh, 1, 256));
  report("GRU hidden step, batch 1, H 256", () => {
    kernels.matmulPacked(gh, h, packed, 1, bias);
    kernels.gruForward(h, hn, gates, gh, 1, 256);
  });
}
{
  const B = 64;
  const sizes = [768, 768, 256, 768, 256, 256].map((width) => floats(B * width));
  const [dgates, dgh, dh, gates, hn, hPrev] = sizes;
  report("GRU gates forward, batch 64, H 256", () => kernels.gruForward(dh, hn, gates, dgh, B, 256));
  report("GRU gates backward, batch 64, H 256", () => kernels.gruBackward(dgates, dgh, dh, gates, hn, hPrev, B, 256));
}
{
  const [T, R, S, width] = [15, 64, 15, 256];
  const sizes = [T * R * S, T * R * width, R * S * width, width, R * width];
  const [scores, query, memory, v, dv] = sizes.map(floats);
  const [dquery, dmemory] = [query.length, memory.length].map(floats);
  const columns = Int32Array.from({ length: R }, (_, row) => row);
  const view = { steps: T, places: S, sentences: R, columns, lengths: new Int32Array(R).fill(S) };
  report("attention scores 15×15, batch 64, H 256", () => kernels.scoreRows(scores, query, memory, view, width));
  report("attention mixture, the same", () => kernels.mixRows(dquery, scores, memory, view, width));
  report("back to the memory, the same", () => kernels.spreadRows(dmemory, scores, query, view, width));
  report("additive scores, the same", () => kernels.additiveScores(scores, query, memory, v, view, width));
  scores.fill(0.01);
  report("additive scores backward, the same", () => {
    kernels.additiveScoresBackward(dquery, dmemory, dv, scores, query, memory, v, view, width);
  });
}
{
  const [rows, n] = [640, 4000];
  const [x, dx, p, losses, dloss] = [rows * n, rows * n, rows * n, rows, rows].map(floats);
  const lse = new Float64Array(rows);
  const targets = Int32Array.from({ length: rows }, (_, i) => (i * 37) % n);
  report("crossEntropy 640×4000", () => kernels.crossEntropy(losses, lse, p, x, targets, rows, n, 0));
  report("crossEntropyBackward 640×4000", () => kernels.crossEntropyBackward(dx, dloss, p, targets, rows, n, 0, true));
  report("tanh of 2,560,000", () => kernels.tanh(dx, x));
  report("sum of squares of 2,560,000", () => kernels.sumOfSquares(x));
  report("bias gradient 640×4000", () => kernels.sum(losses, x, 1, n, rows));
}
{
  const [p, g, m, v] = [1e6, 1e6, 1e6, 1e6].map(floats);
  for (let i = 0; i < v.length; i++) v[i] = Math.abs(v[i]);
  report("Adam step of 1,000,000", () => kernels.adamStep(p, g, m, v, null, 1e-6, 1, 0.9, 0.999, 1e-8, 0, 1, false));
  report("SGD step of 1,000,000", () => kernels.sgdStep(p, g, null, 1e-6, 0, 0, 0, false, false));
}
report("scope with ten arrays of 256", () =>
  scope(() => {
    for (let i = 0; i < 10; i++) allocate(256, "float32");
  }),
);
console.log(`\nload ${load()}`);
