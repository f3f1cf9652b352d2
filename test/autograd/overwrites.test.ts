import { describe, expect, it } from "vitest";
import {
  add,
  crossEntropy,
  embedding,
  gru,
  linear,
  mul,
  type RecurrentWeights,
  record,
  reshape,
  sum,
  tanh,
} from "../../src/autograd/index.js";
import { touchedRowsOf } from "../../src/autograd/touchedRows.js";
import { Generator, randn, scope, type Tensor, tensor, zeros } from "../../src/tensor/index.js";
import { floatsOf, gradOf } from "../../src/tensor/tensor.js";

const generator = new Generator(1);
const normal = (...shape: number[]): Tensor => randn(shape, { generator, requiresGrad: true, lifetime: "persistent" });
const floats = (x: Tensor): number[] => [...floatsOf(gradOf(x) as Tensor)];

/** The gradients of `leaves` where everything that is handed out unset holds NaN, and where it is new memory. */
function twice(leaves: readonly Tensor[], loss: () => Tensor): [poisoned: number[][], fresh: number[][]] {
  const run = (): number[][] => {
    for (const leaf of leaves) leaf.zeroGrad();
    scope(() => loss().backward());
    return leaves.map(floats);
  };
  const fresh = run();
  scope(() => {
    for (let size = 1; size < 5000; size *= 2) zeros([size]).data.fill(Number.NaN);
  });
  for (const leaf of leaves) floatsOf(gradOf(leaf) as Tensor).fill(Number.NaN);
  return [run(), fresh];
}

describe("gradients whose first writer overwrites", () => {
  const [x, w, b] = [normal(6, 5), normal(5, 5), normal(5)];
  const [h0, wIh, wHh, bIh, bHh] = [normal(2, 3), normal(9, 5), normal(9, 3), normal(9), normal(9)];
  const weights: RecurrentWeights = { weightIh: wIh, weightHh: wHh, biasIh: bIh, biasHh: bHh };
  const sequence = (lengths?: number[]): Tensor => sum(mul(gru(reshape(x, [3, 2, 5]), h0, weights, { lengths })[0], 2));
  const cases: Record<string, () => Tensor> = {
    linear: () => sum(tanh(linear(x, w, b))),
    "linear of itself": () => sum(tanh(linear(w, w, b))),
    "linear, twice over": () => sum(tanh(linear(linear(x, w, b), w, b))),
    reshape: () => add(sum(mul(reshape(x, [30]), reshape(x, [30]))), sum(mul(reshape(x, [5, 6]), 3))),
    crossEntropy: () => crossEntropy(x, [1, 0, 4, 2, 2, 3], { ignoreIndex: 2 }),
    "crossEntropy of a product": () => crossEntropy(linear(x, w, b), [1, 0, 4, 2, 2, 3], { labelSmoothing: 0.1 }),
    "crossEntropy with weights": () =>
      crossEntropy(x, [1, 0, 4, 2, 2, 3], { labelSmoothing: 0.1, weight: tensor([1, 2, 3, 4, 5]) }),
    gru: () => sequence(),
    "gru over padding": () => sequence([3, 1]),
  };
  it.each(Object.entries(cases))("%s: nothing of what was there is left", (_, loss) => {
    const leaves = [x, w, b, h0, wIh, wHh, bIh, bHh];
    for (const leaf of leaves) leaf.zeroGrad();
    loss().backward();
    const wanted = leaves.filter((leaf) => gradOf(leaf));
    const [poisoned, fresh] = twice(wanted, loss);
    expect(poisoned).toEqual(fresh);
    expect(fresh.flat().some((value) => value !== 0)).toBe(true);
  });

  it("two losses of the same logits leave each other's softmax alone", () => {
    const targets = [1, 0, 4, 2, 2, 3];
    const alone = [0, 0.2].map((labelSmoothing) => {
      const logits = tensor(x.toArray(), { requiresGrad: true });
      crossEntropy(logits, targets, { labelSmoothing }).backward();
      return floats(logits);
    });
    const leaf = tensor(x.toArray(), { requiresGrad: true });
    const logits = reshape(leaf, leaf.shape);
    const losses = [0, 0.2].map((labelSmoothing) => crossEntropy(logits, targets, { labelSmoothing }));
    add(losses[0], losses[1]).backward();
    // Added up in another order than two gradients that were rounded apart.
    floats(leaf).forEach((value, i) => {
      expect(value).toBeCloseTo(alone[0][i] + alone[1][i], 6);
    });
  });

  it("an op that says nothing is handed zeros", () => {
    const own = normal(3);
    const run = (): void => {
      const y = record("own", zeros([3]), [own], (dy, [dx], unset) => {
        expect(unset.size).toBe(0);
        dy.forEach((value, i) => {
          if (dx) dx[i] += value;
        });
      });
      sum(y).backward();
    };
    run();
    floatsOf(gradOf(own) as Tensor).fill(7);
    own.zeroGrad();
    run();
    expect(floats(own)).toEqual([1, 1, 1]);
  });

  it("an op that forgets one is told so", () => {
    const y = record("careless", zeros([3]), [normal(3)], () => {}, { overwrites: true });
    expect(() => sum(y).backward()).toThrow("backward: expected careless to write every gradient, got none");
  });

  it("a table that a product overwrites may differ from zero in any row, whoever is first", () => {
    for (const order of ["table first", "product first"]) {
      const table = normal(6, 5);
      sum(embedding([4], table)).backward();
      expect(touchedRowsOf(gradOf(table) as Tensor)).toEqual(new Set([4]));
      table.zeroGrad();
      const parts = [() => embedding([1, 1], table), () => linear(x, table)];
      const [first, second] = order === "table first" ? parts : parts.toReversed();
      add(sum(first()), sum(second())).backward();
      expect(touchedRowsOf(gradOf(table) as Tensor)).toBeNull();
      const each = Array.from({ length: 5 }, (_, j) => {
        let total = 0;
        for (let i = 0; i < 6; i++) total += floatsOf(x)[i * 5 + j];
        return total;
      });
      const expected = Array.from({ length: 30 }, (_, i) => each[i % 5] + (Math.floor(i / 5) === 1 ? 2 : 0));
      floats(table).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 5);
      });
    }
  });
});
