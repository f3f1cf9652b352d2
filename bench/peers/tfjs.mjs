// TensorFlow.js on its wasm backend, from core ops. TFJS_THREADS sets its threads where the backend has them.
import { createRequire } from "node:module";
import { attempt, BATCHES, H, LR, lossWatch, measure, PRODUCTS, T, timeMajor, tokens, uniform, V } from "./common.mjs";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs-core");
require("@tensorflow/tfjs-layers"); // registers the gradients of the core's ops
const wasm = require("@tensorflow/tfjs-backend-wasm");
if (process.env.TFJS_THREADS) wasm.setThreadsCount(Number(process.env.TFJS_THREADS));
await tf.setBackend("wasm");
await tf.ready();
const library = `TensorFlow.js ${tf.version_core} (wasm)`;
const threads = wasm.getThreadsCount();
const setting = `${threads} thread${threads === 1 ? "" : "s"}`;

const array = (shape, scale, seed) => tf.tensor(uniform(tf.util.sizeFromShape(shape), scale, seed), shape);
const variable = (shape, scale, seed) => tf.variable(array(shape, scale, seed));

for (const [m, k, n] of PRODUCTS) {
  await attempt(library, setting, `matmul-${m}x${k}x${n}`, (name) => {
    const a = array([m, k], 1, 1);
    const b = array([k, n], 1, 2);
    measure(library, setting, name, () => {
      const product = tf.matMul(a, b);
      product.dataSync();
      product.dispose();
    });
  });
}

function newLayer(seed) {
  const k = 1 / Math.sqrt(H);
  return {
    wi: variable([H, 3 * H], k, seed),
    wh: variable([H, 3 * H], k, seed + 1),
    bi: variable([3 * H], k, seed + 2),
    bh: variable([3 * H], k, seed + 3),
  };
}

const newModel = () => ({
  source: variable([V, H], Math.sqrt(3), 1),
  target: variable([V, H], Math.sqrt(3), 2),
  encoder: newLayer(10),
  decoder: newLayer(20),
  w: variable([H, V], 1 / Math.sqrt(H), 30),
  b: variable([V], 1 / Math.sqrt(H), 31),
});

/** PyTorch's GRU equations on a step's input product gi [B, 3H]. */
function gates(gi, h, { wh, bh }) {
  const [ir, iz, in_] = tf.split(gi, 3, 1);
  const [hr, hz, hn] = tf.split(tf.add(tf.matMul(h, wh), bh), 3, 1);
  const r = tf.sigmoid(tf.add(ir, hr));
  const z = tf.sigmoid(tf.add(iz, hz));
  const n = tf.tanh(tf.add(in_, tf.mul(r, hn)));
  return tf.add(n, tf.mul(z, tf.sub(h, n)));
}

const product = (x, { wi, bi }) => tf.add(tf.matMul(x, wi), bi);

/** x [T·B, H] → [outputs [T·B, H], last state]; the input product of all steps is one. */
function gru(x, h, layer) {
  const outputs = [];
  let state = h;
  for (const gi of tf.split(product(x, layer), T, 0)) {
    state = gates(gi, state, layer);
    outputs.push(state);
  }
  return [tf.concat(outputs, 0), state];
}

// oneHot's own float type holds the bits of integers on this backend, hence the cast.
const oneHot = (ids) => tf.cast(tf.oneHot(ids, V), "float32");

// The backend has no gradient of a look-up (UnsortedSegmentSum), so the second way multiplies by one-hot rows.
const LOOK_UPS = { gather: tf.gather, "one-hot": (table, ids) => tf.matMul(oneHot(ids), table) };

function lossOf({ source, target, encoder, decoder, w, b }, ids, batch, lookUp) {
  const [, context] = gru(lookUp(source, ids.source), tf.zeros([batch, H]), encoder);
  const [features] = gru(tf.relu(lookUp(target, ids.input)), context, decoder);
  const logProbabilities = tf.logSoftmax(tf.add(tf.matMul(features, w), b));
  return tf.neg(tf.mean(tf.sum(tf.mul(logProbabilities, oneHot(ids.target)), 1)));
}

for (const batch of BATCHES) {
  for (const [way, lookUp] of Object.entries(LOOK_UPS)) {
    const variant = `${setting}, look-up by ${way}`;
    await attempt(library, variant, `train-b${batch}`, (name) => {
      const ids = Object.fromEntries(
        Object.entries(tokens(batch)).map(([part, values]) => [part, tf.tensor1d(timeMajor(values, batch), "int32")]),
      );
      const model = newModel();
      const optimizer = tf.train.sgd(LR);
      const losses = lossWatch();
      const step = () => {
        const loss = optimizer.minimize(() => lossOf(model, ids, batch, lookUp), true);
        losses.seen(loss.dataSync()[0]);
        loss.dispose();
      };
      measure(library, variant, name, step, losses.check);
    });
    tf.disposeVariables();
  }
}

await attempt(library, setting, "gru-step", (name) => {
  const layer = newLayer(10);
  const x = array([1, H], 1, 1);
  const h = tf.zeros([1, H]);
  measure(library, setting, name, () => tf.tidy(() => gates(product(x, layer), h, layer).dataSync()));
});

await attempt(library, setting, "greedy", (name) => {
  const { source, target, encoder, decoder, w, b } = newModel();
  const ids = tokens(1).source;
  const row = (table, id) => tf.gather(table, tf.tensor1d([id], "int32"));
  const search = () => {
    let h = tf.zeros([1, H]);
    for (const id of ids) h = gates(product(row(source, id), encoder), h, encoder);
    let word = 2;
    for (let t = 0; t < T; t++) {
      h = gates(product(tf.relu(row(target, word)), decoder), h, decoder);
      word = tf.argMax(tf.add(tf.matMul(h, w), b), 1).dataSync()[0];
    }
  };
  measure(library, setting, name, () => {
    tf.tidy(search);
  });
});
process.exit(0);
