import { describe, expect, it } from "vitest";
import { mul, sum } from "../../src/autograd/index.js";
import * as nn from "../../src/nn/index.js";
import { Adam, type OptimizerState, SGD } from "../../src/optim/index.js";
import { Generator, tensor } from "../../src/tensor/index.js";
import { difference, golden, layGradients, parametersAt, RULES } from "./golden.js";

type AnyOptimizer = InstanceType<(typeof RULES)[keyof typeof RULES]>;

const inGroups = ({ kind, defaults, groups }: (typeof golden.groups)[number], parameters = parametersAt("float64")) => {
  const optimizer: AnyOptimizer = new RULES[kind](
    groups.map((options, i) => ({ params: i === 0 ? parameters[i] : [parameters[i]], ...options })),
    defaults,
  );
  return { optimizer, parameters };
};

describe("groups agree with PyTorch", () => {
  for (const example of golden.groups) {
    it(`${example.kind} ${JSON.stringify(example.defaults)}, ${JSON.stringify(example.groups)}`, () => {
      const { optimizer, parameters } = inGroups(example);
      for (let t = 1; t <= golden.gradients.length; t++) {
        layGradients(parameters, t);
        optimizer.step();
      }
      expect(difference(parameters, example.float64)).toBeLessThan(1e-12);
    });

    it(`${example.kind}, saved and restored half way, options included`, () => {
      const { optimizer, parameters } = inGroups(example);
      const fresh = inGroups({ ...example, defaults: {}, groups: [{}, {}] }, parameters).optimizer;
      for (let t = 1; t <= golden.gradients.length; t++) {
        if (t === 9) {
          const { tensors, ...plain } = optimizer.stateDict();
          fresh.loadStateDict({ ...(JSON.parse(JSON.stringify(plain)) as OptimizerState), tensors });
        }
        layGradients(parameters, t);
        (t < 9 ? optimizer : fresh).step();
      }
      expect(difference(parameters, example.float64)).toBeLessThan(1e-12);
    });
  }
});

describe("paramGroups", () => {
  const [a, b] = parametersAt();
  const optimizer = new Adam(
    [
      { params: [a], lr: 0.5, eps: undefined },
      { params: [b], weightDecay: 0.1 },
    ],
    { lr: 0.25 },
  );

  it("show parameters and options, each group its own", () => {
    const [first, second] = optimizer.paramGroups;
    expect(first.params).toEqual([a]);
    expect([first.lr, first.weightDecay, first.eps]).toEqual([0.5, 0, 1e-8]);
    expect([second.lr, second.weightDecay]).toEqual([0.25, 0.1]);
    expect(optimizer.parameters).toEqual([a, b]);
  });

  it("take a learning rate, and nothing else", () => {
    const [, second] = optimizer.paramGroups;
    second.lr = 0.125;
    expect(second.lr).toBe(0.125);
    expect(() => {
      second.lr = -1;
    }).toThrow("Adam: group 1: expected lr to be a finite number ≥ 0, got -1");
    expect(second.lr).toBe(0.125);
    expect(() => {
      (second as { eps: number }).eps = 1;
    }).toThrow(TypeError);
  });

  it("have no learning rate for all of them to set", () => {
    expect(() => {
      optimizer.lr = 1;
    }).toThrow("Adam: expected the learning rate of each group, in paramGroups, got one for 2 groups");
    expect(optimizer.lr).toBe(0.5); // the first group's
  });

  it("may be empty, but not all", () => {
    layGradients([a, b], 1);
    const before = a.data.slice();
    const some = new SGD([{ params: [] }, { params: [a, b] }], { lr: 1 });
    some.step();
    expect(a.data).not.toEqual(before);
    expect(some.stateDict().paramGroups.map(({ params }) => params)).toEqual([[], [0, 1]]);
  });

  it("are saved by the places of their parameters, and other groups are refused", () => {
    const state = optimizer.stateDict();
    expect(state.paramGroups.map(({ params }) => params)).toEqual([[0], [1]]);
    const message = "Adam.loadStateDict: expected parameter groups to be 1, got 2";
    expect(() => new Adam([a, b]).loadStateDict(state)).toThrow(message);
    const swapped = new Adam([{ params: [] }, { params: [a, b] }]);
    expect(() => swapped.loadStateDict(state)).toThrow("expected group 0 of the parameters [], got [0]");
  });
});

it("reads a state from before there were groups", () => {
  const parameters = parametersAt();
  const optimizer = new Adam(parameters, { lr: 0.25 });
  layGradients(parameters, 1);
  optimizer.step();
  const { paramGroups, ...rest } = optimizer.stateDict();
  const [{ params: _, ...options }] = paramGroups;
  const old = { ...rest, options } as unknown as OptimizerState;
  const resumed = new Adam(parameters);
  resumed.loadStateDict(old);
  expect(resumed.stateDict()).toEqual(optimizer.stateDict());
  const [a, b] = parameters;
  const grouped = new Adam([{ params: a }, { params: b }]);
  expect(() => grouped.loadStateDict(old)).toThrow("expected parameter groups to be 2, got 1");
});

describe("frozen parameters", () => {
  const x = tensor([[1, -2]]);
  const moved = (linear: nn.Linear, optimizer: Adam): boolean[] => {
    const before = linear.parameters().map(({ data }) => data.slice());
    optimizer.zeroGrad();
    const y = linear.forward(x);
    sum(mul(y, y)).backward();
    optimizer.step();
    return linear.parameters().map(({ data }, i) => data.some((value, j) => value !== before[i][j]));
  };

  it("are left alone, and move from when they are unfrozen until they are frozen again", () => {
    const linear = new nn.Linear(2, 2, { generator: new Generator(1) });
    linear.weight.requiresGrad = false;
    const optimizer = new Adam(linear.parameters(), { lr: 0.1, weightDecay: 0.1 });
    expect(moved(linear, optimizer)).toEqual([false, true]);
    linear.weight.requiresGrad = true;
    expect(moved(linear, optimizer)).toEqual([true, true]);
    linear.weight.requiresGrad = false;
    // Neither momentum nor weight decay reaches it.
    expect(moved(linear, optimizer)).toEqual([false, true]);
    expect(optimizer.stateDict().steps).toEqual([1, 3]);
  });

  it("all of them: nothing happens", () => {
    const linear = new nn.Linear(2, 2);
    for (const parameter of linear.parameters()) parameter.requiresGrad = false;
    const before = linear.stateDict();
    new Adam(linear.parameters()).step();
    expect(linear.weight.toArray()).toEqual(before.weight.toArray());
  });
});
