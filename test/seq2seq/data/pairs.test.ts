import fc from "fast-check";
import { expect, test } from "vitest";
import { EncodedPairs, pick } from "../../../src/seq2seq/data/pairs.js";

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

test("EncodedPairs keeps some pairs, changed, in the memory that they are in", () => {
  const sentence = fc.array(fc.nat(99), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(fc.tuple(sentence, sentence, fc.boolean()), { maxLength: 50 }), (list) => {
      const pairs = new EncodedPairs();
      for (const [source, target] of list) pairs.push(source, target);
      const kept = [...list.keys()].filter((i) => list[i][2]);
      pairs.retain(kept, ({ source, target }) => {
        source.reverse();
        for (let t = 0; t < target.length; t++) target[t] += 1000;
      });
      const expected = kept.map((i) => [list[i][0].toReversed(), list[i][1].map((id) => id + 1000)]);
      expect(
        pick(pairs, expected.keys()).map(({ source, target }) => [Array.from(source), Array.from(target)]),
      ).toEqual(expected);
      pairs.push([1], [2, 3]); // and goes on as if it had never been longer
      expect(pairs.at(pairs.length - 1)).toEqual({ source: Int32Array.of(1), target: Int32Array.of(2, 3) });
      expect(pairs.length).toBe(kept.length + 1);
    }),
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
