import { describe, expect, it } from "vitest";
import { mul, noGrad, sum } from "../../src/autograd/index.js";
import { GRU, Linear } from "../../src/nn/index.js";
import { Adam } from "../../src/optim/index.js";
import { makeBatch } from "../../src/seq2seq/data/batch.js";
import * as seq2seq from "../../src/seq2seq/index.js";
import { randn, scope, type Tensor, tensor, zeros } from "../../src/tensor/index.js";
import { kernelSets, memoryUsage } from "../../src/tensor/kernels/index.js";
import { sharpModel } from "../support/models.js";
import { using } from "../tensor/kernels/support.js";

describe("dispose", () => {
  it("ends a tensor, its views and its gradient, and says so to whoever comes later", () => {
    const x = tensor([1, 2], { requiresGrad: true, lifetime: "persistent" });
    const view = x.detach();
    sum(mul(x, 2)).backward();
    const grad = x.grad as Tensor;
    x.dispose();
    x.dispose();
    for (const ended of [x, view]) {
      expect(() => ended.data).toThrow("data: the result of");
      expect(() => ended.toArray()).toThrow("was disposed of");
      expect(() => mul(ended, 2)).toThrow("was disposed of");
      expect(String(ended)).toBe("tensor(shape [2], was disposed of)");
    }
    expect(() => grad.data).toThrow("was disposed of");
    expect(x.grad).toBeNull();
  });

  it("of a translator ends its model", () => {
    const language = (): seq2seq.Language => ({
      tokenizer: new seq2seq.WordTokenizer(),
      vocabulary: seq2seq.Vocabulary.build([["one"]]),
    });
    const { size } = language().vocabulary;
    const model = new seq2seq.Seq2Seq({ inputSize: size, outputSize: size, hiddenSize: 8 });
    const translator = new seq2seq.Translator({ model, source: language(), target: language() });
    expect(seq2seq.Translator.fromFiles(translator.files()).reverseSource).toBe(false);
    translator.translate(["one"]);
    translator.dispose();
    expect(() => translator.translate(["one"])).toThrow("was disposed of");
  });

  it("of what is kept by history makes its backward fail, not lie", () => {
    const [x, w] = [tensor([1, 2], { requiresGrad: true }), tensor([3, 4], { requiresGrad: true })];
    const y = sum(mul(x, w));
    w.dispose();
    expect(() => y.backward()).toThrow("was disposed of");
  });
});

describe.skipIf(!kernelSets.includes("simd"))("WebAssembly memory", () => {
  using("simd");

  /** Bytes that `body` leaves in use. */
  const left = (body: () => void): number => {
    const { used } = memoryUsage();
    body();
    return memoryUsage().used - used;
  };

  it("comes back at once from a module and an optimiser that are disposed of, whatever was made of their weights", () => {
    const left0 = left(() => {
      const model = sharpModel({ attention: "additive", hiddenSize: 64 });
      const optimizer = new Adam(model.parameters());
      scope(() => model.loss(makeBatch([{ source: [5, 6], target: [6, 7] }])).backward());
      optimizer.step();
      optimizer.loadStateDict(optimizer.stateDict());
      seq2seq.greedySearch(model, [[4, 5]]);
      optimizer.dispose();
      model.dispose();
    });
    // The attention that a search keeps a copy of waits for the collector.
    expect(left0).toBeLessThan(50_000);
  });

  it("is not taken anew for gradients, nor for weights packed again", () => {
    const [gru, linear] = [new GRU(64, 64), new Linear(64, 64)];
    const x = randn([3, 2, 64]);
    const round = (): void => {
      gru.zeroGrad();
      linear.weight.grad = null;
      scope(() => sum(linear.forward(gru.forward(x)[0])).backward());
      const optimizer = new Adam([...gru.parameters(), ...linear.parameters()]);
      optimizer.step();
      optimizer.dispose();
      noGrad(() => scope(() => linear.forward(gru.forward(x)[0])));
    };
    round();
    expect(
      left(() => {
        for (let i = 0; i < 20; i++) round();
      }),
    ).toBe(0);
  });

  it("is not taken anew by a search after each step of training", () => {
    const model = sharpModel({ attention: "none", hiddenSize: 64 });
    const round = (): void => {
      model.zeroGrad();
      scope(() => model.loss(makeBatch([{ source: [5, 6], target: [6, 7] }])).backward());
      const optimizer = new Adam(model.parameters());
      optimizer.step();
      optimizer.dispose();
      seq2seq.greedySearch(model, [[4, 5]]);
    };
    round();
    expect(
      left(() => {
        for (let i = 0; i < 20; i++) round();
      }),
    ).toBe(0);
  });

  it("a gradient that somebody has taken stays his", () => {
    const x = zeros([1000], { requiresGrad: true, lifetime: "persistent" });
    sum(x).backward();
    const held = x.grad as Tensor;
    x.grad = null;
    sum(mul(x, 3)).backward();
    expect([held.data[0], (x.grad as unknown as Tensor).data[0]]).toEqual([1, 3]);
  });
});
