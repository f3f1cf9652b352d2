import { describe, expect, it } from "vitest";
import { add, gru, linear, matmul, mul, record, relu, slice, stack, sum, tanh } from "../../src/autograd/index.js";
import { type Tensor, tensor } from "../../src/tensor/index.js";
import { collectGarbage } from "../support/collect.js";
import { leaf } from "../support/leaves.js";

const param = (values: number[] | number[][]): Tensor => tensor(values, { requiresGrad: true });
const gradient = (x: Tensor) => x.grad?.toArray();

describe("backward adds up", () => {
  it("over every use of a value (fan-out)", () => {
    const x = param([2, 3]);
    const y = mul(x, x); // used three times
    sum(add(add(y, mul(y, 10)), mul(y, y))).backward(); // 11 x² + x⁴
    expect(gradient(x)).toEqual([22 * 2 + 4 * 8, 22 * 3 + 4 * 27]);
  });

  it("over aliased inputs of one op", () => {
    const x = param([1, -2]);
    sum(mul(x, x)).backward();
    expect(gradient(x)).toEqual([2, -4]);
    const y = param([1, 2]);
    sum(mul(stack([y, y, y]), tensor([[1], [10], [100]]))).backward();
    expect(gradient(y)).toEqual([111, 111]);
  });

  it("over a diamond whose arms differ in length", () => {
    const x = param([1]);
    const y = mul(x, 2);
    let long = y;
    for (let i = 0; i < 10; i++) long = add(long, 1);
    sum(mul(long, y)).backward(); // (2x + 10) · 2x
    expect(gradient(x)).toEqual([8 + 20]);
  });

  it("over weights shared between layers", () => {
    const w = param([[2]]);
    const x = tensor([[3]]);
    sum(linear(linear(x, w), w)).backward(); // w² x
    expect(gradient(w)).toEqual([[12]]);
  });

  it("over two backward calls, until zeroGrad", () => {
    const x = param([1, 2]);
    sum(mul(x, 3)).backward();
    sum(mul(x, 4)).backward();
    expect(gradient(x)).toEqual([7, 7]);
    x.zeroGrad();
    expect(x.grad).toBeNull();
    sum(mul(x, 5)).backward();
    expect(gradient(x)).toEqual([5, 5]);
  });

  it("on a leaf itself, whose derivative by itself is 1", () => {
    const x = param([1, 2]);
    x.backward(tensor([3, 4]));
    x.backward(tensor([1, 1]));
    expect(gradient(x)).toEqual([4, 5]);
    expect(() => x.backward()).toThrow("backward: expected a gradient of shape [2] (a scalar may omit it), got none");
    const scalar = tensor(3, { requiresGrad: true });
    scalar.backward();
    expect(scalar.grad?.item()).toBe(1);
  });

  it("starting from a given gradient", () => {
    const x = param([1, 2]);
    mul(x, 3).backward(tensor([1, 10]));
    expect(gradient(x)).toEqual([3, 30]);
  });
});

describe("an op with several outputs", () => {
  const weights = { weightIh: leaf(6, 3), weightHh: leaf(6, 2), biasIh: leaf(6), biasHh: leaf(6) };

  it("may have any of them used, alone or together", () => {
    const x = leaf(4, 2, 3);
    const gradients = (use: (output: Tensor, hN: Tensor) => Tensor): number[] => {
      x.grad = null;
      use(...gru(x, null, weights)).backward();
      return [...(x.grad as unknown as Tensor).data];
    };
    const [first, second, both] = [
      gradients((output) => sum(output)),
      gradients((_, hN) => sum(hN)),
      gradients((output, hN) => add(sum(output), sum(hN))),
    ];
    both.forEach((value, i) => {
      expect(value).toBeCloseTo(first[i] + second[i], 12);
    });
    expect(first).not.toEqual(second);
  });

  it("is freed as a whole", () => {
    const [output, hN] = gru(leaf(4, 2, 3), null, weights);
    sum(hN).backward();
    expect(() => sum(output).backward()).toThrow(/history of the result of gru was freed/);
  });
});

it("asks no op for a gradient that nobody wants", () => {
  const wanted: boolean[][] = [];
  const probe = (a: Tensor, b: Tensor | null): Tensor =>
    record("probe", tensor([1]), [a, b], (_, dxs) => {
      wanted.push(dxs.map((dx) => dx !== null));
    });
  probe(param([1]), tensor([1])).backward();
  probe(tensor([1]), param([1])).backward();
  probe(param([1]), null).backward();
  expect(wanted).toEqual([
    [true, false],
    [false, true],
    [true, false],
  ]);
  expect(probe(tensor([1]), null).requiresGrad).toBe(false);
});

describe("backward refuses", () => {
  it("a history that was freed, naming the op", () => {
    const x = param([1, 2]);
    const shared = tanh(x);
    const loss = sum(shared);
    loss.backward();
    expect(() => loss.backward()).toThrow(
      /backward: the history of the result of \w+ was freed by an earlier backward/,
    );
    expect(() => sum(mul(shared, 2)).backward()).toThrow(/the result of tanh was freed/);
    expect(x.grad?.data[1]).toBeCloseTo(1 - Math.tanh(2) ** 2, 6); // the refused calls added nothing
  });

  it("to guess the gradient of anything but a scalar", () => {
    const y = mul(param([1, 2]), 2);
    expect(() => y.backward()).toThrow(/backward: expected a gradient of shape \[2\].*got none/);
    expect(() => y.backward(tensor([1]))).toThrow(/expected a gradient of shape \[2\].*got one of shape \[1\]/);
    y.backward(tensor([1, 1])); // a refused call has freed nothing
  });

  it("a tensor that nothing with a gradient went into", () => {
    expect(() => sum(tensor([1])).backward()).toThrow(/backward: no history on the result of sum \[\]/);
    expect(() => tensor([1]).backward()).toThrow(/no history on the result of tensor \[1\]/);
  });
});

it("walks 200,000 chained ops", () => {
  const x = param([1]);
  let y = x;
  for (let i = 0; i < 200_000; i++) y = add(y, x);
  y.backward();
  expect(gradient(x)).toEqual([200_001]);
});

it("lets go of what a step made, once backward has run", async () => {
  const w = param([[0.5, 0.5]]);
  const step = (): [Tensor, WeakRef<object>[]] => {
    const hidden = tanh(matmul(tensor([[1], [2]]), w));
    const positive = relu(hidden);
    const loss = sum(positive);
    return [loss, [new WeakRef(hidden), new WeakRef(positive), new WeakRef(positive.data.buffer)]];
  };
  const [kept, held] = step();
  await collectGarbage();
  expect(held.map((ref) => ref.deref() !== undefined)).toEqual([true, true, expect.anything()]);
  kept.backward();
  await collectGarbage();
  expect(held.slice(0, 2).map((ref) => ref.deref())).toEqual([undefined, undefined]);
  expect(slice(w, 0, 0).shape).toEqual([1, 2]); // the leaf and its gradient are still there
  expect(w.grad).not.toBeNull();
});
