/** Any part of a model may be frozen: it gets no gradient, and takes nothing from the gradients of the rest. */
import { expect, test } from "vitest";
import { makeBatch } from "../../../src/seq2seq/data/batch.js";
import type { Seq2SeqConfig } from "../../../src/seq2seq/models/config.js";
import { randomPairs, sharpModel } from "../../support/models.js";

const configs: Partial<Seq2SeqConfig>[] = [
  { cell: "lstm", numLayers: 2, bidirectional: true, contextInput: true },
  { attention: "general" },
  { cell: "lstm", numLayers: 2, bidirectional: true, attention: "additive", inputFeeding: true },
  { attention: "general", inputFeeding: true },
  { attention: "dot", conditional: true },
  { bidirectional: true, attention: "additive", conditional: true },
  { cell: "lstm", numLayers: 2, bidirectional: true, attention: "general", layerNorm: true, residual: true },
  { numLayers: 2, attention: "additive", inputFeeding: true, layerNorm: true, residual: true },
  { numLayers: 2, attention: "additive", conditional: true, layerNorm: true, residual: true },
  { embeddingSize: 4, bidirectional: true, attention: "general", initialState: "mean", lexical: true, tied: "decoder" },
  { outputSize: 12, embeddingSize: 4, attention: "additive", conditional: true, lexical: true, tied: "all" },
];

test.each(configs)("%o", (config) => {
  const model = sharpModel({ hiddenSize: 6, ...config });
  const batch = makeBatch(randomPairs(3));
  const gradients = (): (number[] | null)[] => {
    model.zeroGrad();
    model.loss(batch).backward();
    return model.parameters().map(({ grad }) => grad && [...grad.data]);
  };
  const whole = gradients();
  const names = new Map([...model.namedParameters()].map(([name, parameter]) => [parameter, name]));
  for (const [i, parameter] of model.parameters().entries()) {
    const name = names.get(parameter);
    parameter.requiresGrad = false;
    expect(gradients(), name).toEqual(whole.map((gradient, j) => (i === j ? null : gradient)));
    parameter.requiresGrad = true;
  }
  // Everything but one.
  for (const parameter of model.parameters().slice(1)) parameter.requiresGrad = false;
  expect(gradients()).toEqual([whole[0], ...whole.slice(1).map(() => null)]);
});
