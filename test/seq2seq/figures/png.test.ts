import fc from "fast-check";
import { expect, test } from "vitest";
import { encodePng } from "../../../src/seq2seq/figures/png.js";
import { decodePng } from "../../support/png.js";

test("a PNG gives back its pixels", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.gen(), (width, height, gen) => {
      const pixels = Uint8Array.from({ length: width * height }, () => gen(fc.nat, 255));
      const read = decodePng(encodePng(pixels, width, height));
      expect([read.width, read.height, read.pixels.flat()]).toEqual([width, height, [...pixels]]);
    }),
  );
});

test.each([
  ["one block less a byte", 254, 257],
  ["one block and a byte", 1, 32768],
  ["many blocks", 500, 400],
])("also one of %s", (_, width, height) => {
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => (i * 7919) % 251);
  expect(Buffer.from(decodePng(encodePng(pixels, width, height)).pixels.flat())).toEqual(Buffer.from(pixels));
});
