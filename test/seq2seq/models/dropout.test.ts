/** Which rate leaves out what: each alone, at 1, so that nothing is left, and all of them outside training. */
import { describe, expect, test } from "vitest";
import { makeBatch } from "../../../src/seq2seq/data/batch.js";
import type { Seq2SeqConfig } from "../../../src/seq2seq/models/config.js";
import { Seq2Seq } from "../../../src/seq2seq/models/seq2seq.js";
import { Generator } from "../../../src/tensor/index.js";
import { randomPairs, sharpModel } from "../../support/models.js";

const batch = makeBatch(randomPairs(3));
const decoders: Partial<Seq2SeqConfig>[] = [
  { attention: "none" },
  { attention: "general", bidirectional: true },
  { attention: "additive", inputFeeding: true },
  { attention: "additive", conditional: true },
];

/** Whether any number of a parameter gets a gradient, by the parameter's name. */
function reached(model: Seq2Seq): (name: string) => boolean {
  model.zeroGrad();
  model.loss(batch).backward();
  const parameters = new Map(model.namedParameters());
  return (name) => parameters.get(name)!.grad!.data.some((value) => value !== 0);
}

describe.each(decoders)("%o", (config) => {
  test("leaves out nothing outside training", () => {
    const rates = { dropout: 0.5, embeddingDropout: 0.5, outputDropout: 0.5, wordDropout: 0.5 };
    const plain = sharpModel(config);
    const dropping = sharpModel({
      ...config,
      ...rates,
      ...(config.attention === "none" ? {} : { contextDropout: 0.5 }),
    });
    expect(dropping.eval().loss(batch).item()).toBe(plain.loss(batch).item());
    expect(dropping.train().loss(batch).item()).not.toBe(plain.loss(batch).item());
  });

  test.each(["embeddingDropout", "wordDropout"] as const)("%s is that of the words on both sides", (rate) => {
    const isReached = reached(sharpModel({ ...config, [rate]: 1 }));
    expect(isReached("encoder.embedding.weight")).toBe(false);
    expect(isReached("decoder.embedding.weight")).toBe(false);
    expect(isReached("encoder.gru.bias_hh_l0")).toBe(true);
  });

  test("outputDropout is that of the features: all that is left is the output layer's bias", () => {
    const isReached = reached(sharpModel({ ...config, outputDropout: 1 }));
    expect(isReached("decoder.out.bias")).toBe(true);
    expect(isReached("decoder.out.weight")).toBe(false);
    expect(isReached("decoder.gru.bias_hh_l0")).toBe(false);
  });

  test("the one rate of old stands for those of embeddings and, with attention, of outputs", () => {
    const { config: complete } = sharpModel({ ...config, dropout: 0.3 });
    expect(complete).toMatchObject({ embeddingDropout: 0.3, wordDropout: 0, contextDropout: 0 });
    expect(complete.outputDropout).toBe(config.attention === "none" ? 0 : 0.3);
  });
});

test.each(decoders.slice(1))("contextDropout is that of what attention and the first state see: %o", (config) => {
  const isReached = reached(sharpModel({ ...config, initialState: "mean", contextDropout: 1 }));
  expect(isReached("initial.bias")).toBe(true);
  expect(isReached("initial.weight")).toBe(false);
  expect(isReached("encoder.gru.bias_hh_l0")).toBe(false);
});

test.each(decoders.slice(1))("dropout is that between layers, beside the others' rates: %o", (config) => {
  const rates = { dropout: 1, embeddingDropout: 0, outputDropout: 0 };
  const isReached = reached(sharpModel({ ...config, ...rates, numLayers: 2 }));
  const upper = config.conditional ? "decoder.upper.0.weight_ih_l0" : "decoder.gru.weight_ih_l1";
  expect(isReached(upper)).toBe(false);
  expect(isReached("encoder.gru.weight_ih_l1")).toBe(false);
  // Between two cells, the attention looks from below.
  expect(isReached("decoder.embedding.weight")).toBe(config.conditional === true);
});

test("tied tables begin as small as an output layer needs", () => {
  const sizes = { inputSize: 400, outputSize: 400, hiddenSize: 64, attention: "general" } as const;
  for (const tied of ["none", "decoder", "all"] as const) {
    const model = new Seq2Seq({ ...sizes, embeddingSize: 16, tied }, { generator: new Generator(1) });
    const deviation = ({ data }: { readonly data: ArrayLike<number> }): number =>
      Math.sqrt(Array.from(data).reduce((total, value) => total + value * value, 0) / data.length);
    expect(deviation(model.decoder.embedding.weight)).toBeCloseTo(tied === "none" ? 1 : 1 / 4, 1);
    expect(deviation(model.encoder.embedding.weight)).toBeCloseTo(tied === "all" ? 1 / 4 : 1, 1);
  }
});
