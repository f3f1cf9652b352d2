import { describe, expect, it } from "vitest";
import { RMSprop, SGD } from "../../src/optim/index.js";
import { tensor } from "../../src/tensor/index.js";
import { difference, golden, layGradients, makeOptimizer, parametersAt, title } from "./golden.js";

describe("rules agree with PyTorch on given gradients", () => {
  for (const goldenCase of golden.optimizers) {
    it(title(goldenCase), () => {
      const parameters = parametersAt();
      const optimizer = makeOptimizer(goldenCase, parameters);
      const doubles = parametersAt("float64");
      const doubleOptimizer = makeOptimizer(goldenCase, doubles);
      for (let t = 1; t <= golden.gradients.length; t++) {
        layGradients(parameters, t, goldenCase.missing);
        optimizer.step();
        layGradients(doubles, t, goldenCase.missing);
        doubleOptimizer.step();
        const snapshot = golden.snapshots.indexOf(t);
        if (snapshot >= 0) expect(difference(parameters, goldenCase.float32[snapshot])).toBeLessThan(1e-5);
      }
      expect(difference(doubles, goldenCase.float64)).toBeLessThan(1e-12);
    });
  }

  it("every rule and every option is in the table", () => {
    const seen = new Set(
      golden.optimizers.flatMap(({ kind, options }) => Object.keys(options).map((o) => `${kind}.${o}`)),
    );
    for (const goldenCase of golden.optimizers) {
      const [{ params: _, ...options }] = makeOptimizer(goldenCase, parametersAt()).stateDict().paramGroups;
      for (const name of Object.keys(options)) expect(seen).toContain(`${goldenCase.kind}.${name}`);
    }
  });
});

describe("RMSprop", () => {
  it("stays finite, centered, when the gradient never changes", () => {
    const p = tensor(
      Float32Array.from({ length: 64 }, (_, i) => i),
      { requiresGrad: true },
    );
    p.grad = tensor(Float32Array.from({ length: 64 }, (_, i) => 0.1 + i / 7));
    const optimizer = new RMSprop([p], { alpha: 0.5, centered: true, eps: 1e-3 });
    for (let t = 0; t < 200; t++) optimizer.step();
    expect(p.data.every(Number.isFinite)).toBe(true);
  });
});

describe("Optimizer", () => {
  it("passes over a parameter without a gradient", () => {
    const parameters = parametersAt();
    layGradients(parameters, 1);
    parameters[0].grad = null;
    const before = parameters[0].data.slice();
    new SGD(parameters, { lr: 1 }).step();
    expect(parameters[0].data).toEqual(before);
    expect(parameters[1].data[0]).toBe(Math.fround(golden.initial[1][0] - golden.gradients[0][1][0]));
  });

  it("zeroGrad forgets every gradient, and is content where there is none", () => {
    const parameters = parametersAt();
    layGradients(parameters, 1);
    parameters[1].grad = null;
    const optimizer = new SGD(parameters, { lr: 1 });
    optimizer.zeroGrad();
    expect(parameters[0].grad).toBeNull();
    expect(parameters[1].grad).toBeNull();
  });

  it("takes the learning rate set from outside", () => {
    const [p] = parametersAt();
    const before = p.data.slice();
    p.grad = tensor(new Float32Array(12).fill(1), p.shape);
    const optimizer = new SGD([p], { lr: 1 });
    optimizer.lr = 0;
    optimizer.step();
    expect(p.data).toEqual(before);
    expect(optimizer.lr).toBe(0);
  });

  it("takes any iterable once, and undefined as not given", () => {
    function* some() {
      yield* parametersAt();
    }
    const optimizer = new SGD(some(), { lr: undefined });
    expect(optimizer.parameters).toHaveLength(2);
    expect(optimizer.lr).toBe(1e-3);
  });
});
