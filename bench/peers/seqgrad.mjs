// seqgrad itself. SEQGRAD_KERNELS forces a kernel set and SEQGRAD_THREADS a number of threads, as everywhere.
import { attempt, BATCHES, H, LR, lossWatch, measure, PRODUCTS, T, timeMajor, tokens, uniform, V } from "./common.mjs";
import { loadSeqgrad } from "./library.mjs";

const seqgrad = await loadSeqgrad();
const { concat, Generator, intTensor, kernelSet, matmul, nn, noGrad, optim, reshape, scope, seq2seq, version, zeros } =
  seqgrad;
const threads = process.env.SEQGRAD_THREADS;
const library = `seqgrad ${version}`;
const variant = [
  `Node ${process.versions.node.split(".")[0]}`,
  `kernels ${kernelSet}`,
  threads ? `${threads} thread${threads === "1" ? "" : "s"}` : "threads as it chooses",
].join(", ");

const EOS = 3;
const newModel = (options = {}) =>
  new seq2seq.Seq2Seq({ inputSize: V, outputSize: V, hiddenSize: H, ...options }, { generator: new Generator(1) });

/** A tensor that stays where parameters live, as a peer's operands stay on its device. */
function persistent(shape, scale, seed) {
  const result = zeros(shape, { lifetime: "persistent" });
  result.data.set(uniform(result.data.length, scale, seed));
  return result;
}

for (const [m, k, n] of PRODUCTS) {
  await attempt(library, variant, `matmul-${m}x${k}x${n}`, (name) => {
    const a = persistent([m, k], 1, 1);
    const b = persistent([k, n], 1, 2);
    const multiply = () => {
      matmul(a, b);
    };
    noGrad(() => measure(library, variant, name, () => scope(multiply)));
  });
}

await attempt(library, variant, "gru-step", (name) => {
  const cell = new nn.GRUCell(H, H, { generator: new Generator(1) });
  const x = persistent([1, H], 1, 1);
  const h = zeros([1, H], { lifetime: "persistent" });
  const step = () => {
    cell.forward(x, h);
  };
  noGrad(() => measure(library, variant, name, () => scope(step)));
});

await attempt(library, variant, "greedy", (name) => {
  const model = newModel();
  // All ten tokens are to be decoded, as by the peers, so EOS must never be the likeliest.
  model.decoder.out.bias.data[EOS] = -1e6;
  // The search ends a source with EOS: nine ids and that are ten tokens.
  const source = tokens(1).source.subarray(0, T - 1);
  let produced = 0;
  const search = () => {
    produced = seq2seq.greedySearch(model, [source], { maxLength: T })[0].length;
  };
  measure(library, variant, name, search, () => {
    if (produced !== T) throw new Error(`expected ${T} tokens, got ${produced}`);
    return {};
  });
});

/** One batch of full length, in the form the trainer makes them. */
function fullBatch(batch) {
  const { source, input, target } = tokens(batch);
  const ids = (list) => intTensor(timeMajor(list, batch), [T, batch]);
  const lengths = new Int32Array(batch).fill(T);
  return {
    source: ids(source),
    sourceLengths: lengths,
    targetInput: ids(input),
    targetLengths: lengths,
    targets: timeMajor(target, batch),
    targetRows: Int32Array.from({ length: T * batch }, (_, row) => row),
  };
}

/** The loss with one call for each token, as the well-known tutorial does it. */
function tokenwiseLoss({ encoder, decoder }, { source, targetInput, targets }) {
  const [steps, batch] = source.shape;
  const at = (ids, t) => intTensor(ids.data.subarray(t * batch, (t + 1) * batch), [1, batch]);
  let hidden = null;
  for (let t = 0; t < steps; t++) [, hidden] = encoder.forward(at(source, t), hidden);
  const said = [];
  for (let t = 0; t < steps; t++) {
    const [logProbabilities, next] = decoder.forward(at(targetInput, t), hidden);
    said.push(logProbabilities);
    hidden = next;
  }
  return nn.functional.nllLoss(reshape(concat(said, 0), [steps * batch, V]), targets);
}

const wholeLoss = (model, inputs) => model.loss(inputs);

for (const batch of BATCHES) {
  const train = (lossOf, options) => (name) => {
    const model = newModel(options);
    const optimizer = new optim.SGD(model.parameters(), { lr: LR });
    const inputs = fullBatch(batch);
    const losses = lossWatch();
    const step = () =>
      scope(() => {
        optimizer.zeroGrad();
        const loss = lossOf(model, inputs);
        loss.backward();
        optimizer.step();
        return loss.item();
      });
    measure(library, variant, name, () => losses.seen(step()), losses.check);
    // All cases are one task of the event loop, in which no collector gives anything back.
    optimizer.dispose();
    model.dispose();
  };
  await attempt(library, variant, `train-b${batch}`, train(wholeLoss));
  const attention = "general";
  await attempt(library, variant, `attention-b${batch}`, train(wholeLoss, { attention }));
  await attempt(library, variant, `feeding-b${batch}`, train(wholeLoss, { attention, inputFeeding: true }));
  await attempt(library, variant, `tokenwise-b${batch}`, train(tokenwiseLoss));
}
