import { describe, expect, it } from "vitest";
import { Adam, type Optimizer, type OptimizerState, SGD } from "../../src/optim/index.js";
import { scope, type Tensor, tensor } from "../../src/tensor/index.js";
import { type GoldenCase, golden, layGradients, makeOptimizer, parametersAt, title } from "./golden.js";

function run(optimizer: Optimizer, parameters: readonly Tensor[], from: number, to: number, missing: boolean): void {
  for (let t = from; t <= to; t++) {
    layGradients(parameters, t, missing);
    optimizer.step();
  }
}

const copyOf = (parameters: readonly Tensor[]): Tensor[] =>
  parameters.map((p) => tensor(p.data, p.shape, { requiresGrad: true }));

const bitsOf = (parameters: readonly Tensor[]): number[][] =>
  parameters.map(({ data }) => [...new Uint32Array(Float32Array.from(data).buffer)]);

/** What a checkpoint does: everything but the tensors goes through JSON. */
function throughFile({ tensors, ...plain }: OptimizerState): OptimizerState {
  return { ...JSON.parse(JSON.stringify(plain)), tensors };
}

describe("save, load, continue gives the bits of a run that was never interrupted", () => {
  // After one step the second parameter may have had no gradient, and so has no state.
  for (const goldenCase of golden.optimizers) {
    it(title(goldenCase), () => {
      for (const stop of [0, 1, 8]) {
        const whole = parametersAt();
        run(makeOptimizer(goldenCase, whole), whole, 1, 20, goldenCase.missing);

        const first = parametersAt();
        const interrupted = makeOptimizer(goldenCase, first);
        run(interrupted, first, 1, stop, goldenCase.missing);
        const resumed = copyOf(first);
        // Options come from the state, not from the constructor.
        const optimizer = makeOptimizer({ ...goldenCase, options: {} } as GoldenCase, resumed);
        optimizer.loadStateDict(throughFile(interrupted.stateDict()));
        run(optimizer, resumed, stop + 1, 20, goldenCase.missing);
        expect(bitsOf(resumed)).toEqual(bitsOf(whole));
      }
    });
  }
});

/** Of the optimiser that `adam` makes. */
const OPTIONS = { lr: 0.25, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false };

describe("stateDict", () => {
  function adam(): { optimizer: Adam; parameters: Tensor[] } {
    const parameters = parametersAt();
    const optimizer = new Adam(parameters, { lr: 0.25 });
    run(optimizer, parameters, 1, 1, false);
    return { optimizer, parameters };
  }

  it("names tensors by parameter index and PyTorch's name", () => {
    const { optimizer } = adam();
    const { tensors, ...plain } = optimizer.stateDict();
    expect(Object.keys(tensors)).toEqual(["0.exp_avg", "0.exp_avg_sq", "1.exp_avg", "1.exp_avg_sq"]);
    expect(tensors["0.exp_avg"].shape).toEqual([3, 4]);
    expect(plain).toEqual({
      kind: "Adam",
      paramGroups: [{ ...OPTIONS, params: [0, 1] }],
      steps: [1, 1],
    });
  });

  it("copies, both ways", () => {
    const { optimizer, parameters } = adam();
    const state = optimizer.stateDict();
    const before = state.tensors["0.exp_avg"].data.slice();
    run(optimizer, parameters, 2, 2, false);
    optimizer.lr = 0.5;
    expect(state.tensors["0.exp_avg"].data).toEqual(before);
    expect(state.paramGroups[0].lr).toBe(0.25);
    optimizer.loadStateDict(state);
    state.tensors["0.exp_avg"].data.fill(9);
    expect(optimizer.stateDict().tensors["0.exp_avg"].data).toEqual(before);
    expect(optimizer.lr).toBe(0.25);
  });

  it("state first needed inside a scope outlives it", () => {
    const parameters = parametersAt();
    const optimizer = new Adam(parameters);
    scope(() => run(optimizer, parameters, 1, 1, false));
    for (const p of parameters) p.grad = null;
    run(optimizer, parameters, 2, 2, false);
    expect(optimizer.stateDict().steps).toEqual([2, 2]);
  });

  it("a refused state changes nothing", () => {
    const { optimizer } = adam();
    const good = optimizer.stateDict();
    const parameters = parametersAt();
    const sgd = new SGD(parameters, { momentum: 0.9 });
    run(sgd, parameters, 1, 1, false);
    const { "1.exp_avg": _, ...withoutOne } = good.tensors;
    const small = tensor([1, 2]);
    const withGroup = (options: object): object => ({ ...good, paramGroups: [{ ...good.paramGroups[0], ...options }] });
    const bad: [unknown, string][] = [
      [sgd.stateDict(), 'Adam.loadStateDict: expected the state of Adam, got "SGD"'],
      [null, "Adam.loadStateDict: expected a state, got null"],
      [withGroup({ lr: -1 }), "expected lr to be a finite number ≥ 0, got -1"],
      [withGroup({ extra: 1 }), "got extra"],
      [withGroup({ betas: undefined }), "expected betas to be two numbers in [0, 1), got undefined"],
      [withGroup({ params: [0] }), "expected group 0 of the parameters [0, 1], got [0]"],
      [withGroup({ params: undefined }), "expected group 0 of the parameters [0, 1], got undefined"],
      [{ ...good, paramGroups: 3 }, "expected parameter groups to be 1, got 3"],
      [{ ...good, paramGroups: [] }, "expected parameter groups to be 1, got 0"],
      [{ ...good, paramGroups: [3] }, "expected an object with params, got 3"],
      [{ ...good, paramGroups: undefined }, "expected an object of options, got undefined"],
      [{ ...good, steps: [1] }, "expected step counts of 2 parameters, got 1 step counts"],
      [{ ...good, steps: undefined }, "expected step counts of 2 parameters, got undefined"],
      [{ ...good, steps: [1, -1] }, "expected steps[1] to be an integer ≥ 0, got -1"],
      [{ ...good, steps: [0, 1] }, "expected exp_avg, exp_avg_sq per updated parameter, got also 0.exp_avg"],
      [{ ...good, tensors: withoutOne }, "expected 1.exp_avg of shape [5], got undefined"],
      [{ ...good, tensors: { ...good.tensors, "1.exp_avg": small } }, "expected 1.exp_avg of shape [5], got shape [2]"],
      [{ ...good, tensors: { ...good.tensors, "7.exp_avg": small } }, "got also 7.exp_avg"],
      [{ ...good, tensors: null }, "expected tensors by name, got null"],
    ];
    for (const [state, message] of bad) {
      expect(() => optimizer.loadStateDict(state as OptimizerState)).toThrow(message);
      expect(optimizer.stateDict()).toEqual(good);
    }
    const [group] = sgd.stateDict().paramGroups;
    const nesterov = { ...sgd.stateDict(), paramGroups: [{ ...group, nesterov: true, dampening: 0.5 }] };
    expect(() => sgd.loadStateDict(nesterov)).toThrow("SGD.loadStateDict: expected momentum > 0 and dampening 0");
  });
});
