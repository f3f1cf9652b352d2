// deepbox, by its own Embedding, GRU, Linear, crossEntropyLoss and SGD; in both of its float types.
import { setConfig } from "deepbox/core";
import { dot, noGrad, tensor } from "deepbox/ndarray";
import { crossEntropyLoss, Embedding, GRU, Linear, Module } from "deepbox/nn";
import { SGD } from "deepbox/optim";
import { attempt, BATCHES, H, LR, lossWatch, measure, PRODUCTS, T, tokens, uniform, V } from "./common.mjs";
import { versionOf } from "./library.mjs";

const library = `deepbox ${versionOf("deepbox")}`;
const floats = (shape, dtype, scale, seed) =>
  tensor(
    Array.from(
      uniform(
        shape.reduce((a, b) => a * b),
        scale,
        seed,
      ),
    ),
    { dtype },
  ).reshape(shape);
const ids = (values, shape) => tensor(values, { dtype: "int32" }).reshape(shape);

class Net extends Module {
  constructor() {
    super();
    this.source = new Embedding(V, H);
    this.target = new Embedding(V, H);
    this.encoder = new GRU(H, H);
    this.decoder = new GRU(H, H);
    this.out = new Linear(H, V);
    for (const part of ["source", "target", "encoder", "decoder", "out"]) this.registerModule(part, this[part]);
  }

  encode(source) {
    return this.encoder.forwardWithState(this.source.forward(source))[1];
  }

  decode(words, h) {
    const [y, next] = this.decoder.forwardWithState(this.target.forward(words).relu(), h);
    return [this.out.forward(y), next];
  }
}

/** What the library hands back may wrap a tensor. */
const unwrap = (value) => value.tensor ?? value;

for (const dtype of ["float32", "float64"]) {
  setConfig({ defaultDtype: dtype });

  for (const [m, k, n] of PRODUCTS) {
    await attempt(library, dtype, `matmul-${m}x${k}x${n}`, (name) => {
      const a = floats([m, k], dtype, 1, 1);
      const b = floats([k, n], dtype, 1, 2);
      measure(library, dtype, name, () => dot(a, b));
    });
  }

  await attempt(library, dtype, "gru-step", (name) => {
    const layer = new GRU(H, H);
    const x = floats([1, 1, H], dtype, 1, 1);
    const h = floats([1, 1, H], dtype, 0, 1);
    noGrad(() => measure(library, dtype, name, () => layer.forwardWithState(x, h)));
  });

  await attempt(library, dtype, "greedy", (name) => {
    const net = new Net();
    net.eval();
    const source = ids(tokens(1).source, [1, T]);
    const search = () => {
      let h = net.encode(source);
      let word = 2;
      for (let t = 0; t < T; t++) {
        const [logits, next] = net.decode(ids(Int32Array.of(word), [1, 1]), h);
        const { data } = unwrap(logits);
        word = 0;
        for (let id = 1; id < V; id++) if (data[id] > data[word]) word = id;
        h = next;
      }
    };
    noGrad(() => measure(library, dtype, name, search));
  });

  for (const batch of BATCHES) {
    await attempt(library, dtype, `train-b${batch}`, (name) => {
      const net = new Net();
      const optimizer = new SGD(net.parameters(), { lr: LR });
      const drawn = tokens(batch);
      const [source, input] = [drawn.source, drawn.input].map((values) => ids(values, [batch, T]));
      const target = ids(drawn.target, [batch * T]);
      const losses = lossWatch();
      const step = () => {
        optimizer.zeroGrad();
        const [logits] = net.decode(input, net.encode(source));
        const loss = crossEntropyLoss(logits.reshape([batch * T, V]), target);
        loss.backward();
        optimizer.step();
        losses.seen(Number(unwrap(loss).data[0]));
      };
      measure(library, dtype, name, step, losses.check);
    });
  }
}
