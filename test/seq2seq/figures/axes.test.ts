import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axes, format, logRangeOf, logTicks, rangeOf, ticks } from "../../../src/seq2seq/figures/axes.js";
import { all, parseXml } from "../../support/xml.js";

const anything = fc.double({ min: -1e12, max: 1e12, noNaN: true });

describe("ticks", () => {
  test.each([
    [[0, 7.3], 5, [0, 2, 4, 6]],
    [[0, 1], 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [[0.1, 0.35], 5, [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]],
    [[0, 100_000], 8, [0, 20_000, 40_000, 60_000, 80_000, 100_000]],
    [[-3, 3], 5, [-2, 0, 2]],
    [[4, 4], 5, [4]],
    [[1_000_001, 1_000_003], 5, [1_000_001, 1_000_001.5, 1_000_002, 1_000_002.5, 1_000_003]],
    [[1e15 + 1, 1e15 + 5], 5, [1e15 + 1, 1e15 + 2, 1e15 + 3, 1e15 + 4, 1e15 + 5]],
    [[1e16, 1e16 + 2], 5, [1e16, 1e16 + 2]], // there is no float between them
  ] as const)("of %j, at most %d", (range, most, expected) => {
    expect(ticks(range, most)).toEqual(expected);
  });

  test("lie in their range, evenly, and are few but more than one", () => {
    fc.assert(
      fc.property(anything, fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (low, size) => {
        const range = [low, low + size] as const;
        fc.pre(range[1] - low > 1e-6 * Math.abs(low));
        const found = ticks(range, 5);
        expect(found.length).toBeGreaterThanOrEqual(2);
        expect(found.length).toBeLessThanOrEqual(6);
        expect(found[0]).toBeGreaterThanOrEqual(low - 1e-6 * size);
        expect(found.at(-1)).toBeLessThanOrEqual(range[1] + 1e-6 * size);
      }),
    );
  });
});

test.each([
  [1.0000001, 1.0000004, "1.0000001 1.0000002 1.0000003 1.0000004"],
  [-1_000_004, -1_000_001, "-1,000,004 -1,000,003 -1,000,002 -1,000,001"],
  [1e9 + 1, 1e9 + 4, "1.000000001e+9 1.000000002e+9 1.000000003e+9 1.000000004e+9"],
  [0, 3e-7, "0 1e-7 2e-7 3e-7"],
  [0, 0.35, "0 0.1 0.2 0.3"],
  [0, 25_000, "0 5,000 10,000 15,000 20,000 25,000"],
])("ticks from %d to %d are written with the digits that tell them apart, and no others", (low, high, expected) => {
  expect(ticks([low, high], 5).map(format).join(" ")).toBe(expected);
});

describe("rangeOf", () => {
  test.each([
    [[], [0, 1]],
    [
      [0, 0],
      [0, 1],
    ],
    [[3], [0, 6]],
    [[-3], [-6, 0]],
    [
      [1, 7.3],
      [0, 8],
    ],
    [
      [90, 93],
      [90, 93],
    ],
    [
      [-1, 2.2],
      [-1, 3],
    ],
  ])("of %j is %j", (values, expected) => {
    expect(rangeOf(values)).toEqual(expected);
  });

  test("holds every number", () => {
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1 }), (values) => {
        const [low, high] = rangeOf(values);
        expect(low).toBeLessThanOrEqual(Math.min(...values));
        expect(high).toBeGreaterThanOrEqual(Math.max(...values));
        expect(low).toBeLessThan(high);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("logRangeOf", () => {
  test.each([
    [[], [0.1, 1]],
    [
      [0.003, 40],
      [0.001, 100],
    ],
    [
      [1, 1],
      [1, 10],
    ],
    [[1e-11], [1e-11, 1e-10]],
  ])("of %j is %j", (values, expected) => {
    expect(logRangeOf(values)).toEqual(expected);
  });

  test("holds every number, and has ticks in it that are powers of ten, few but one at least", () => {
    const above0 = fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true });
    fc.assert(
      fc.property(fc.array(above0, { minLength: 1 }), (values) => {
        const [low, high] = logRangeOf(values);
        expect(low).toBeLessThanOrEqual(Math.min(...values));
        expect(high).toBeGreaterThanOrEqual(Math.max(...values));
        expect(low).toBeLessThan(high);
        const found = logTicks([low, high], 5);
        expect(found.length).toBeGreaterThanOrEqual(1);
        expect(found.length).toBeLessThanOrEqual(6);
        expect(found.map(String)).toEqual(found.map((tick) => String(Number(`1e${Math.round(Math.log10(tick))}`))));
        expect(found.every((tick) => tick >= low && tick <= high)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("ticks go by equal factors through 1", () => {
    expect(logTicks([1e-11, 1], 5)).toEqual([1e-9, 1e-6, 1e-3, 1]);
    expect(logTicks([0.01, 10], 5)).toEqual([0.01, 0.1, 1, 10]);
  });
});

test("a logarithmic axis goes up equally far for equal factors", () => {
  const { place, parts } = axes({ left: 0, right: 100, top: 0, bottom: 300 }, [0, 4], [1e-6, 1], { yScale: "log" });
  expect([1e-6, 1e-4, 1e-2, 1].map((y) => Math.round(place(0, y)[1]))).toEqual([300, 200, 100, 0]);
  const numbers = all(parseXml(`<svg>${parts.join("")}</svg>`), "text").map(({ text, attributes }) => [
    text,
    attributes.y,
  ]);
  expect(numbers).toContainEqual(["1e-6", "304"]);
  expect(numbers).toContainEqual(["0.01", "104"]);
});

test("labels of x stand where they are told, instead of numbers", () => {
  const xTicks = [[0.5, "half"], [4, "<four>"]] as const; // biome-ignore format: one line says it
  const { parts } = axes({ left: 0, right: 100, top: 0, bottom: 300 }, [0, 4], [0, 1], { xTicks });
  const below = all(parseXml(`<svg>${parts.join("")}</svg>`), "text").filter(
    ({ attributes }) => attributes.y === "318",
  );
  expect(below.map(({ text, attributes }) => [text, attributes.x])).toEqual([["half", "12.5"], ["<four>", "100"]]); // biome-ignore format: one line says it
});

test("axes place numbers between the edges, and write them with the lines", () => {
  const { place, parts } = axes({ left: 10, right: 110, top: 20, bottom: 220 }, [0, 4], [0, 10_000]);
  expect([place(0, 0), place(4, 10_000), place(1, 2500)]).toEqual([[10, 220], [110, 20], [35, 170]]); // biome-ignore format: one line says it
  const picture = parseXml(`<svg>${parts.join("")}</svg>`);
  const numbers = all(picture, "text").map(({ text, attributes: { x, y } }) => [text, x, y]);
  expect(numbers).toContainEqual(["2,000", "2", "184"]); // beside its line at 180
  expect(all(picture, "line").map(({ attributes: { y1 } }) => y1)).toContain("180");
  expect(numbers.filter(([, , y]) => y === "238").map(([text]) => text)).toEqual(["0", "1", "2", "3", "4"]); // no half steps
});
