import { describe, expect, it } from "vitest";
import { noGrad, sum } from "../../src/autograd/index.js";
import { GRU, GRUCell, Linear, LSTM, LSTMCell, type Module, RNN, RNNCell } from "../../src/nn/index.js";
import { SGD } from "../../src/optim/index.js";
import { Generator, ones, type Tensor } from "../../src/tensor/index.js";
import { roads } from "../support/changes.js";

const generator = (): Generator => new Generator(1);

/** A layer and what it makes of some input. */
type Case = readonly [Module, () => Tensor];
function over<M extends Module>(layer: M, forward: (layer: M) => Tensor): Case {
  return [layer, () => forward(layer)];
}

const x = ones([4, 1, 3]);
const step = ones([1, 3]);
const h = ones([1, 2]);
const layers: Record<string, () => Case> = {
  Linear: () => over(new Linear(3, 2, { generator: generator() }), (layer) => layer.forward(x)),
  RNN: () => over(new RNN(3, 2, { generator: generator() }), (layer) => layer.forward(x)[0]),
  GRU: () =>
    over(new GRU(3, 2, { numLayers: 2, bidirectional: true, generator: generator() }), (layer) => layer.forward(x)[0]),
  LSTM: () => over(new LSTM(3, 2, { numLayers: 2, generator: generator() }), (layer) => layer.forward(x)[0]),
  RNNCell: () => over(new RNNCell(3, 2, { generator: generator() }), (cell) => cell.forward(step, h)),
  GRUCell: () => over(new GRUCell(3, 2, { generator: generator() }), (cell) => cell.forward(step, h)),
  LSTMCell: () => over(new LSTMCell(3, 2, { generator: generator() }), (cell) => cell.forward(step, [h, h])[0]),
};

describe.each(Object.entries(layers))("%s, whose weights were packed, computes with those that it has", (_, make) => {
  it("after a change of any parameter, by any road", () => {
    for (let which = 0; which < make()[0].parameters().length; which++) {
      const [layer, forward] = make();
      const now = (): unknown => forward().toArray();
      let before = noGrad(now);
      for (const { name, change } of roads(layer.parameters()[which])) {
        change();
        expect(noGrad(now), `parameter ${which}, ${name}`).toEqual(now());
        expect(now(), `parameter ${which}, ${name}`).not.toEqual(before);
        before = now();
      }
    }
  });

  it("after a state was loaded and after an optimiser's step", () => {
    const [layer, forward] = make();
    const now = (): unknown => forward().toArray();
    noGrad(now);
    const state = layer.stateDict();
    for (const tensor of Object.values(state)) tensor.data[0] += 0.5;
    layer.loadStateDict(state);
    expect(noGrad(now)).toEqual(now());
    sum(forward()).backward();
    new SGD(layer.parameters(), { lr: 0.5 }).step();
    expect(noGrad(now)).toEqual(now());
  });
});
