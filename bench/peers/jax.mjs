// jax-js on its wasm device; in Node it has no Web Worker, so it has one thread. Its arrays are consumed by being used;
// `.ref` keeps one for a further use.
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad, vjp } from "@jax-js/jax";
import { attempt, BATCHES, H, LR, lossWatch, measure, PRODUCTS, T, timeMajor, tokens, uniform, V } from "./common.mjs";
import { versionOf } from "./library.mjs";

await init("wasm");
defaultDevice("wasm");
const library = `jax-js ${versionOf("@jax-js/jax")} (wasm)`;

const array = (shape, scale, seed) =>
  np
    .array(
      uniform(
        shape.reduce((a, b) => a * b),
        scale,
        seed,
      ),
    )
    .reshape(shape);
const ids = (values, shape) => np.array(Int32Array.from(values), { dtype: np.int32 }).reshape(shape);

for (const [m, k, n] of PRODUCTS) {
  await attempt(library, "", `matmul-${m}x${k}x${n}`, (name) => {
    const a = array([m, k], 1, 1);
    const b = array([k, n], 1, 2);
    measure(library, "", name, () => np.matmul(a.ref, b.ref).dataSync());
  });
}

/** A recurrent layer's four parameters, the matrices [in, 3H] and [H, 3H]. */
function newLayer(seed) {
  const k = 1 / Math.sqrt(H);
  return {
    wi: array([H, 3 * H], k, seed),
    wh: array([H, 3 * H], k, seed + 1),
    bi: array([3 * H], k, seed + 2),
    bh: array([3 * H], k, seed + 3),
  };
}

/** PyTorch's GRU equations on a step's input product gi [B, 3H]; consumes everything. */
function gates(gi, h, wh, bh) {
  const gh = np.matmul(h.ref, wh).add(bh);
  const [ir, iz, in_] = np.split(gi, 3, -1);
  const [hr, hz, hn] = np.split(gh, 3, -1);
  const r = nn.sigmoid(ir.add(hr));
  const z = nn.sigmoid(iz.add(hz));
  const n = np.tanh(in_.add(r.mul(hn)));
  return n.ref.add(z.mul(h.sub(n)));
}

const step = (x, h, { wi, wh, bi, bh }) => gates(np.matmul(x, wi).add(bi), h, wh, bh);

/** x [T, B, H] → [outputs [T, B, H], last state]; the input product of all steps is one. */
function gru(x, h, { wi, wh, bi, bh }) {
  const products = np.split(np.matmul(x, wi).add(bi), T, 0);
  const outputs = [];
  let state = h;
  for (const product of products) {
    const [, batch, width] = product.shape;
    state = gates(product.reshape([batch, width]), state, wh.ref, bh.ref);
    outputs.push(state.ref);
  }
  wh.dispose();
  bh.dispose();
  return [np.stack(outputs, 0), state];
}

const newTables = () => ({ source: array([V, H], Math.sqrt(3), 1), target: array([V, H], Math.sqrt(3), 2) });
const newRest = () => ({
  encoder: newLayer(10),
  decoder: newLayer(20),
  out: { w: array([H, V], 1 / Math.sqrt(H), 30), b: array([V], 1 / Math.sqrt(H), 31) },
});

/** The loss from the looked-up rows on. */
function lossOf({ encoder, decoder, out }, sourceRows, inputRows, target) {
  const batch = sourceRows.shape[1];
  const [unused, context] = gru(sourceRows, np.zeros([batch, H]), encoder);
  unused.dispose();
  const [features, last] = gru(nn.relu(inputRows), context, decoder);
  last.dispose();
  const logProbabilities = nn.logSoftmax(np.matmul(features, out.w).add(out.b), -1);
  return logProbabilities
    .mul(nn.oneHot(target, V))
    .sum()
    .mul(-1 / (batch * T));
}

const descend = (parameters, gradients) => tree.map((p, g) => p.sub(g.mul(LR)), parameters, gradients);
const lookUp = (table, rows) => np.take(table, rows, 0);

/** One step, everything differentiated together, as one would write it. */
function wholeStep(tables, rest, { source, input, target }) {
  const loss = (t, r) => lossOf(r, lookUp(t.source, source), lookUp(t.target, input), target);
  const [value, [dTables, dRest]] = valueAndGrad(loss, { argnums: [0, 1] })(tree.ref(tables), tree.ref(rest));
  return [value, descend(tables, dTables), descend(rest, dRest)];
}

// `jit` cannot compile the gradient of a look-up inside a larger step, so look-up and update of the tables are compiled
// calls of their own.
const lookUpCompiled = jit(lookUp);
const updateTable = jit((table, rows, dRows) => {
  const [looked, back] = vjp((t) => lookUp(t, rows), [table.ref]);
  looked.dispose();
  const [gradient] = back(dRows);
  return table.sub(gradient.mul(LR));
});
const restStep = jit((rest, sourceRows, inputRows, target) => {
  const grad = valueAndGrad(lossOf, { argnums: [0, 1, 2] });
  const [value, [dRest, dSource, dInput]] = grad(tree.ref(rest), sourceRows, inputRows, target);
  return [value, descend(rest, dRest), dSource, dInput];
});
function splitStep(tables, rest, { source, input, target }) {
  const sourceRows = lookUpCompiled(tables.source.ref, source.ref);
  const inputRows = lookUpCompiled(tables.target.ref, input.ref);
  const [value, newRest, dSource, dInput] = restStep(rest, sourceRows, inputRows, target);
  const newTables = {
    source: updateTable(tables.source, source, dSource),
    target: updateTable(tables.target, input, dInput),
  };
  return [value, newTables, newRest];
}

const STEPS = { "jit, look-ups apart": splitStep, "jit, whole step": jit(wholeStep) };

for (const batch of BATCHES) {
  for (const [variant, trainStep] of Object.entries(STEPS)) {
    await attempt(library, variant, `train-b${batch}`, (name) => {
      const drawn = tokens(batch);
      const inputs = Object.fromEntries(
        Object.entries(drawn).map(([part, values]) => [part, ids(timeMajor(values, batch), [T, batch])]),
      );
      const losses = lossWatch();
      let tables = newTables();
      let rest = newRest();
      const run = () => {
        let loss;
        [loss, tables, rest] = trainStep(tables, rest, tree.ref(inputs));
        losses.seen(loss.dataSync()[0]);
        // Reading a value waits for it.
        tables.source.ref.dataSync();
        rest.out.b.ref.dataSync();
      };
      measure(library, variant, name, run, losses.check);
      tree.dispose(tables);
      tree.dispose(rest);
    });
  }
}

await attempt(library, "jit", "gru-step", (name) => {
  const compiled = jit(step);
  const layer = newLayer(10);
  const x = array([1, H], 1, 1);
  const h = np.zeros([1, H]);
  measure(library, "jit", name, () => compiled(x.ref, h.ref, tree.ref(layer)).dataSync());
});

await attempt(library, "jit", "greedy", (name) => {
  const tables = newTables();
  const { encoder, decoder, out } = newRest();
  const encode = jit((table, id, h, layer) => step(lookUp(table, id), h, layer));
  const decode = jit((table, id, h, layer, { w, b }) => {
    const next = step(nn.relu(lookUp(table, id)), h, layer);
    return [np.argmax(np.matmul(next.ref, w).add(b), -1), next];
  });
  const { source } = tokens(1);
  measure(library, "jit", name, () => {
    let h = np.zeros([1, H]);
    for (const id of source) h = encode(tables.source.ref, ids([id], [1]), h, tree.ref(encoder));
    let word = 2;
    for (let t = 0; t < T; t++) {
      const [best, next] = decode(tables.target.ref, ids([word], [1]), h, tree.ref(decoder), tree.ref(out));
      h = next;
      word = best.dataSync()[0];
    }
    h.dispose();
  });
});
process.exit(0);
