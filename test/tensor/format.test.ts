import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { intTensor, scope, type Tensor, tensor, zeros } from "../../src/tensor/index.js";
import { isExposed } from "../../src/tensor/tensor.js";

describe("a tensor as text", () => {
  it("shows the numbers as they are nested", () => {
    const square = [
      [1, 2],
      [3, 4],
    ];
    expect(String(tensor(square))).toBe("tensor([[1, 2], [3, 4]])");
    expect(String(intTensor(square))).toBe("intTensor([[1, 2], [3, 4]])");
    expect([5, [], [[], []]].map((values) => String(tensor(values)))).toEqual([
      "tensor(5)",
      "tensor([])",
      "tensor([[], []])",
    ]);
  });

  it("rounds to what a float32 has to tell, and keeps integers exact", () => {
    expect(String(tensor([0.1, -1 / 3, 12345678, 1.5e-9, Number.NaN, Number.NEGATIVE_INFINITY]))).toBe(
      "tensor([0.1, -0.33333, 12345678, 1.5e-9, NaN, -Infinity])",
    );
    expect(String(intTensor([2147483647]))).toBe("intTensor([2147483647])");
  });

  it("leaves out the middle of long dimensions, and says the shape then", () => {
    const row = Array.from({ length: 9 }, (_, i) => i);
    expect(String(intTensor(row))).toBe("intTensor([0, 1, 2, …, 6, 7, 8], shape [9])");
    expect(String(tensor([row, row]))).toBe("tensor([[0, 1, 2, …, 6, 7, 8], [0, 1, 2, …, 6, 7, 8]], shape [2, 9])");
    expect(String(zeros([1000, 1000])).length).toBeLessThan(300);
  });

  it("is what Node prints, wherever it stands", () => {
    expect(inspect(tensor([1, 2]))).toBe("tensor([1, 2])");
    expect(inspect({ ids: intTensor([1, 2]) })).toBe("{ ids: intTensor([1, 2]) }");
  });

  it("takes no floats, and does not fail once their scope has ended", () => {
    const kept = tensor([1]);
    expect(inspect(kept)).toBe("tensor([1])");
    expect(isExposed(kept)).toBe(false);
    let ended: Tensor | undefined;
    scope(() => {
      ended = zeros([2, 3]);
    });
    expect(inspect(ended)).toBe("tensor(shape [2, 3], was made inside a scope that has ended)");
  });
});

describe("an IntTensor", () => {
  it("gives its numbers as a Tensor does", () => {
    const values = [[[1, 2]], [[3, 4]]];
    expect(intTensor(values).toArray()).toEqual(values);
    expect([intTensor(7).toArray(), intTensor(7).item(), intTensor([[7]]).item()]).toEqual([7, 7, 7]);
    expect(() => intTensor([1, 2]).item()).toThrow(
      new RangeError("item: expected a tensor with one element, got shape [2]"),
    );
  });
});
