import { describe, expect, it } from "vitest";
import {
  full,
  Generator,
  IntTensor,
  intTensor,
  manualSeed,
  type NestedNumbers,
  ones,
  rand,
  randn,
  Tensor,
  tensor,
  zeros,
} from "../../src/tensor/index.js";

/** What a JavaScript caller may pass in spite of the types. */
const odd = (value: unknown): NestedNumbers => value as NestedNumbers;

describe("tensor", () => {
  it("reads nested arrays of any depth", () => {
    expect(tensor(5).shape).toEqual([]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    const values = [[[1, 2]], [[3, 4]], [[5, 6]]];
    expect(tensor(values).shape).toEqual([3, 1, 2]);
    expect(tensor(values).toArray()).toEqual(values);
    expect(tensor([1, 2, 3, 4], [2, 2]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("copies a typed array, and keeps its precision", () => {
    const values = Float64Array.of(0.1, 0.2);
    const made = tensor(values);
    expect(made.dtype).toBe("float64");
    values[0] = 9;
    expect(made.data[0]).toBe(0.1);
    expect(tensor(Float32Array.of(1, 2), [2, 1]).dtype).toBe("float32");
    expect(tensor(Float64Array.of(0.1), { dtype: "float32" }).data[0]).toBe(Math.fround(0.1));
    expect(tensor([1], [1], { dtype: "float64", requiresGrad: true }).requiresGrad).toBe(true);
  });

  it("refuses what is no full box of numbers", () => {
    expect(() => tensor([[1, 2], [3]])).toThrow(/tensor: expected 2 at depth 1, got an array of 1/);
    expect(() => tensor([[], [1]])).toThrow(/tensor: expected 0 at depth 1, got an array of 1/);
    expect(() => tensor([1, [2]])).toThrow(/tensor: expected a number at depth 1, got an array of 1/);
    expect(() => tensor([[1], 2])).toThrow(/tensor: expected nesting of shape \[2, 1\], got a number at depth 1/);
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow(/tensor: expected 4 values for shape \[2, 2\], got 3/);
    expect(() => tensor([1, 2], [-1, -2])).toThrow(/tensor: expected sizes that are integers ≥ 0, got \[-1, -2\]/);
    for (const wrong of ["1", null, undefined, [1, "2"], [true], [undefined], { length: 1 }]) {
      expect(() => tensor(odd(wrong))).toThrow(/tensor: expected numbers or nested arrays of numbers, got/);
    }
  });

  it("does not change when the shape array it was given does", () => {
    const shape = [2, 3];
    const made = zeros(shape);
    shape[0] = 9;
    expect(made.shape).toEqual([2, 3]);
  });
});

describe("filled tensors", () => {
  it("zeros, ones, full", () => {
    expect(zeros([2, 2]).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(ones([3]).toArray()).toEqual([1, 1, 1]);
    expect(full([], 7).item()).toBe(7);
    expect(zeros([0, 3]).toArray()).toEqual([]);
    expect(zeros([2, 0]).toArray()).toEqual([[], []]);
    expect(() => zeros([1.5])).toThrow(/zeros: expected sizes that are integers ≥ 0, got \[1.5\]/);
    expect(() => ones([-1])).toThrow(RangeError);
  });

  it("random ones come from the given generator, or from the default one", () => {
    for (const make of [rand, randn]) {
      const values = make([50], { generator: new Generator(3) }).toArray();
      expect(make([50], { generator: new Generator(3) }).toArray()).toEqual(values);
      manualSeed(3);
      expect(make([50]).toArray()).toEqual(values);
      expect(make([50]).toArray()).not.toEqual(values);
    }
    expect(rand([1000]).data.every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

describe("Tensor", () => {
  it("has item and toArray", () => {
    expect(tensor([[4]]).item()).toBe(4);
    expect(() => tensor([1, 2]).item()).toThrow(/item: expected a tensor with one element, got shape \[2\]/);
    expect(tensor(3).toArray()).toBe(3);
  });

  it("wraps an array of the right length only", () => {
    const data = new Float32Array(4);
    expect(new Tensor(data, [2, 2]).data).toBe(data);
    expect(() => new Tensor(data, [3], "op")).toThrow(/op: expected 3 values for shape \[3\], got 4/);
  });

  it("zeroGrad needs no gradient", () => {
    const x = tensor([1], { requiresGrad: true });
    x.zeroGrad();
    expect(x.grad).toBeNull();
  });
});

describe("intTensor", () => {
  it("takes nested arrays, an Int32Array or another IntTensor", () => {
    expect(
      intTensor([
        [5, 2],
        [4, 1],
      ]).shape,
    ).toEqual([2, 2]);
    expect(intTensor(7).shape).toEqual([]);
    expect([...intTensor([1, 2, 3, 4], [2, 2]).data]).toEqual([1, 2, 3, 4]);
    const typed = Int32Array.of(1, 2);
    expect(intTensor(typed).data).toBe(typed);
    const made = intTensor(typed, [2, 1]);
    expect(intTensor(made)).toBe(made);
    expect(intTensor(made, [2]).shape).toEqual([2]);
  });

  it("refuses what is no 32-bit integer, and shapes that do not fit", () => {
    for (const wrong of [0.5, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY]) {
      expect(() => intTensor([1, wrong])).toThrow(`intTensor: expected 32-bit integers, got ${wrong}`);
    }
    expect(() => intTensor([[1], [2, 3]])).toThrow(/intTensor: expected 1 at depth 1, got an array of 2/);
    expect(() => intTensor(odd(Float32Array.of(1)))).toThrow(/intTensor: expected numbers or nested arrays/);
    expect(() => intTensor([1, 2], [3])).toThrow(/IntTensor: expected 3 values for shape \[3\], got 2/);
    expect(() => new IntTensor(Int32Array.of(1, 2), [-1, -2])).toThrow(
      /IntTensor: expected sizes that are integers ≥ 0/,
    );
  });
});
