import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { sum } from "../../src/autograd/index.js";
import * as nn from "../../src/nn/index.js";
import { Generator, scope, type Tensor, tensor, zeros } from "../../src/tensor/index.js";

/** A bit of everything: a module of modules, one of them shared, and a parameter of its own. */
class Model extends nn.Module {
  readonly embedding: nn.Embedding;
  readonly gru: nn.GRU;
  readonly again: nn.GRU;
  readonly drop = this.registerModule("drop", new nn.Dropout(0.5, { generator: new Generator(1) }));
  readonly scale = this.registerParameter("scale", zeros([2], { lifetime: "persistent" }));

  constructor(seed = 0) {
    super();
    const generator = new Generator(seed);
    this.embedding = this.registerModule("embedding", new nn.Embedding(5, 3, { generator }));
    this.gru = this.registerModule("gru", new nn.GRU(3, 3, { generator }));
    this.again = this.registerModule("again", this.gru);
  }
}

const numbers = (module: nn.Module): number[][] => module.parameters().map(({ data }) => [...data]);
const GRU_KEYS = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"];

describe("names", () => {
  it("are PyTorch's, own parameters first", () => {
    expect([...new Model().namedParameters()].map(([name]) => name)).toEqual([
      "scale",
      "embedding.weight",
      ...GRU_KEYS.map((key) => `gru.${key}`),
      ...GRU_KEYS.map((key) => `again.${key}`),
    ]);
    expect([...new Model().namedModules()].map(([name]) => name)).toEqual(["", "drop", "embedding", "gru", "again"]);
    const deep = new nn.LSTM(2, 3, { numLayers: 2, bidirectional: true });
    expect(Object.fromEntries([...deep.namedParameters()].map(([name, { shape }]) => [name, shape]))).toMatchObject({
      weight_ih_l0: [12, 2],
      weight_hh_l0_reverse: [12, 3],
      weight_ih_l1: [12, 6],
      bias_hh_l1_reverse: [12],
    });
    expect([...deep.namedParameters()]).toHaveLength(16);
    expect([...new nn.GRUCell(2, 3).namedParameters()].map(([name]) => name)).toEqual([
      "weight_ih",
      "weight_hh",
      "bias_ih",
      "bias_hh",
    ]);
    expect([...new nn.Linear(2, 3, { bias: false }).namedParameters()].map(([name]) => name)).toEqual(["weight"]);
  });

  it("of a shared parameter are under each of its names, and must agree when they come back", () => {
    class Tied extends nn.Module {
      readonly embedding = this.registerModule("embedding", new nn.Embedding(3, 2));
      readonly out = this.registerModule("out", new nn.Linear(2, 3, { weight: this.embedding.weight }));
    }
    const [module, other] = [new Tied(), new Tied()];
    expect([...module.namedParameters()].map(([name]) => name)).toEqual(["embedding.weight", "out.weight", "out.bias"]);
    expect(module.parameters().length).toBe(2);
    const state = module.stateDict();
    expect(state["out.weight"].toArray()).toEqual(state["embedding.weight"].toArray());
    other.loadStateDict(state);
    expect(other.out.weight).toBe(other.embedding.weight);
    expect(other.out.weight.toArray()).toEqual(module.out.weight.toArray());
    const before = other.out.weight.toArray();
    state["out.weight"].data[3] += 1;
    const message = "out.weight: expected the numbers of embedding.weight, with which it is one parameter, got others";
    expect(() => other.loadStateDict(state)).toThrow(message);
    expect(other.out.weight.toArray()).toEqual(before);
    expect(() => new nn.Linear(2, 4, { weight: module.out.weight })).toThrow("Linear: expected weight of shape [4, 2]");
  });

  it("of a shared module count its parameters once", () => {
    const model = new Model();
    expect(model.parameters()).toHaveLength(2 + GRU_KEYS.length);
    expect(new Set(model.parameters()).size).toBe(model.parameters().length);
    expect(model.parameters().every(({ requiresGrad, isPersistent }) => requiresGrad && isPersistent)).toBe(true);
  });
});

describe("state dict", () => {
  it("goes round: another model becomes the same", () => {
    const [one, other] = [new Model(1), new Model(2)];
    expect(numbers(one)).not.toEqual(numbers(other));
    other.loadStateDict(one.stateDict());
    expect(numbers(other)).toEqual(numbers(one));
  });

  it("is a copy, either way", () => {
    const model = new Model(1);
    const state = model.stateDict();
    const before = numbers(model);
    state["embedding.weight"].data.fill(9);
    expect(numbers(model)).toEqual(before);
    model.loadStateDict(state);
    state["embedding.weight"].data.fill(7);
    expect(model.embedding.weight.data.every((value) => value === 9)).toBe(true);
  });

  it("may be taken inside a scope and returned from it", () => {
    const model = new Model(1);
    const state = scope(() => model.stateDict());
    expect([...state["gru.bias_ih_l0"].data]).toEqual([...model.stateDict()["gru.bias_ih_l0"].data]);
  });

  it("that does not fit is refused with every fault, and nothing changes", () => {
    const model = new Model(1);
    const before = numbers(model);
    const { scale, ...state } = new Model(2).stateDict();
    expect(scale.shape).toEqual([2]);
    const load = (): unknown => model.loadStateDict({ ...state, "embedding.weight": zeros([4, 3]), extra: zeros([1]) });
    expect(load).toThrow(/^loadStateDict: the state does not fit the module: /);
    expect(load).toThrow("missing scale [2]");
    expect(load).toThrow("embedding.weight: expected [5, 3], got [4, 3]");
    expect(load).toThrow("unexpected extra");
    expect(numbers(model)).toEqual(before);
    expect(() => model.loadStateDict({})).toThrow("missing gru.weight_ih_l0 [9, 3]");
    // A name that every object has is not taken for a parameter.
    class Odd extends nn.Module {
      readonly odd = this.registerParameter("toString", zeros([1]));
    }
    expect(() => new Odd().loadStateDict({})).toThrow("missing toString [1]");
  });

  it("that fits leaves no keys over", () => {
    const { scale, ...state } = new Model(2).stateDict();
    expect(new Model(1).loadStateDict({ ...state, scale })).toEqual({ missingKeys: [], unexpectedKeys: [] });
  });

  it("may be of another model where it is not strict, but not of other shapes", () => {
    const model = new Model(1);
    const { scale, "gru.weight_ih_l0": _, ...state } = new Model(2).stateDict();
    const other = { ...state, extra: zeros([1]) };
    const before = model.stateDict();
    expect(() => model.loadStateDict({ ...other, "embedding.weight": zeros([4, 3]) }, { strict: false })).toThrow(
      /^loadStateDict: the state does not fit the module: embedding.weight: expected \[5, 3\], got \[4, 3\]$/,
    );
    expect(model.stateDict()).toEqual(before);
    expect(model.loadStateDict(other, { strict: false })).toEqual({
      missingKeys: ["scale", "gru.weight_ih_l0"],
      unexpectedKeys: ["extra"],
    });
    expect(model.scale.toArray()).toEqual(before.scale.toArray());
    expect(model.embedding.weight.toArray()).toEqual(state["embedding.weight"].toArray());
    expect(() => model.loadStateDict(other, { strikt: false } as object)).toThrow("did you mean strict?");
  });

  it("of float64 loads into float32 and back", () => {
    const double = new nn.Linear(2, 2, { dtype: "float64" });
    const single = new nn.Linear(2, 2);
    single.loadStateDict(double.stateDict());
    expect([...single.weight.data]).toEqual([...double.weight.data].map(Math.fround));
    expect(single.weight.dtype).toBe("float32");
  });
});

describe("printing", () => {
  const printed: [nn.Module, string][] = [
    [new nn.Linear(3, 5), "Linear(inFeatures=3, outFeatures=5, bias=true)"],
    [new nn.Linear(3, 5, { bias: false }), "Linear(inFeatures=3, outFeatures=5, bias=false)"],
    [new nn.Embedding(10, 3), "Embedding(10, 3)"],
    [new nn.Embedding(10, 3, { paddingIdx: 0 }), "Embedding(10, 3, paddingIdx=0)"],
    [new nn.Dropout(0.3), "Dropout(p=0.3)"],
    [new nn.LayerNorm([2, 3]), "LayerNorm([2, 3], eps=0.00001, elementwiseAffine=true)"],
    [new nn.LayerNorm(4, { eps: 0.1, bias: false }), "LayerNorm([4], eps=0.1, elementwiseAffine=true, bias=false)"],
    [new nn.LayerNorm(4, { elementwiseAffine: false }), "LayerNorm([4], eps=0.00001, elementwiseAffine=false)"],
    [new nn.GRU(8, 16), "GRU(8, 16)"],
    [new nn.GRU(8, 16, { numLayers: 2, bidirectional: true }), "GRU(8, 16, numLayers=2, bidirectional=true)"],
    [
      new nn.LSTM(8, 16, { numLayers: 2, bias: false, batchFirst: true, dropout: 0.1 }),
      "LSTM(8, 16, numLayers=2, bias=false, batchFirst=true, dropout=0.1)",
    ],
    [new nn.RNN(8, 16, { nonlinearity: "relu" }), "RNN(8, 16, nonlinearity=relu)"],
    [new nn.GRUCell(8, 16, { bias: false }), "GRUCell(8, 16, bias=false)"],
    [new nn.RNNCell(8, 16, { nonlinearity: "relu" }), "RNNCell(8, 16, nonlinearity=relu)"],
    [new nn.LogSoftmax(1), "LogSoftmax(dim=1)"],
    [new nn.MSELoss(), "MSELoss()"],
    [new nn.DotAttention(), "DotAttention()"],
    [new nn.GeneralAttention(2, 3), "GeneralAttention(\n  (key): Linear(inFeatures=3, outFeatures=2, bias=false)\n)"],
  ];
  it.each(printed)("gives sizes and options: %s", (module, text) => {
    expect(String(module)).toBe(text);
  });

  it("nests, as in PyTorch, for console.log too", () => {
    class Named extends nn.Module {
      readonly model = this.registerModule(
        "model",
        new nn.Sequential(new nn.Linear(2, 2), new nn.Sequential(new nn.Dropout()), new nn.Sequential()),
      );
      protected override extraRepr(): string {
        return "7";
      }
    }
    const text = `Named(
  7
  (model): Sequential(
    (0): Linear(inFeatures=2, outFeatures=2, bias=true)
    (1): Sequential(
      (0): Dropout(p=0.5)
    )
    (2): Sequential()
  )
)`;
    expect(String(new Named())).toBe(text);
    expect(inspect(new Named())).toBe(text);
  });
});

describe("train and eval", () => {
  it("reach every module below", () => {
    const model = new Model();
    expect(model.drop.training).toBe(true);
    expect(model.eval()).toBe(model);
    for (const [, module] of model.namedModules()) expect(module.training).toBe(false);
    model.train();
    for (const [, module] of model.namedModules()) expect(module.training).toBe(true);
  });

  it("switch dropout, between layers too", () => {
    const x = tensor(new Float32Array(400).fill(1), [400]);
    const drop = new nn.Dropout(0.5, { generator: new Generator(1) });
    const zerosOf = (y: Tensor): number => y.data.filter((value) => value === 0).length;
    expect(zerosOf(drop.forward(x))).toBeGreaterThan(150);
    expect(drop.eval().forward(x)).toBe(x);
    const gru = new nn.GRU(2, 4, { numLayers: 2, dropout: 0.5, generator: new Generator(1) });
    const input = tensor(new Float32Array(12).fill(1), [3, 2, 2]);
    const output = (): number[] => [...gru.forward(input)[0].data];
    expect(output()).not.toEqual(output());
    gru.eval();
    expect(output()).toEqual(output());
    // Not after the last layer, nor in a single one.
    const single = new nn.GRU(2, 4, { dropout: 0.5, generator: new Generator(1) });
    expect([...single.forward(input)[0].data]).toEqual([...single.forward(input)[0].data]);
  });
});

it("zeroGrad forgets every gradient", () => {
  const model = new nn.Linear(2, 2);
  sum(model.forward(tensor([[1, 2]]))).backward();
  expect(model.weight.grad?.toArray()).toEqual([
    [1, 2],
    [1, 2],
  ]);
  model.zeroGrad();
  for (const { grad } of model.parameters()) expect(grad).toBeNull();
});
