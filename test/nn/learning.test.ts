/** A small encoder and decoder learn one batch by heart; and the same seed takes exactly the same way there. */
import { describe, expect, it } from "vitest";
import { concat, crossEntropy, noGrad, relu, reshape, slice } from "../../src/autograd/index.js";
import * as nn from "../../src/nn/index.js";
import { Generator, scope, type Tensor } from "../../src/tensor/index.js";

const PAD = 0;
const [WORDS, WIDTH, HIDDEN] = [9, 8, 24];
// [T, B], padded; the target is the source reversed, between a start (1) and an end (2).
const source = [
  [3, 7, 5, 6],
  [4, 8, 3, 6],
  [5, PAD, 4, 6],
  [6, PAD, PAD, 7],
];
const lengths = [4, 2, 3, 4];
const fed = [
  [1, 1, 1, 1],
  [6, 8, 4, 7],
  [5, 7, 3, 6],
  [4, PAD, 5, 6],
  [3, PAD, PAD, 6],
];
const wanted = [
  [6, 8, 4, 7],
  [5, 7, 3, 6],
  [4, 2, 5, 6],
  [3, PAD, 2, 6],
  [2, PAD, PAD, 2],
];

class Translator extends nn.Module {
  readonly embedding: nn.Embedding;
  readonly encoder: nn.GRU | nn.LSTM | nn.RNN;
  readonly decoder: nn.GRU;
  readonly target: nn.Embedding;
  readonly out: nn.Linear;

  constructor(kind: "GRU" | "LSTM" | "RNN", generator: Generator, dropout = 0) {
    super();
    this.embedding = this.registerModule("embedding", new nn.Embedding(WORDS, WIDTH, { paddingIdx: PAD, generator }));
    const options = { bidirectional: true, numLayers: 2, dropout, generator };
    const Layer = { GRU: nn.GRU, LSTM: nn.LSTM, RNN: nn.RNN }[kind];
    this.encoder = this.registerModule("encoder", new Layer(WIDTH, HIDDEN / 2, options));
    this.target = this.registerModule("target", new nn.Embedding(WORDS, WIDTH, { paddingIdx: PAD, generator }));
    this.decoder = this.registerModule("decoder", new nn.GRU(WIDTH, HIDDEN, { generator }));
    this.out = this.registerModule("out", new nn.Linear(HIDDEN, WORDS, { generator }));
  }

  loss(): Tensor {
    const [, last] = this.encoder.forward(this.embedding.forward(source), null, { lengths });
    const h = Array.isArray(last) ? last[0] : last; // [4, B, H/2]: the last layer's two directions stand at the end
    const context = concat([slice(h, 0, 2, 3), slice(h, 0, 3)], -1);
    const inputs = relu(this.target.forward(fed));
    const [output] = this.decoder.forward(inputs, context);
    const logits = this.out.forward(reshape(output, [-1, HIDDEN]));
    return crossEntropy(logits, wanted.flat(), { ignoreIndex: PAD });
  }
}

/** Plain gradient descent with momentum, written out. */
function train(model: Translator, steps: number, rate: number): number[] {
  const velocity = new Map(model.parameters().map((parameter) => [parameter, new Float32Array(parameter.data.length)]));
  return Array.from({ length: steps }, () =>
    scope(() => {
      model.zeroGrad();
      const loss = model.loss();
      loss.backward();
      noGrad(() => {
        for (const [{ data, grad }, v] of velocity) {
          for (let i = 0; i < v.length; i++) {
            v[i] = 0.9 * v[i] + (grad?.data[i] ?? 0);
            data[i] -= rate * v[i];
          }
        }
      });
      return loss.item();
    }),
  );
}

describe.each(["GRU", "LSTM", "RNN"] as const)("with a %s", (kind) => {
  it("one batch is driven to near-zero loss", () => {
    const model = new Translator(kind, new Generator(1));
    const losses = train(model, 300, 0.1);
    expect(losses[0]).toBeGreaterThan(1.8); // near ln 9
    expect(losses[losses.length - 1]).toBeLessThan(0.01);
    // The padding row has not moved.
    expect(model.embedding.weight.data.slice(0, WIDTH).every((value) => value === 0)).toBe(true);
  });
});

it("the same seed gives the same bits, another seed others", () => {
  const trained = (seed: number): [number[], number[][]] => {
    const model = new Translator("GRU", new Generator(seed), 0.3);
    const losses = train(model, 15, 0.1);
    return [losses, model.parameters().map(({ data }) => [...data])];
  };
  const first = trained(5);
  expect(trained(5)).toEqual(first);
  expect(trained(6)).not.toEqual(first);
});
