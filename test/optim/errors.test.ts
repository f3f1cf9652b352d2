import { describe, expect, it } from "vitest";
import { Adadelta, Adagrad, Adam, AdamW, RMSprop, SGD } from "../../src/optim/index.js";
import { type Tensor, tensor } from "../../src/tensor/index.js";
import { layGradients, parametersAt } from "./golden.js";

const one = () => [tensor([1], { requiresGrad: true })];

describe("options", () => {
  const cases: [() => unknown, string][] = [
    [() => new SGD(one(), { lr: -0.1 }), "SGD: expected lr to be a finite number ≥ 0, got -0.1"],
    [() => new SGD(one(), { lr: Number.NaN }), "SGD: expected lr to be a finite number ≥ 0, got NaN"],
    [() => new SGD(one(), { momentum: -1 }), "SGD: expected momentum to be a finite number ≥ 0, got -1"],
    [() => new SGD(one(), { dampening: Infinity }), "SGD: expected dampening to be a finite number, got Infinity"],
    [
      () => new SGD(one(), { nesterov: true }),
      "SGD: expected momentum > 0 and dampening 0 with nesterov, got momentum 0",
    ],
    [
      () => new SGD(one(), { nesterov: true, momentum: 0.9, dampening: 0.1 }),
      "SGD: expected momentum > 0 and dampening 0 with nesterov, got momentum 0.9 and dampening 0.1",
    ],
    [() => new Adagrad(one(), { lrDecay: -1 }), "Adagrad: expected lrDecay to be a finite number ≥ 0, got -1"],
    [() => new Adagrad(one(), { initialAccumulatorValue: -1 }), "Adagrad: expected initialAccumulatorValue to be"],
    [() => new RMSprop(one(), { alpha: 1.5 }), "RMSprop: expected alpha to be a number in [0, 1], got 1.5"],
    [() => new RMSprop(one(), { eps: -1 }), "RMSprop: expected eps to be a finite number ≥ 0, got -1"],
    [() => new Adadelta(one(), { rho: -0.5 }), "Adadelta: expected rho to be a number in [0, 1], got -0.5"],
    [() => new Adam(one(), { betas: [0.9, 1] }), "Adam: expected betas to be two numbers in [0, 1), got [0.9, 1]"],
    [() => new Adam(one(), { amsgrad: 1 as unknown as boolean }), "Adam: expected amsgrad to be true or false, got 1"],
    [() => new AdamW(one(), { weightDecay: -1 }), "AdamW: expected weightDecay to be a finite number ≥ 0, got -1"],
    [
      () => new SGD(one(), { learningRate: 1 } as object),
      "SGD: expected options among lr, momentum, dampening, weightDecay, nesterov, maximize; got learningRate",
    ],
    [() => new SGD(one(), 0.1 as unknown as object), "SGD: expected an object of options, got 0.1"],
  ];
  for (const [make, message] of cases) it(message, () => expect(make).toThrow(message));

  it("of groups must go together in each", () => {
    expect(() => new SGD([{ params: one() }, { params: one(), nesterov: true }])).toThrow(
      "SGD: group 1: expected momentum > 0 and dampening 0 with nesterov, got momentum 0",
    );
  });

  it("a refused learning rate is not set", () => {
    const optimizer = new Adam(one());
    expect(() => {
      optimizer.lr = -1;
    }).toThrow("Adam: expected lr to be a finite number ≥ 0, got -1");
    expect(optimizer.lr).toBe(1e-3);
  });
});

describe("parameters", () => {
  const result = tensor([1], { requiresGrad: true });
  result.history = { backward: () => {} };
  result.op = "mul";
  const [w] = one();
  const cases: [unknown, string][] = [
    [[], "Adam: expected at least one parameter, got none (a module's parameters are those it registered with"],
    [[w, result], "Adam: expected parameter 1 [1] to be a leaf, got the result of mul"],
    [[w, w], "Adam: expected parameter 1 [1] once, got it at 0 too"],
    [w, "Adam: expected an iterable of tensors or of groups, got Tensor"],
    [[w, 3], "Adam: expected parameter 1 to be a tensor, got 3"],
    [undefined, "Adam: expected an iterable of tensors or of groups, got undefined"],
    [{ params: [w] }, "Adam: expected an iterable of tensors or of groups, got {"],
    [[{ params: [w] }, { params: w }], "Adam: expected parameter 1 [1] once, got it at 0 too"],
    [[{ params: [] }, { params: [] }], "Adam: expected at least one parameter, got none"],
    [[{ params: [w] }, one()[0]], "Adam: group 1: expected an object with params, got Tensor"],
    [[w, { params: one() }], "Adam: group 0: expected an object with params, got Tensor"],
    [[{ params: 3 }], "Adam: group 0: expected params to be a tensor or an iterable of them, got 3"],
    [[{ params: [3] }], "Adam: expected parameter 0 to be a tensor, got 3"],
    [[{ params: [w], lr: -1 }], "Adam: group 0: expected lr to be a finite number ≥ 0, got -1"],
    [[{ params: [w], weight_decay: 0 }], "Adam: group 0: expected options among lr, betas, eps, weightDecay"],
  ];
  for (const [parameters, message] of cases) {
    it(message, () => expect(() => new Adam(parameters as Tensor[])).toThrow(message));
  }
});

it("an option of a group that there is not is known to the compiler, too", () => {
  // @ts-expect-error PyTorch's spelling
  expect(() => new Adam([{ params: one(), weight_decay: 0 }])).toThrow("did you mean weightDecay?");
});

describe("gradients", () => {
  it("of another shape or dtype are refused where they are given", () => {
    const parameters = parametersAt();
    layGradients(parameters, 1);
    const before = parameters[1].grad;
    const give = (grad: unknown) => () => {
      parameters[1].grad = grad as Tensor;
    };
    expect(give(tensor([1, 2]))).toThrow("grad: expected a tensor of float32 [5], got float32 [2]");
    expect(give(tensor(new Float64Array(5)))).toThrow("grad: expected a tensor of float32 [5], got float64 [5]");
    expect(give([1, 2, 3, 4, 5])).toThrow(TypeError);
    expect(parameters[1].grad).toBe(before);
  });
});
