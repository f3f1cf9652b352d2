import fc from "fast-check";
import { expect, test } from "vitest";
import { logSumExp, topIds } from "../../../src/seq2seq/search/top.js";
import { EOS } from "../../../src/seq2seq/text/vocabulary.js";

test("topIds are the largest from EOS on, the smaller id first among equals", () => {
  const values = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 4, maxLength: 20 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 25 }), fc.nat(3), (row, k, before) => {
      const logits = Float32Array.from([...Array(before).fill(9), ...row, 9]);
      const ids = row.map((_, id) => id).slice(EOS);
      const expected = ids.sort((a, b) => row[b] - row[a] || a - b).slice(0, k);
      expect(topIds(logits, before, row.length, k)).toEqual(expected);
      for (const above of [-3, 0, 2]) {
        expect(topIds(logits, before, row.length, k, above)).toEqual(expected.filter((id) => row[id] > above));
      }
    }),
  );
});

test("logSumExp holds for large numbers of either sign, row by row", () => {
  const rows = Float32Array.of(1, 2, 3, 1e4, 1e4, 1e4, -1e4, -1e4, -1e4);
  const [first, large, small] = logSumExp(rows, 3, 3);
  expect(first).toBeCloseTo(Math.log(Math.E + Math.E ** 2 + Math.E ** 3), 7); // terms are as exact as the logits
  expect(large).toBeCloseTo(1e4 + Math.log(3), 9);
  expect(small).toBeCloseTo(-1e4 + Math.log(3), 9);
});
