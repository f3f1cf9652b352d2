// brain.js has a language model over one sequence, not an encoder and a decoder; it trains by RMSProp only, one sequence
// at a time. The nearest work: width 256, 4,000 words, source and target as one sequence of 20 tokens, which is 21 GRU
// steps and 21 output layers where the others do 20 and 10.
import { createRequire } from "node:module";
import { attempt, BATCHES, cannot, H, lossWatch, measure, PRODUCTS, T, tokens, V, wants } from "./common.mjs";
import { versionOf } from "./library.mjs";

const brain = createRequire(import.meta.url)("brain.js");
const library = `brain.js ${versionOf("brain.js")}`;
const variant = "one sequence of 20 tokens, RMSProp";

for (const name of [...PRODUCTS.map(([m, k, n]) => `matmul-${m}x${k}x${n}`), "gru-step"]) {
  if (wants(name)) cannot(library, "", name, "offers neither tensors nor a cell of its own");
}

function newNet() {
  const net = new brain.recurrent.GRU({ hiddenLayers: [H], maxPredictionLength: T + 1, dataFormatter: null });
  // The vocabulary is otherwise guessed from training texts, and ids taken for text.
  const sizes = { inputSize: H, inputRange: V - 1, outputSize: V - 1 };
  Object.assign(net, sizes);
  Object.assign(net.options ?? {}, sizes);
  net.formatDataIn = (ids) => ids;
  net.formatDataOut = (_, ids) => ids;
  net.trainOpts.learningRate = 1e-5; // an update after every sentence explodes at the others' rate
  net.initialize();
  return net;
}

/** Source and target of each sentence as one list; its own ids begin one higher, 0 being its end. */
function sequences(batch) {
  const { source, target } = tokens(batch);
  const part = (ids, b) => Array.from(ids.subarray(b * T, (b + 1) * T), (id) => id - 2);
  return Array.from({ length: batch }, (_, b) => [...part(source, b), ...part(target, b)]);
}

/** It reports 2^(bits of all n + 1 predictions / (n − 1)) / 100: back to nats a prediction. */
const nats = (reported, n) => (Math.log(100 * reported) * (n - 1)) / (n + 1);

for (const batch of BATCHES) {
  await attempt(library, variant, `train-b${batch}`, (name) => {
    if (batch > 32) throw new Error("has no batches, one sentence following another: in proportion to batch 32");
    const net = newNet();
    const patterns = sequences(batch);
    const losses = lossWatch();
    const epoch = () => {
      const total = patterns.reduce((sum, ids) => sum + nats(net.trainPattern(ids, true), ids.length), 0);
      losses.seen(total / batch);
    };
    measure(library, variant, name, epoch, losses.check);
  });
}

await attempt(library, variant, "greedy", (name) => {
  const net = newNet();
  const [pattern] = sequences(1);
  net.trainPattern(pattern); // it does not run before
  net.model.output.weights[0] = -1e6; // it must not end early
  let produced = 0;
  const run = () => {
    produced = net.run(pattern.slice(0, T), false, 1).length;
  };
  measure(library, variant, name, run, () => {
    if (produced !== T) throw new Error(`expected ${T} tokens, got ${produced}`);
    return {};
  });
});
