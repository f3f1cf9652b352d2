import { describe, expect, test } from "vitest";
import { RealFFT } from "../../../src/seq2seq/audio/fft.js";
import { Generator } from "../../../src/tensor/index.js";

/** The transform as it is defined. */
function plainDFT(x: Float64Array): { real: number[]; imaginary: number[] } {
  const sums = (wave: (angle: number) => number): number[] =>
    Array.from({ length: x.length / 2 + 1 }, (_, k) =>
      x.reduce((sum, value, n) => sum + value * wave((-2 * Math.PI * ((k * n) % x.length)) / x.length), 0),
    );
  return { real: sums(Math.cos), imaginary: sums(Math.sin) };
}

describe("RealFFT", () => {
  test.each([2, 4, 8, 64, 512])("of %i numbers agrees with the plain transform, again and again", (size) => {
    const generator = new Generator(size);
    const fft = new RealFFT(size);
    for (let round = 0; round < 2; round++) {
      const x = Float64Array.from({ length: size }, () => generator.normal());
      const { real, imaginary } = fft.transform(x);
      const expected = plainDFT(x);
      expect(real.length).toBe(size / 2 + 1);
      expect(imaginary.length).toBe(size / 2 + 1);
      for (const [k, value] of expected.real.entries()) expect(real[k]).toBeCloseTo(value, 9);
      for (const [k, value] of expected.imaginary.entries()) expect(imaginary[k]).toBeCloseTo(value, 9);
    }
  });

  test("refuses other sizes", () => {
    for (const size of [0, 1, 3, 12, 2.5, -4, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new RealFFT(size)).toThrow("RealFFT: expected a size that is a power of two from 2 on, got");
    }
    expect(() => new RealFFT(8).transform(new Float64Array(7))).toThrow("RealFFT: expected 8 numbers, got 7");
  });
});
