import { describe, expect, it } from "vitest";
import { tanh } from "../../src/autograd/index.js";
import * as nn from "../../src/nn/index.js";
import { Generator, randn, type Tensor } from "../../src/tensor/index.js";

const options = { generator: new Generator(4) };
const keys = (module: nn.Module): string[] => [...module.namedParameters()].map(([name]) => name);

describe("Sequential", () => {
  const model = new nn.Sequential(
    new nn.Embedding(9, 4, options),
    new nn.LayerNorm(4),
    new nn.Dropout(0.5, options),
    new nn.Linear(4, 2, options),
  );

  it("gives each layer what the one before gives", () => {
    model.eval();
    const y: Tensor = model.forward([[3, 1, 4]]);
    const [embedding, norm, , linear] = model;
    expect(y.shape).toEqual([1, 3, 2]);
    const steps = (linear as nn.Linear).forward(
      (norm as nn.LayerNorm).forward((embedding as nn.Embedding).forward([[3, 1, 4]])),
    );
    expect(y.toArray()).toEqual(steps.toArray());
    model.train();
    expect(model.forward([[3, 1, 4]]).toArray()).not.toEqual(steps.toArray());
  });

  it("names its layers as PyTorch does, and finds them", () => {
    expect(keys(model)).toEqual(["0.weight", "1.weight", "1.bias", "3.weight", "3.bias"]);
    expect(model.length).toBe(4);
    expect(model.at(0)).toBeInstanceOf(nn.Embedding);
    expect(model.at(-1)).toBe([...model][3]);
  });

  it("without layers is the identity", () => {
    const x = randn([2], options);
    expect(new nn.Sequential().forward(x)).toBe(x);
  });

  it("may have a layer twice, whose parameters count once", () => {
    const linear = new nn.Linear(3, 3, options);
    const twice = new nn.Sequential(linear, linear);
    const x = randn([2, 3], options);
    expect(twice.forward(x).toArray()).toEqual(linear.forward(linear.forward(x)).toArray());
    expect(twice.parameters()).toHaveLength(2);
    expect(keys(twice)).toEqual(["0.weight", "0.bias", "1.weight", "1.bias"]);
  });

  it("knows the types of its ends", () => {
    const layers = [new nn.Linear(3, 3, options), new nn.Linear(3, 3, options)];
    const y: Tensor = new nn.Sequential(...layers).forward(randn([2, 3], options));
    expect(y.shape).toEqual([2, 3]);
    const ends = new nn.Sequential(new nn.Linear(3, 2), new nn.GRU(2, 2));
    const [output, hN]: [Tensor, Tensor] = ends.forward(randn([4, 1, 3], options));
    expect([output.shape, hN.shape]).toEqual([
      [4, 1, 2],
      [1, 1, 2],
    ]);
    // @ts-expect-error the first layer takes no ids
    expect(() => ends.forward([1, 2])).toThrow("linear: expected a tensor");
    // @ts-expect-error an attention takes two things
    expect(() => new nn.Sequential(new nn.DotAttention())).not.toThrow();
  });

  it("refuses what is no layer", () => {
    const wrong = (...layers: unknown[]) => new nn.Sequential(...(layers as nn.Linear[]));
    expect(() => wrong(new nn.Linear(1, 1), tanh)).toThrow(/^Sequential: expected a module as 1, got /);
    expect(() => wrong([new nn.Linear(1, 1)])).toThrow(/^Sequential: expected a module as 0, got /);
    expect(() => wrong(new nn.ModuleList())).toThrow("Sequential: expected layer 0 to have a forward, got ModuleList");
  });
});

describe("ModuleList", () => {
  it("holds modules by number, and takes more", () => {
    const list = new nn.ModuleList(new Set([new nn.Linear(2, 2, options), new nn.Linear(2, 3, options)]));
    const last = new nn.Linear(2, 4, options);
    expect(list.append(last)).toBe(list);
    expect(list.length).toBe(3);
    expect([...list].map(({ outFeatures }) => outFeatures)).toEqual([2, 3, 4]);
    expect([list.at(2), list.at(-1)]).toEqual([last, last]);
    expect(keys(list)).toEqual(["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"]);
    expect([...list.namedModules()].map(([name]) => name)).toEqual(["", "0", "1", "2"]);
    list.eval();
    expect(last.training).toBe(false);
  });

  it("refuses what is outside, and what is no module", () => {
    const list = new nn.ModuleList([new nn.Dropout()]);
    for (const index of [1, -2, 0.5, Number.NaN]) {
      expect(() => list.at(index)).toThrow(`ModuleList: expected an index from -1 to 0, got ${index}`);
    }
    expect(() => new nn.ModuleList().at(0)).toThrow("ModuleList: expected no index, as it is empty, got 0");
    expect(() => list.append(3 as never)).toThrow("ModuleList: expected a module as 1, got 3");
    expect(list.length).toBe(1);
    expect(() => new nn.ModuleList(new nn.Dropout() as never)).toThrow("expected an iterable of modules, got Dropout");
  });
});
