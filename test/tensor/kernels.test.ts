/** Moving, picking and reducing, against their definitions; and every backward that only moves, as an adjoint. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Generator } from "../../src/tensor/index.js";
import { js } from "../../src/tensor/kernels/index.js";
import { contiguousStrides, numel } from "../../src/tensor/shape.js";

const generator = new Generator(8);
const random = (length: number): Float64Array => Float64Array.from({ length }, () => generator.normal());
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((total, value, i) => total + value * b[i], 0);

describe("addStrided", () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
  const walks = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      out: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: shape.length, maxLength: shape.length }),
      x: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: shape.length, maxLength: shape.length }),
      outAt: fc.integer({ min: 0, max: 3 }),
      xAt: fc.integer({ min: 0, max: 3 }),
    }),
  );

  it("adds element by element along any two walks", () => {
    fc.assert(
      fc.property(walks, ({ shape, out: outStrides, x: xStrides, outAt, xAt }) => {
        const room = (strides: number[], at: number): number =>
          at + 1 + shape.reduce((total, size, d) => total + Math.max(0, size - 1) * strides[d], 0);
        const x = random(room(xStrides, xAt));
        const out = random(room(outStrides, outAt));
        const expected = out.slice();
        const own = contiguousStrides(shape);
        for (let flat = 0; flat < numel(shape); flat++) {
          const index = shape.map((size, d) => Math.floor(flat / own[d]) % size);
          const at = (strides: number[], start: number): number =>
            index.reduce((total, i, d) => total + i * strides[d], start);
          expected[at(outStrides, outAt)] += x[at(xStrides, xAt)];
        }
        js.addStrided(out, { offset: outAt, strides: outStrides }, x, { offset: xAt, strides: xStrides }, shape);
        expect([...out]).toEqual([...expected]);
      }),
    );
  });
});

describe("rows", () => {
  it("gather picks, scatter adds back: ⟨gather x, y⟩ = ⟨x, scatter y⟩", () => {
    const rows = Int32Array.of(3, 0, 3, 4);
    const [x, y] = [random(5 * 2), random(4 * 2)];
    const picked = random(8);
    js.gatherRows(picked, x, rows, 2);
    expect([...picked]).toEqual([...rows].flatMap((row) => [x[row * 2], x[row * 2 + 1]]));
    const spread = new Float64Array(10);
    js.scatterAddRows(spread, y, rows, 2);
    expect(dot(picked, y)).toBeCloseTo(dot(x, spread), 12);
    expect(spread.slice(2, 6)).toEqual(new Float64Array(4)); // rows 1 and 2 were not picked
    js.scatterAddRows(spread, y, rows, 2);
    expect(dot(picked, y) * 2).toBeCloseTo(dot(x, spread), 12);
  });
});

describe("reductions", () => {
  const [outer, n, inner] = [2, 3, 2];
  const x = Float64Array.of(1, 5, 7, 2, 3, 9, -1, -5, -7, -2, -3, -9);

  it("sum adds to what is there", () => {
    const out = new Float64Array(4).fill(100);
    js.sum(out, x, outer, n, inner);
    expect([...out]).toEqual([111, 116, 89, 84]);
  });

  it("max, its places, and its backward", () => {
    const [out, places] = [new Float64Array(4), new Int32Array(4)];
    js.max(out, places, x, outer, n, inner);
    expect([...out]).toEqual([7, 9, -1, -2]);
    expect([...places]).toEqual([1, 2, 0, 1]);
    const dx = new Float64Array(12).fill(10);
    js.maxBackward(dx, Float64Array.of(1, 2, 3, 4), places, outer, n, inner);
    expect([...dx]).toEqual([10, 10, 11, 10, 10, 12, 13, 10, 10, 14, 10, 10]);
  });

  it("sumOfSquares", () => {
    expect(js.sumOfSquares(Float32Array.of(3, 4))).toBe(25);
    expect(js.sumOfSquares(new Float32Array(0))).toBe(0);
    expect(js.sumOfSquares(Float32Array.of(1e30))).toBeCloseTo(1e60, -54); // beyond float32
  });
});

describe("backward kernels add to what is there", () => {
  const [dy, other] = [random(5), random(5)];
  const calls: Record<string, (dx: Float64Array) => void> = {
    addScaled: (dx) => js.addScaled(dx, dy, 2),
    addProduct: (dx) => js.addProduct(dx, dy, other),
    addQuotient: (dx) => js.addQuotient(dx, dy, other),
    divBackwardDivisor: (dx) => js.divBackwardDivisor(dx, dy, other, other),
    sqrtBackward: (dx) => js.sqrtBackward(dx, dy, other),
    powBackward: (dx) => js.powBackward(dx, dy, other, 3),
    tanhBackward: (dx) => js.tanhBackward(dx, dy, other),
    sigmoidBackward: (dx) => js.sigmoidBackward(dx, dy, other),
    reluBackward: (dx) => js.reluBackward(dx, dy, other),
    maskedFillBackward: (dx) => js.maskedFillBackward(dx, dy, Float64Array.of(0, 1, 0, 1, 0)),
    softmaxBackward: (dx) => js.softmaxBackward(dx, dy, other, 1, 5),
    logSoftmaxBackward: (dx) => js.logSoftmaxBackward(dx, dy, other, 1, 5),
    nllBackward: (dx) => js.nllBackward(dx, dy, Int32Array.of(2), 1, 5),
    crossEntropyBackward: (dx) => js.crossEntropyBackward(dx, dy, other, Int32Array.of(2), 1, 5, 0.1, false),
  };
  it.each(Object.entries(calls))("%s", (_, backward) => {
    const [fresh, begun] = [new Float64Array(5), new Float64Array(5).fill(1)];
    backward(fresh);
    backward(begun);
    expect(fresh.some((value) => value !== 0)).toBe(true);
    begun.forEach((value, i) => {
      expect(value).toBeCloseTo(1 + fresh[i], 12);
    });
  });
});

it("affine is scale · x + shift", () => {
  const out = new Float32Array(2);
  js.affine(out, Float32Array.of(3, -1), 2, 0.5);
  expect([...out]).toEqual([6.5, -1.5]);
});
