import fc from "fast-check";
import { expect, test } from "vitest";
import { logSumExp, topIds } from "../../../src/seq2seq/search/top.js";
import { EOS } from "../../../src/seq2seq/text/vocabulary.js";

test("topIds are the largest of each row from EOS on, the smaller id first among equals", () => {
  const row = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 25 }), (rows, k) => {
      for (const size of [4, 5, 19, 20, 40]) {
        const cut = rows.map((values) => values.slice(0, size));
        const expected = cut.flatMap((values) => {
          const ids = values.map((_, id) => id).slice(EOS);
          return ids.sort((a, b) => values[b] - values[a] || a - b).slice(0, k);
        });
        expect(Array.from(topIds(Float32Array.from(cut.flat()), rows.length, size, k))).toEqual(expected);
      }
    }),
  );
  expect(topIds(new Float32Array(6), 2, 3, 4)).toHaveLength(0);
});

test("topIds find a largest wherever it stands", () => {
  for (let id = EOS; id < 100; id++) {
    const row = new Float32Array(100).fill(-1);
    row[id] = 1;
    expect(Array.from(topIds(row, 1, 100, 2))).toEqual([id, id === EOS ? EOS + 1 : EOS]);
  }
});

test("logSumExp holds for large numbers of either sign, row by row", () => {
  const rows = Float32Array.of(1, 2, 3, 1e4, 1e4, 1e4, -1e4, -1e4, -1e4);
  const [first, large, small] = logSumExp(rows, 3, 3);
  expect(first).toBeCloseTo(Math.log(Math.E + Math.E ** 2 + Math.E ** 3), 7); // terms are as exact as the logits
  expect(large).toBeCloseTo(1e4 + Math.log(3), 9);
  expect(small).toBeCloseTo(-1e4 + Math.log(3), 9);
});
