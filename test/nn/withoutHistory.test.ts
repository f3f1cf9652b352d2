import { expect, it, vi } from "vitest";
import { noGrad } from "../../src/autograd/index.js";
import { GRU, Linear, LSTM, RNN } from "../../src/nn/index.js";
import { Generator, randn, type Tensor } from "../../src/tensor/index.js";
import { kernels } from "../../src/tensor/kernels/index.js";

const options = { numLayers: 2, bidirectional: true, generator: new Generator(1) };
const kinds = {
  ...{ rnn: new RNN(5, 7, options), gru: new GRU(5, 7, options), lstm: new LSTM(5, 7, options) },
  "normalised gru": new GRU(5, 7, { layerNorm: true, residual: true, ...options }),
};

it.each(Object.entries(kinds))("%s gives the same bits without history, after a weight changed too", (_, layer) => {
  const [x, first] = [9, 1].map((steps) => randn([steps, 3, 5], { generator: new Generator(2) }));
  const bits = (input: Tensor, lengths?: number[]) => {
    const [output, state] = layer.forward(input, null, { lengths });
    return [output, ...(Array.isArray(state) ? state : [state])].map(({ data }) => data.slice());
  };
  for (const change of [() => {}, ...layer.parameters().map((weight) => () => weight.data.fill(0.01))]) {
    change();
    expect(noGrad(() => bits(x, [4, 9, 1]))).toEqual(bits(x, [4, 9, 1]));
    expect(noGrad(() => bits(first))).toEqual(bits(first));
  }
});

it.each(Object.entries(kinds))("%s packs its weights once for many calls without history", (_, layer) => {
  const x = randn([9, 3, 5], { generator: new Generator(2) });
  noGrad(() => layer.forward(x));
  const packs = vi.spyOn(kernels, "packTransposed");
  noGrad(() => layer.forward(x));
  expect(packs).not.toHaveBeenCalled();
  layer.forward(x);
  expect(packs).toHaveBeenCalled();
  packs.mockRestore();
});

it("a linear layer gives the same bits without history, and packs its weight once until it changes", () => {
  for (const bias of [true, false]) {
    for (const rows of [1, 3, 9]) {
      const layer = new Linear(5, 7, { bias, generator: new Generator(1) });
      const x = randn([rows, 5], { generator: new Generator(2) });
      const bits = () => layer.forward(x).data.slice();
      const packs = vi.spyOn(kernels, "packTransposed");
      const first = noGrad(bits);
      expect(packs).toHaveBeenCalledTimes(1);
      expect(noGrad(bits)).toEqual(first);
      expect(packs).toHaveBeenCalledTimes(1);
      packs.mockRestore();
      expect(bits()).toEqual(first);
      layer.weight.data.fill(rows / 100);
      expect(noGrad(bits)).toEqual(bits());
    }
  }
});
