// Handwritten digits read pixel by pixel: a sequence of 784 single numbers, in rows from the top or in an order without sense.
//
//   npm run build && node examples/images/pixels.mjs DATA [--order rows] [--out image-pixels] [--epochs N] [--hidden 96]
//     [--threads 2] [--seed 1]
//
// The test of a long memory that Le, Jaitly and Hinton (2015) made of MNIST. `--order permuted` puts the pixels of all digits
// into one random order, in which neighbours are no longer near. DATA is described in data.mjs. Each order's model goes to a
// folder of its own in `out`, and both, once they are there, onto one chart.
//
// Measured (seed 1, Node 24): in rows 96.60 % of the 2,000 unseen digits, after 21 minutes of one core; permuted 88.95 %,
// after 49 of one core or 33 of two. (The best model by validation, which this is, stood after 36 of the 40 epochs, at 30
// minutes of two. With --epochs 33 it is 88.00 %, with 34, 87.40.)
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Generator, nn, seq2seq, startThreads, zeros } from "seqgrad";
import { readCall, wrongCall } from "../call.mjs";
import { report } from "../report.mjs";
import { distorted, PIXELS, readDigits } from "./data.mjs";

const { values, positionals } = readCall({
  allowPositionals: true,
  options: {
    order: { type: "string", default: "rows" },
    out: { type: "string", default: "image-pixels" },
    epochs: { type: "string" },
    hidden: { type: "string", default: "96" },
    threads: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
  },
});
const [MEAN, DEVIATION] = [0.13, 0.31];
/**
 * How each order is trained. In rows, all digits are distorted; in a random order, which has no edges to look at, blurred ones
 * would be another kind of digit: there they stay sharp, and from none in the beginning to all in the end are distorted. And as
 * what matters may come first there as well as last, it is read in both directions.
 */
const ORDERS = {
  rows: { epochs: 32, bidirectional: false, training: { lr: 0.005 } },
  permuted: { epochs: 40, bidirectional: true, training: { lr: 0.008, clipNorm: 1 } },
};
if (!Object.hasOwn(ORDERS, values.order))
  wrongCall(`--order: expected ${Object.keys(ORDERS).join(" or ")}, got ${values.order}`);
const { bidirectional, training, ...usual } = ORDERS[values.order];
const {
  epochs,
  hidden: hiddenSize,
  threads,
  seed,
} = Object.fromEntries(
  ["epochs", "hidden", "threads", "seed"].map((name) => [name, Number(values[name] ?? usual[name])]),
);
const generator = new Generator(seed);
const { train, valid, test } = readDigits(positionals[0]);
const order = Int32Array.from({ length: PIXELS }, (_, i) => i);
if (values.order === "permuted") new Generator(0).shuffle(order);
const asPixels = ({ pixels, label }) => ({ input: inOrder(pixels), label });

/** Pixels in the order in which they are read, with a mean of 0 and a deviation of 1 over all digits. */
function inOrder(pixels) {
  return { data: Float32Array.from(order, (place) => (pixels[place] - MEAN) / DEVIATION), frames: PIXELS };
}

/** Pixels as they were. */
function inRows({ data }) {
  const pixels = new Float32Array(PIXELS);
  order.forEach((place, i) => {
    pixels[place] = data[i] * DEVIATION + MEAN;
  });
  return pixels;
}

/**
 * First weights with which one number is heard, and 784 steps are remembered: of the input, as large as one input allows; of
 * the state, a turn for each gate; and gates that keep a state over spans of up to all steps.
 */
function initialize(model) {
  const gru = nn.chronoInit(model.encoder.layer.module, PIXELS, generator);
  for (const [name, weight] of gru.namedParameters()) {
    if (name.startsWith("weight_ih")) nn.init.uniform(weight, -1, 1, generator);
    if (!name.startsWith("weight_hh")) continue;
    for (const gate of [0, 1, 2]) {
      const turn = nn.init.orthogonal(zeros([hiddenSize, hiddenSize]), 1, generator);
      weight.data.set(turn.data, gate * hiddenSize ** 2);
    }
  }
}

let augmented = 0;
function augment(frames, generator) {
  const isPermuted = values.order === "permuted";
  if (isPermuted && generator.random() > augmented++ / (epochs * train.length)) return frames;
  return inOrder(distorted(inRows(frames), generator, { isSharp: isPermuted }));
}

await startThreads(threads);
const { classifier } = await seq2seq.trainClassifier({
  ...{
    train: train.map(asPixels),
    valid: valid.map(asPixels),
    folder: join(values.out, values.order),
    overwrite: true,
  },
  ...{ epochs, threads, seed, ...report() },
  ...{ model: { hiddenSize, bidirectional }, initialize },
  ...{ batchSize: 32, batchTokens: 100_000, lrDecay: "linear", warmupSteps: 100, ...training },
  augment,
});

const lines = Object.keys(ORDERS).flatMap((name) => {
  const file = join(values.out, name, "history.json");
  if (!existsSync(file)) return [];
  const { validations } = seq2seq.parseHistory(readFileSync(file));
  return [{ name, points: validations.map(({ seconds, scores }) => [seconds / 60, scores.accuracy]) }];
});
const picture = join(values.out, "pixels.svg");
const title = "Digits read pixel by pixel, in rows or permuted";
writeFileSync(
  picture,
  seq2seq.drawLines({ title, xLabel: "minutes", yLabel: "accuracy on validation digits, %", lines }),
);
const { accuracy, examples } = await seq2seq.evaluateClassifier(classifier, test.map(asPixels));
console.log(`${accuracy.toFixed(2)} % of ${examples} unseen digits told rightly; ${picture} shows the way there`);
