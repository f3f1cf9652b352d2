/** Arguments that JavaScript lets through, as PyTorch's users write them from habit. */
import { describe, expect, it, test } from "vitest";
import * as nn from "../../src/nn/index.js";
import { ones, zeros } from "../../src/tensor/index.js";
import { wrong } from "../support/wrong.js";

const modules: Record<string, (options: unknown) => unknown> = {
  Linear: (options) => new nn.Linear(2, 3, wrong(options)),
  Embedding: (options) => new nn.Embedding(5, 3, wrong(options)),
  Dropout: (options) => new nn.Dropout(0.1, wrong(options)),
  RNN: (options) => new nn.RNN(2, 3, wrong(options)),
  GRU: (options) => new nn.GRU(2, 3, wrong(options)),
  LSTM: (options) => new nn.LSTM(2, 3, wrong(options)),
  RNNCell: (options) => new nn.RNNCell(2, 3, wrong(options)),
  GRUCell: (options) => new nn.GRUCell(2, 3, wrong(options)),
  LSTMCell: (options) => new nn.LSTMCell(2, 3, wrong(options)),
  GeneralAttention: (options) => new nn.GeneralAttention(2, 3, wrong(options)),
  AdditiveAttention: (options) => new nn.AdditiveAttention(2, 3, 4, wrong(options)),
  NLLLoss: (options) => new nn.NLLLoss(wrong(options)),
  CrossEntropyLoss: (options) => new nn.CrossEntropyLoss(wrong(options)),
};

describe.each(Object.entries(modules))("%s", (name, make) => {
  it("refuses an option that it does not know", () => {
    expect(() => make({ zorgle: 1 })).toThrow(new RegExp(`^${name}: expected options among .*; got zorgle$`));
  });
  it.each([2, true, null, "x"])("refuses %s in the place of options", (options) => {
    expect(() => make(options)).toThrow(new RegExp(`^${name}: expected an object of options, got`));
  });
});

test("names in PyTorch's spelling are told from ours", () => {
  const faults: [string, string, object][] = [
    ["GRU", "numLayers", { num_layers: 2 }],
    ["LSTM", "batchFirst", { batch_first: true }],
    ["Embedding", "paddingIdx", { padding_idx: 0 }],
    ["CrossEntropyLoss", "labelSmoothing", { label_smoothing: 0.1 }],
    ["NLLLoss", "ignoreIndex", { ignore_index: 0 }],
    ["RNNCell", "nonlinearity", { nonLinearity: "relu" }],
  ];
  for (const [name, meant, options] of faults) {
    expect(() => modules[name](options)).toThrow(`got ${Object.keys(options)[0]} (did you mean ${meant}?)`);
  }
  expect(() => new nn.GRU(2, 3, wrong({ nonlinearity: "relu" }))).toThrow("GRU: expected options among");
});

test("values are of the kind that an option takes", () => {
  expect(() => modules.GRU({ bidirectional: "false" })).toThrow("GRU: expected bidirectional to be true or false");
  expect(() => modules.RNN({ nonlinearity: "sigmoid" })).toThrow('RNN: expected nonlinearity to be "tanh" or "relu"');
  expect(() => modules.Linear({ generator: 42 })).toThrow("Linear: expected generator to be a Generator, got 42");
  expect(() => modules.Linear({ dtype: "double" })).toThrow('Linear: expected dtype to be "float32" or "float64"');
  expect(() => new nn.Linear(wrong("2"), 3)).toThrow('Linear: expected inFeatures ≥ 1, got "2"');
  expect(() => new nn.Dropout(wrong("0.5"))).toThrow('Dropout: expected a probability from 0 to 1, got "0.5"');
  expect(() => nn.init.uniform(zeros([2]), wrong("0"))).toThrow('uniform: expected from to be a number, got "0"');
  expect(() => nn.init.normal(zeros([2]), 0, 1, wrong(42))).toThrow("normal: expected generator to be a Generator");
  expect(() => nn.init.constant(wrong([2]), 1)).toThrow("constant: expected a tensor, got [2]");
});

describe("a state of another kind", () => {
  const x = zeros([4, 2, 3]);
  const h = zeros([1, 2, 5]);
  const gru = new nn.GRU(3, 5);
  const lstm = new nn.LSTM(3, 5);
  const cell = new nn.LSTMCell(3, 5);
  const faults: [() => unknown, string][] = [
    [() => lstm.forward(x, wrong([h])), "LSTM: expected a state [h, c], got a list of 1"],
    [() => lstm.forward(x, wrong([h, h, h])), "LSTM: expected a state [h, c], got a list of 3"],
    [() => lstm.forward(x, wrong(h)), "LSTM: expected a state [h, c], got one tensor"],
    [() => lstm.forward(x, wrong([h, null])), "LSTM: expected a state [h, c], got a list with null at 1"],
    [() => lstm.forward(x, wrong({ h, c: h })), "LSTM: expected a state [h, c], got {"],
    [() => gru.forward(x, wrong([h])), "GRU: expected a state of one tensor, got a list of 1"],
    [() => gru.forward(x, wrong([h, h])), "GRU: expected a state of one tensor, got a pair"],
    [() => gru.forward(x, wrong({ lengths: [4, 2] })), 'GRU: expected a state of one tensor, got {"lengths":[4,2]}'],
    [() => gru.forward(x, null, wrong({ length: [4, 2] })), "got length (did you mean lengths?)"],
    [() => gru.forward(wrong([[1]])), "GRU: expected a tensor, got […]"],
    [() => cell.forward(zeros([2, 3]), wrong([zeros([2, 5])])), "LSTMCell: expected a state [h, c], got a list of 1"],
    [() => cell.forward(zeros([2, 3]), wrong(zeros([2, 5]))), "LSTMCell: expected a state [h, c], got one tensor"],
    [() => new nn.GRUCell(3, 5).forward(zeros([2, 3]), wrong([h])), "GRUCell: expected a state of one tensor"],
  ];
  it.each(faults.map(([call, message]) => ({ call, message })))("$message", ({ call, message }) => {
    expect(call).toThrow(message);
    expect(call).toThrow(TypeError);
  });
});

test("two of one name in a module are refused", () => {
  class Twice extends nn.Module {
    readonly one = this.registerModule("linear", new nn.Linear(2, 2));
    readonly two = this.registerModule("linear", new nn.Linear(2, 2));
  }
  class Mixed extends nn.Module {
    readonly weight = this.registerParameter("weight", zeros([2]));
    readonly again = this.registerModule("weight", new nn.Linear(2, 2));
  }
  expect(() => new Twice()).toThrow("Twice: expected one parameter or module as linear, got two");
  expect(() => new Mixed()).toThrow("Mixed: expected one parameter or module as weight, got two");
});

test("what is registered is a parameter or a module", () => {
  class NoModule extends nn.Module {
    readonly one = this.registerModule("one", wrong(ones));
  }
  class NoParameter extends nn.Module {
    readonly one = this.registerParameter("one", wrong([1, 2]));
  }
  expect(() => new NoModule()).toThrow("NoModule: expected a module as one, got");
  expect(() => new NoParameter()).toThrow("NoParameter: expected a tensor, got [1, 2]");
});

test("a mode is true or false, a memory a tensor", () => {
  const linear = new nn.Linear(2, 2);
  expect(() => linear.train(wrong("no"))).toThrow('train: expected the mode to be true or false, got "no"');
  expect(() => new nn.DotAttention().keys(wrong([[1]]))).toThrow("DotAttention: expected a tensor, got […]");
});

test("an orthogonal weight may have 200,000 columns", () => {
  const { data } = nn.init.orthogonal(zeros([1, 200_000]));
  expect(Float64Array.from(data).reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 3);
});
