/** What ops give where the gradient table does not look: corners, NaN, empty sizes, values written out by hand. */
import { describe, expect, it } from "vitest";
import {
  add,
  argmax,
  concat,
  crossEntropy,
  dropout,
  embedding,
  indexSelect,
  linear,
  log,
  logSoftmax,
  maskedFill,
  matmul,
  max,
  mean,
  mul,
  pow,
  relu,
  reshape,
  sigmoid,
  slice,
  softmax,
  sqrt,
  stack,
  sum,
  transpose,
} from "../../src/autograd/index.js";
import { Generator, IntTensor, intTensor, ones, type Tensor, tensor, zeros } from "../../src/tensor/index.js";

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const gradientOf = (at: number, fn: (x: Tensor) => Tensor): number => {
  const leaf = tensor(at, { requiresGrad: true });
  fn(leaf).backward();
  return leaf.grad?.item() ?? Number.NaN;
};

describe("shapes", () => {
  it("reshape works one size out, also where there is nothing", () => {
    expect(reshape(x, [3, -1]).toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(reshape(x, [-1]).shape).toEqual([6]);
    expect(reshape(tensor(7), [1, 1]).toArray()).toEqual([[7]]);
    expect(reshape(zeros([0, 3]), [-1, 3]).shape).toEqual([0, 3]);
    expect(() => reshape(zeros([0, 3]), [0, -1])).toThrow(/reshape: expected a shape of 0 elements/);
    expect(() => reshape(x, [-2, -3])).toThrow(/reshape: expected a shape of 6 elements for \[2, 3\], got \[-2, -3\]/);
    expect(() => reshape(x, [-1, -1])).toThrow(/reshape: expected/);
    expect(() => reshape(x, [4, -1])).toThrow(/got \[4, -1\]/);
    expect(() => reshape(x, [0, -1])).toThrow(/got \[0, -1\]/);
  });

  it("transpose, slice, concat and stack", () => {
    expect(transpose(x, 0, 1).toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(slice(x, 1, -2).toArray()).toEqual([
      [2, 3],
      [5, 6],
    ]);
    expect(slice(x, 1, 2, 1).shape).toEqual([2, 0]);
    expect(slice(x, 0, 1, 99).toArray()).toEqual([[4, 5, 6]]);
    expect(concat([x, slice(x, 0, 0, 0), slice(x, 0, 1)]).toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [4, 5, 6],
    ]);
    expect(stack([tensor([1, 2]), tensor([3, 4])], -1).toArray()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(stack([tensor(1), tensor(2)]).toArray()).toEqual([1, 2]);
  });

  it("indexSelect along every dimension, also of nothing", () => {
    expect(indexSelect(x, 0, [1, 1, 0]).toArray()).toEqual([
      [4, 5, 6],
      [4, 5, 6],
      [1, 2, 3],
    ]);
    expect(indexSelect(x, -1, Int32Array.of(2, 0)).toArray()).toEqual([
      [3, 1],
      [6, 4],
    ]);
    expect(indexSelect(tensor([10, 20, 30]), 0, [2]).toArray()).toEqual([30]);
    expect(indexSelect(x, 1, 2).toArray()).toEqual([[3], [6]]); // a number is an index of one, as in PyTorch
    expect(indexSelect(x, 1, []).shape).toEqual([2, 0]);
    expect(indexSelect(zeros([0, 3]), 1, [1]).shape).toEqual([0, 1]);
    const index = Int32Array.of(1);
    const leaf = tensor([1, 2], { requiresGrad: true });
    const y = indexSelect(leaf, 0, index);
    index[0] = 0; // the caller's buffer is his own again
    sum(y).backward();
    expect(leaf.grad?.toArray()).toEqual([0, 1]);
  });

  it("products over nothing are zeros", () => {
    expect(matmul(zeros([2, 0]), zeros([0, 3])).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(matmul(zeros([0, 2]), zeros([2, 3])).shape).toEqual([0, 3]);
    expect(matmul(zeros([4, 0, 2, 3]), zeros([3, 2])).shape).toEqual([4, 0, 2, 2]);
    expect(linear(zeros([0, 2]), zeros([3, 2]), ones([3])).shape).toEqual([0, 3]);
  });
});

describe("reductions", () => {
  it("sum over some, all or no dimensions", () => {
    expect(sum(x).item()).toBe(21);
    expect(sum(x, 1).toArray()).toEqual([6, 15]);
    expect(sum(x, -2, true).toArray()).toEqual([[5, 7, 9]]);
    expect(sum(x, []).toArray()).toEqual(x.toArray());
    expect(sum(zeros([0, 3]), 0).toArray()).toEqual([0, 0, 0]);
    expect(sum(zeros([0])).item()).toBe(0);
  });

  it("means divide once, at the end: the mean of n ones is 1", () => {
    for (let n = 1; n <= 1000; n++) expect(mean(ones([n])).item()).toBe(1);
    expect(mean(zeros([0])).item()).toBeNaN();
    expect(mean(x, [0, 1], true).toArray()).toEqual([[3.5]]);
  });

  it("sums are kept in double precision: 1e8 and a million ones", () => {
    const long = ones([1_000_001]);
    long.data[0] = 1e8;
    expect(sum(long).item()).toBe(101_000_000);
  });

  it("max and argmax take the first of equals, and NaN before all", () => {
    const ties = tensor(
      [
        [1, 5, 5],
        [Number.NaN, 9, Number.NaN],
      ],
      { requiresGrad: true },
    );
    const largest = max(ties, 1);
    expect(largest.toArray()).toEqual([5, Number.NaN]);
    expect([...argmax(ties, 1).data]).toEqual([1, 0]);
    sum(largest).backward();
    expect(ties.grad?.toArray()).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect([...argmax(x, 0).data]).toEqual([1, 1, 1]);
    expect(argmax(x, 0).shape).toEqual([3]);
    expect(() => max(zeros([2, 0]), 1)).toThrow(/max: expected a dimension with elements, got dimension 1 of \[2, 0\]/);
    expect(max(zeros([0, 2]), 1).shape).toEqual([0]);
  });
});

describe("corners", () => {
  it("derivatives at them are PyTorch's", () => {
    expect(gradientOf(0, relu)).toBe(0);
    expect(gradientOf(0, (at) => pow(at, 0))).toBe(0);
    expect(gradientOf(0, (at) => pow(at, 1))).toBe(1);
    expect(gradientOf(0, (at) => pow(at, 2))).toBe(0);
    expect(gradientOf(0, sqrt)).toBe(Number.POSITIVE_INFINITY);
    expect(gradientOf(-1000, sigmoid)).toBe(0);
    expect(sigmoid(tensor([-1000, 0, 1000])).toArray()).toEqual([0, 0.5, 1]);
  });

  it("NaN stays visible", () => {
    const broken = tensor([Number.NaN, 1]);
    for (const fn of [relu, sigmoid, sqrt, log, softmax, logSoftmax]) expect(fn(broken).data[0]).toBeNaN();
    expect(log(tensor([0, -1])).toArray()).toEqual([Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it("masking with −∞ leaves no trace in a softmax or its gradient", () => {
    const scores = tensor([1, 2, 50], { requiresGrad: true });
    const y = softmax(maskedFill(scores, tensor([0, 0, 1]), Number.NEGATIVE_INFINITY));
    expect(y.data[2]).toBe(0);
    expect(y.data[0] + y.data[1]).toBeCloseTo(1, 6);
    sum(mul(y, tensor([1, 2, 3]))).backward();
    expect(scores.grad?.data[2]).toBe(0);
    expect(scores.grad?.data.every(Number.isFinite)).toBe(true);
  });

  it("cross-entropy and its gradient are as exact at logits of 10,000 as at 0", () => {
    for (const offset of [0, 1e4, -1e4]) {
      const logits = tensor([[0, 1, 3].map((value) => value + offset)], { requiresGrad: true });
      const loss = crossEntropy(logits, [1]);
      loss.backward();
      const total = 1 + Math.E + Math.E ** 3;
      expect(loss.item()).toBeCloseTo(Math.log(total) - 1, 6);
      [1 / total, Math.E / total - 1, Math.E ** 3 / total].forEach((expected, i) => {
        expect(logits.grad?.data[i]).toBeCloseTo(expected, 6);
      });
    }
  });
});

describe("indices", () => {
  it("may be nested arrays, an Int32Array or an IntTensor", () => {
    const weight = tensor([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(embedding([[2, 0]], weight).toArray()).toEqual([
      [
        [3, 3],
        [1, 1],
      ],
    ]);
    expect(embedding(Int32Array.of(1), weight).toArray()).toEqual([[2, 2]]);
    expect(embedding(new IntTensor(Int32Array.of(1, 2), [2, 1]), weight).shape).toEqual([2, 1, 2]);
    expect(embedding([], weight).shape).toEqual([0, 2]);
    expect(crossEntropy(tensor([[2, 0, 0]]), intTensor([0])).item()).toBeCloseTo(0.23959, 4);
  });

  it("mean out the ignored rows", () => {
    const logits = tensor([
      [1, 2],
      [9, -9],
      [3, 1],
    ]);
    const part = crossEntropy(
      tensor([
        [1, 2],
        [3, 1],
      ]),
      [1, 1],
    ).item();
    expect(crossEntropy(logits, [1, -100, 1]).item()).toBe(part);
    expect(crossEntropy(logits, [1, 0, 1], { ignoreIndex: 0 }).item()).toBe(part);
  });
});

describe("dropout", () => {
  it("of whole rows leaves out some of them, and scales the others", () => {
    const dropped = dropout(ones([1000, 3]), 0.25, { wholeRows: true, generator: new Generator(1) });
    const rows = Array.from({ length: 1000 }, (_, r) => [...dropped.data.subarray(3 * r, 3 * r + 3)]);
    for (const row of rows) expect([0, Math.fround(4 / 3)].map((value) => [value, value, value])).toContainEqual(row);
    const left = rows.filter(([value]) => value === 0).length;
    expect(left).toBeGreaterThan(200);
    expect(left).toBeLessThan(300);
  });

  it("keeps the expectation, at the given rate, and is the identity outside training", () => {
    const many = ones([20_000]);
    const dropped = dropout(many, 0.25, { generator: new Generator(1) });
    expect(new Set(dropped.data)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(dropped.data.filter((value) => value === 0).length / 20_000).toBeCloseTo(0.25, 1);
    expect(mean(dropped).item()).toBeCloseTo(1, 1);
    expect(dropout(many, 0.25, { training: false })).toBe(many);
    expect(dropout(many, 0)).toBe(many);
    expect(sum(dropout(many, 1)).item()).toBe(0);
  });
});

it("numbers act as scalars of the other side's kind", () => {
  expect(add(1, tensor([1], { dtype: "float64" })).dtype).toBe("float64");
  expect(add(tensor([1]), 0.1).toArray()).toEqual([Math.fround(1 + Math.fround(0.1))]);
});
