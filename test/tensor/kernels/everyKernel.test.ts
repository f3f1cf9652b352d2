import { describe, expect, it } from "vitest";
import { js, kernels } from "../../../src/tensor/kernels/index.js";
import type { FloatArray } from "../../../src/tensor/storage.js";
import { cases } from "./cases.js";
import { amongOthers, bits, inWasmMemory, numbers, onEverySet } from "./support.js";

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 33, 70];

function operands(name: string, n: number): Float32Array[] {
  const { lengths, positive = [] } = cases[name];
  return lengths(n).map((length, i) => {
    const values = numbers(length, 31 * n + i);
    return positive.includes(i) ? values.map((value) => Math.abs(value) + 0.1) : values;
  });
}

describe("the cases", () => {
  it("cover every kernel", () => {
    const missing = Object.keys(js).filter((kernel) => !Object.keys(cases).some((name) => name.includes(kernel)));
    expect(missing).toEqual([]);
  });
});

onEverySet("every kernel", () => {
  for (const [name, { run, bound = 1e-6 }] of Object.entries(cases)) {
    it(`${name} agrees with the reference in double precision`, () => {
      for (const n of SIZES) {
        const exact: FloatArray[] = operands(name, n).map((values) => Float64Array.from(values));
        const expected = run(js, exact, n);
        const arrays = operands(name, n).map(inWasmMemory);
        const got = run(kernels, arrays, n);
        arrays.forEach((array, i) => {
          array.forEach((value, j) => {
            const difference = Math.abs(value - exact[i][j]) / (1 + Math.abs(exact[i][j]));
            if (!(value === exact[i][j] || difference <= bound)) {
              expect.fail(`n ${n}, array ${i}, element ${j}: expected ${exact[i][j]}, got ${value}`);
            }
          });
        });
        if (typeof expected === "number") expect(got).toBeCloseTo(expected, 5);
      }
    });

    it(`${name} gives the same bits wherever its arrays live, and touches nothing beside them`, () => {
      for (const n of SIZES) {
        const places = [inWasmMemory, (values: Float32Array) => values];
        const results = places.map((place) => {
          const arrays = operands(name, n).map(place);
          return [String(run(kernels, arrays, n)), ...arrays.map(bits)];
        });
        const others = operands(name, n).map(amongOthers);
        const parts = others.map(({ array }) => array);
        results.push([String(run(kernels, parts, n)), ...parts.map(bits)]);
        expect(results[1]).toEqual(results[0]);
        expect(results[2]).toEqual(results[0]);
        expect(others.every(({ areOthersIntact }) => areOthersIntact())).toBe(true);
      }
    });
  }
});
