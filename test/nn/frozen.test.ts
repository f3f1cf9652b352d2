/** A frozen parameter gets no gradient, and takes nothing from those of the others: in every layer, each in its turn. */
import { describe, expect, it } from "vitest";
import * as nn from "../../src/nn/index.js";
import { Generator, randn, type Tensor } from "../../src/tensor/index.js";
import { projection } from "../support/compare.js";

const options = { generator: new Generator(6) };
const [x, step, memory] = [randn([4, 2, 3], options), randn([2, 3], options), randn([5, 2, 3], options)];
const attend = (attention: nn.Attention): readonly Tensor[] => attention.forward(x, attention.keys(memory, [5, 2]));

const cases: [string, nn.Module, (module: never) => readonly Tensor[]][] = [
  ["Embedding", new nn.Embedding(5, 3, options), (module: nn.Embedding) => [module.forward([1, 3, 1])]],
  ["Linear", new nn.Linear(3, 4, options), (module: nn.Linear) => [module.forward(x)]],
  ["LayerNorm", new nn.LayerNorm(3), (module: nn.LayerNorm) => [module.forward(x)]],
  ["RNN", new nn.RNN(3, 4, options), (module: nn.RNN) => module.forward(x)],
  [
    "GRU",
    new nn.GRU(3, 4, { numLayers: 2, bidirectional: true, ...options }),
    (module: nn.GRU) => module.forward(x, null, { lengths: [4, 2] }),
  ],
  ["LSTM", new nn.LSTM(3, 4, options), (module: nn.LSTM) => module.forward(x).flat()],
  ["GRUCell", new nn.GRUCell(3, 4, options), (module: nn.GRUCell) => [module.forward(step)]],
  ["GeneralAttention", new nn.GeneralAttention(3, 3, options), attend],
  ["AdditiveAttention", new nn.AdditiveAttention(3, 3, 4, options), attend],
];

describe.each(cases)("%s", (_, module, outputs) => {
  const gradients = (): (number[] | null)[] => {
    module.zeroGrad();
    const result = projection(...outputs(module as never));
    if (result.requiresGrad) result.backward();
    return module.parameters().map(({ grad }) => grad && [...grad.data]);
  };
  const whole = gradients();

  it.each([...module.namedParameters()].map(([name], i) => [name, i] as const))("without %s", (_, frozen) => {
    const parameter = module.parameters()[frozen];
    parameter.requiresGrad = false;
    expect(gradients()).toEqual(whole.map((gradient, i) => (i === frozen ? null : gradient)));
    parameter.requiresGrad = true;
    expect(gradients()).toEqual(whole);
  });
});
