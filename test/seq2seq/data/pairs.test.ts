import fc from "fast-check";
import { expect, test } from "vitest";
import { EncodedPairs } from "../../../src/seq2seq/data/pairs.js";

test("EncodedPairs gives back every pair, however many there are", () => {
  const sentence = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 400 });
  fc.assert(
    fc.property(fc.array(fc.tuple(sentence, sentence), { maxLength: 200 }), (list) => {
      const pairs = new EncodedPairs();
      for (const [source, target] of list) pairs.push(source, Int32Array.from(target));
      expect(pairs.length).toBe(list.length);
      for (const [i, [source, target]] of list.entries()) {
        expect(pairs.at(i)).toEqual({ source: Int32Array.from(source), target: Int32Array.from(target) });
      }
    }),
    { numRuns: 20 },
  );
});

test("EncodedPairs refuses an index of no pair", () => {
  const pairs = new EncodedPairs();
  pairs.push([1], [2]);
  for (const index of [-1, 1, 0.5, Number.NaN]) {
    const message = `EncodedPairs.at: expected an index from 0 to 0, got ${index}`;
    expect(() => pairs.at(index)).toThrow(new RangeError(message));
  }
});
