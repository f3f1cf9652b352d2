// Does a token's cost stay the same as there is more work? node bench/scaling.mjs [--quick] [--write]
//
// Trains on longer sentences, larger batches and larger vocabularies, each doubled several times. A size's cost is its
// time divided by its size; its ratio to linear compares that with the cheapest smaller size, which is the hardest
// comparison there is: 1 or less is linear or better, and 1.3 is the bound. The sizes are measured by turns, so that a
// drift of the machine hits all alike. --write draws docs/scaling.svg and writes bench/scaling.json.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadSeqgrad } from "./peers/library.mjs";
import { describeMachine, load, quiet } from "./peers/machine.mjs";
import { median } from "./peers/merge.mjs";
import { newTraining, randomPairs, trainStep } from "./peers/work.mjs";
import { drawScaling } from "./scalingChart.mjs";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
});
const BOUND = 1.3;
const rounds = options.quick ? 1 : 7;

const doublings = (from, to) => (from > to ? [] : [from, ...doublings(2 * from, to)]);

/** What grows, and what stays meanwhile. */
const SERIES = [
  {
    name: "length",
    title: "Tokens a sentence (batch 16, vocabulary 4,000)",
    sizes: doublings(10, 320),
    work: (length) => ({ length, batch: 16, vocabulary: 4000 }),
  },
  {
    name: "batch",
    title: "Sentences a batch (10 + 10 tokens, vocabulary 4,000)",
    sizes: doublings(1, 128),
    work: (batch) => ({ length: 10, batch, vocabulary: 4000 }),
  },
  {
    name: "vocabulary",
    title: "Words of the vocabulary (10 + 10 tokens, batch 16)",
    sizes: doublings(1000, 32_000),
    work: (vocabulary) => ({ length: 10, batch: 16, vocabulary }),
  },
];

/** Median milliseconds of a step for each size. */
function measure(seqgrad, { sizes, work }) {
  const cases = sizes.map((size) => {
    const { length, batch, vocabulary } = work(size);
    const training = newTraining(seqgrad, vocabulary);
    const inputs = seqgrad.seq2seq.makeBatch(randomPairs(batch, length, vocabulary));
    const step = () => trainStep(seqgrad, training, inputs);
    const first = time(step);
    // A sample is 50 ms or one step, so that the shortest steps are not all clock.
    const calls = options.quick ? 1 : Math.max(1, Math.ceil(50 / Math.min(first, time(step))));
    return { step, calls, samples: [] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const { step, calls, samples } of round % 2 ? cases.toReversed() : cases) {
      samples.push(
        time(() => {
          for (let i = 0; i < calls; i++) step();
        }) / calls,
      );
    }
  }
  return cases.map(({ samples }) => median(samples));
}

function time(body) {
  const start = performance.now();
  body();
  return performance.now() - start;
}

/** Sizes and their times → points with the cost of a unit and its ratio to the cheapest smaller size's. */
function toPoints({ sizes, work }, times) {
  let cheapest = Number.POSITIVE_INFINITY;
  return sizes.map((size, i) => {
    const cost = times[i] / size;
    const ratio = cheapest === Number.POSITIVE_INFINITY ? 1 : cost / cheapest;
    cheapest = Math.min(cheapest, cost);
    const { length, batch } = work(size);
    const precise = (number) => Number(number.toPrecision(4));
    return { size, ms: precise(times[i]), msPerToken: precise(times[i] / (length * batch)), ratio: precise(ratio) };
  });
}

const seqgrad = await loadSeqgrad();
const busy = await quiet(options.quick ? 0 : 120);
const series = SERIES.map((one) => {
  const points = toPoints(one, measure(seqgrad, one));
  console.log(one.title);
  console.table(points);
  return { name: one.name, title: one.title, points };
});
const worst = Math.max(...series.flatMap(({ points }) => points.map(({ ratio }) => ratio)));
console.log(`kernels ${seqgrad.kernelSet}; worst ratio to linear ${worst} (bound ${BOUND}); load ${load()}`);
if (options.write) {
  const data = { machine: describeMachine(), kernels: seqgrad.kernelSet, busy, bound: BOUND, series };
  writeFileSync(new URL("scaling.json", import.meta.url), `${JSON.stringify(data, null, 2)}\n`);
  writeFileSync(new URL("../docs/scaling.svg", import.meta.url), drawScaling(data));
}
