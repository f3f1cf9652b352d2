import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultGenerator, Generator, type GeneratorState, manualSeed } from "../../src/tensor/index.js";

const draws = (generator: Generator, count: number): number[] => Array.from({ length: count }, () => generator.bits());

describe("xoshiro128**", () => {
  it("gives the published numbers from the state 1, 2, 3, 4", () => {
    // The test vector of the reference implementation, as in rand_xoshiro.
    const expected = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(draws(new Generator().setState([1, 2, 3, 4]), 10)).toEqual(expected);
  });

  it("goes on exactly where a saved state stood", () => {
    const generator = new Generator(5);
    draws(generator, 100);
    const saved = generator.getState();
    const next = draws(generator, 50);
    expect(draws(new Generator(99).setState(saved), 50)).toEqual(next);
    expect(draws(new Generator(0).setState(JSON.parse(JSON.stringify(saved))), 50)).toEqual(next);
    expect(generator.getState()).not.toEqual(saved);
  });

  it("refuses states that are none", () => {
    for (const state of [
      [0, 0, 0, 0],
      [1, 2, 3],
      [1, 2, 3, -1],
      [1, 2, 3, 2 ** 32],
      [1, 2, 3, 0.5],
    ]) {
      expect(() => new Generator().setState(state as unknown as GeneratorState)).toThrow(
        /setState: expected four unsigned 32-bit words, not all zero, got/,
      );
    }
  });
});

describe("seeds", () => {
  it("give the same numbers again, and other seeds others", () => {
    const seeds = [0, 1, 2, -1, 2 ** 31, 2 ** 32, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const first = seeds.map((seed) => draws(new Generator(seed), 4).join());
    expect(seeds.map((seed) => draws(new Generator(7).manualSeed(seed), 4).join())).toEqual(first);
    expect(new Set(first).size).toBe(seeds.length);
    for (const seed of [0.5, Number.NaN, 2 ** 53]) {
      expect(() => new Generator(seed)).toThrow(`manualSeed: expected an integer, got ${seed}`);
    }
  });

  it("stay what they are: a run of today can be repeated with a later version", () => {
    expect(draws(new Generator(0), 3)).toEqual([1789933344, 44971166, 2521387044]);
    expect(draws(new Generator(42), 3)).toEqual([660444221, 3652823732, 77672526]);
  });

  it("manualSeed seeds the default generator", () => {
    expect(manualSeed(12)).toBe(defaultGenerator);
    expect(draws(defaultGenerator, 5)).toEqual(draws(new Generator(12), 5));
  });
});

describe("distributions", () => {
  const count = 100_000;

  it("random is uniform in [0, 1)", () => {
    const generator = new Generator(1);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < count; i++) {
      const value = generator.random();
      expect(value >= 0 && value < 1 && Math.fround(value) === value).toBe(true);
      bins[Math.floor(value * 10)]++;
    }
    // χ² with 9 degrees of freedom; 27.9 is exceeded once in 1,000 seeds, and this one is fixed.
    const expected = count / 10;
    expect(bins.reduce((total, bin) => total + (bin - expected) ** 2 / expected, 0)).toBeLessThan(27.9);
  });

  it("normal has the moments of the standard normal", () => {
    const generator = new Generator(2);
    const values = Array.from({ length: count }, () => generator.normal());
    const moment = (power: number): number => values.reduce((total, value) => total + value ** power, 0) / count;
    expect(values.every(Number.isFinite)).toBe(true);
    [0, 1, 0, 3].forEach((expected, i) => {
      expect(Math.abs(moment(i + 1) - expected)).toBeLessThan(0.06);
    });
    const within = values.filter((value) => Math.abs(value) < 1).length / count;
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.005);
  });

  it("integer is uniform, and stays below its limit", () => {
    const generator = new Generator(3);
    const bins = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) bins[generator.integer(7)]++;
    expect(bins.reduce((total, bin) => total + (bin - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5); // χ², 6 degrees
    expect(generator.integer(1)).toBe(0);
    expect(generator.integer(2 ** 32)).toBeLessThan(2 ** 32);
    // Without the rejection of what is left over, two thirds of 2^32 would favour its lower half.
    const limit = 2 ** 31 + 2 ** 30;
    let low = 0;
    for (let i = 0; i < 10_000; i++) if (generator.integer(limit) < limit / 2) low++;
    expect(Math.abs(low / 10_000 - 0.5)).toBeLessThan(0.02);
    for (const wrong of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
      expect(() => generator.integer(wrong)).toThrow(`integer: expected a limit from 1 to 2^32, got ${wrong}`);
    }
  });

  it("shuffle permutes, in place, and every order comes equally often", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const shuffled = new Generator(seed).shuffle([...items]);
        expect(shuffled.toSorted()).toEqual(items.toSorted());
      }),
    );
    const generator = new Generator(4);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = generator.shuffle([1, 2, 3]).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const times of orders.values()) expect(Math.abs(times - 1000)).toBeLessThan(150);
    const typed = Int32Array.of(1, 2, 3);
    expect(generator.shuffle(typed)).toBe(typed);
  });
});
