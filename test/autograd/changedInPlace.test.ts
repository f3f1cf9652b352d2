import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { add, embedding, exp, mul, record, reshape, sum } from "../../src/autograd/index.js";
import { SGD } from "../../src/optim/index.js";
import { Tensor, tensor } from "../../src/tensor/index.js";
import { floatsOf } from "../../src/tensor/tensor.js";
import { roads } from "../support/changes.js";

const param = (...values: number[]): Tensor => tensor(values, { requiresGrad: true });

describe("floats that a derivative needs", () => {
  it("are missed by name when they have changed, by whatever road, and no gradient is left half done", () => {
    const [w, v] = [param(2, 3), param(5, 7)];
    for (const { change } of roads(w)) {
      const y = sum(add(mul(w, w), v));
      change();
      expect(() => y.backward()).toThrow(
        "backward: mul needs the result of tensor [2] for its derivative, and it was changed in place after mul had used it",
      );
      expect([w.grad, v.grad]).toEqual([null, null]);
    }
  });

  it("may be read in every way", () => {
    const gradient = (w: Tensor, look: (...tensors: Tensor[]) => unknown): unknown => {
      w.zeroGrad();
      const squares = mul(w, w);
      const y = sum(exp(squares));
      look(w, squares, y);
      y.backward();
      return w.grad?.toArray();
    };
    const w = param(2, 3);
    const expected = gradient(w, () => {});
    const look = (...tensors: Tensor[]): unknown =>
      tensors.map((x) => [x.toArray(), inspect(x), reshape(x, [-1]).data.slice(), x.data[0]]);
    for (let i = 0; i < 2; i++) expect(gradient(w, look)).toEqual(expected);
  });

  it("may be written with the same numbers, and changed and changed back", () => {
    const w = param(2, 3);
    const { data } = w;
    const y = sum(mul(w, w));
    data[0] = 100;
    data[0] = 2;
    y.backward();
    expect((w.grad as Tensor).toArray()).toEqual([4, 6]);
  });

  it("are the only ones: what a derivative does not read may change", () => {
    const [w, v] = [param(2, 3), param(5, 7)];
    const y = sum(add(reshape(w, [2, 1]), reshape(v, [2, 1])));
    w.data.fill(9);
    v.data.fill(9);
    y.backward();
    expect((w.grad as Tensor).toArray()).toEqual([1, 1]);
    const table = tensor([[1], [2]], { requiresGrad: true });
    const looked = sum(embedding([1, 1], table));
    table.data.fill(9);
    looked.backward();
    expect((table.grad as Tensor).toArray()).toEqual([[0], [2]]);
  });

  it("do not survive an optimiser's step", () => {
    const w = param(2, 3);
    sum(mul(w, w)).backward();
    const late = sum(mul(w, w));
    new SGD([w], { lr: 0.1 }).step();
    expect(() => late.backward()).toThrow("changed in place");
  });
});

describe("an op of one's own", () => {
  const square = (x: Tensor, saved?: readonly Tensor[]): Tensor => {
    const y = new Tensor(
      floatsOf(x).map((value) => value * value),
      x.shape,
    );
    return record(
      "square",
      y,
      [x],
      (dy, [dx]) =>
        dx?.forEach((_, i) => {
          dx[i] += 2 * x.data[i] * dy[i];
        }),
      saved && { saved },
    );
  };

  it("is taken to need its inputs and results, unless it says what it needs", () => {
    const w = param(2, 3);
    for (const change of [(x: Tensor) => x.data.fill(1), (_: Tensor, y: Tensor) => y.data.fill(1)]) {
      const y = square(w);
      change(w, y);
      expect(() => sum(y).backward()).toThrow("square needs the result of");
      w.data.set([2, 3]);
    }
    const y = square(w, [w]);
    y.data.fill(1);
    sum(y).backward();
    expect((w.grad as Tensor).toArray()).toEqual([4, 6]);
  });

  it("may not give out what stands elsewhere in the graph", () => {
    const w = param(2);
    const x = mul(w, 3);
    const inPlace = (output: Tensor, inputs: Tensor[]) => () => record("inPlace", output, inputs, () => {});
    expect(inPlace(x, [x])).toThrow("record: expected output 0 of inPlace to be new, got one of the inputs");
    expect(inPlace(x, [w])).toThrow("record: expected output 0 of inPlace to be new, got a tensor that has a history");
    expect(inPlace(param(1), [w])).toThrow(
      "record: expected output 0 of inPlace to be new, got a leaf that requires grad",
    );
    sum(x).backward();
    expect((w.grad as Tensor).toArray()).toEqual([3]);
  });
});
