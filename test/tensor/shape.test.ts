import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, sum } from "../../src/autograd/index.js";
import { ones, tensor } from "../../src/tensor/index.js";
import {
  broadcastShapes,
  broadcastStrides,
  checkShape,
  contiguousStrides,
  formatShape,
  normalizeDim,
  numel,
  sameShape,
} from "../../src/tensor/shape.js";

const shape = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });

/** A shape, and another that broadcasts to it: some sizes 1, some leading ones missing. */
const stretchable = fc
  .tuple(shape, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.nat(4))
  .map(
    ([to, ones, missing]) =>
      [to, to.map((size, d) => (ones[d] ? 1 : size)).slice(Math.min(missing, to.length))] as const,
  );

describe("broadcasting", () => {
  it("gives the same shape from either side, and leaves what is large enough", () => {
    fc.assert(
      fc.property(stretchable, ([to, from]) => {
        expect(broadcastShapes("op", to, from)).toEqual(to);
        expect(broadcastShapes("op", from, to)).toEqual(to);
      }),
    );
  });

  it("reads each element where its index leads, and its adjoint counts how often", () => {
    fc.assert(
      fc.property(stretchable, ([to, from]) => {
        const small = tensor(
          Float64Array.from({ length: numel(from) }, (_, i) => i),
          from,
          { requiresGrad: true },
        );
        const stretched = add(small, tensor(new Float64Array(numel(to)), to));
        const own = contiguousStrides(to);
        const strides = broadcastStrides(from, to);
        stretched.data.forEach((value, flat) => {
          const at = to.reduce((total, size, d) => total + (Math.floor(flat / own[d]) % size) * strides[d], 0);
          expect(value).toBe(at);
        });
        sum(stretched).backward();
        expect(small.grad?.data.every((value) => value === numel(to) / numel(from))).toBe(true);
      }),
    );
  });

  it("lets 0 stretch from 1, and refuses other sizes that differ", () => {
    expect(broadcastShapes("op", [3, 1], [0])).toEqual([3, 0]);
    expect(add(ones([3, 1]), ones([0])).shape).toEqual([3, 0]);
    expect(() => broadcastShapes("op", [2, 3], [2])).toThrow(
      /^op: expected shapes that broadcast.*got \[2, 3\] and \[2\]$/,
    );
    expect(() => broadcastShapes("op", [0], [2])).toThrow(RangeError);
  });
});

it("strides walk row by row", () => {
  expect(contiguousStrides([2, 3, 4])).toEqual([12, 4, 1]);
  expect(contiguousStrides([])).toEqual([]);
  fc.assert(
    fc.property(shape, (sizes) => {
      const last = sizes.reduce((total, size, d) => total + (size - 1) * contiguousStrides(sizes)[d], 0);
      expect(last).toBe(numel(sizes) - 1);
    }),
  );
});

it("dimensions count from either end", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: -9, max: 9 }), (rank, dim) => {
      if (dim >= -rank && dim < rank) expect(normalizeDim("op", dim, rank)).toBe((dim + rank) % rank);
      else
        expect(() => normalizeDim("op", dim, rank)).toThrow(
          `op: expected a dimension from ${-rank} to ${rank - 1}, got ${dim}`,
        );
    }),
  );
  expect(() => normalizeDim("op", 0.5, 2)).toThrow(RangeError);
  expect(() => normalizeDim("op", Number.NaN, 2)).toThrow(RangeError);
  expect(() => normalizeDim("op", -1, 0)).toThrow(/op: expected a tensor with dimensions, got a scalar/);
});

it("small helpers", () => {
  expect(numel([])).toBe(1);
  expect(numel([2, 0, 3])).toBe(0);
  expect(formatShape([2, 3])).toBe("[2, 3]");
  expect(sameShape([2, 3], [2, 3])).toBe(true);
  expect(sameShape([2], [2, 1])).toBe(false);
  for (const bad of [[-1], [1.5], [Number.NaN], [2, Number.POSITIVE_INFINITY]]) {
    expect(() => checkShape("op", bad)).toThrow(/op: expected sizes that are integers ≥ 0, got/);
  }
});
