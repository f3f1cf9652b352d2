import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "../src/crc32.js";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test("crc32 gives what others publish of it", () => {
  // The check value of the catalogue of CRCs (CRC-32/ISO-HDLC), and Python's zlib.crc32.
  expect(crc32(bytesOf("123456789"))).toBe(0xcbf43926);
  expect(crc32(bytesOf(""))).toBe(0);
  expect(crc32(bytesOf("a"))).toBe(0xe8b7be43);
  expect(crc32(bytesOf("The quick brown fox jumps over the lazy dog"))).toBe(0x414fa339);
  expect(crc32(new Uint8Array(32).fill(255))).toBe(0xff6cab0b);
});

test("crc32 of a whole is that of its parts one after another, and of bytes anywhere in a buffer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(40), (bytes, at) => {
      const cut = Math.min(at, bytes.length);
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crc32(bytes));
    }),
  );
});

test("crc32 is another one after any bit was flipped", () => {
  const bytes = Uint8Array.from({ length: 21 }, (_, i) => i * 7);
  const sums = new Set([crc32(bytes)]);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    sums.add(crc32(flipped));
  }
  expect(sums.size).toBe(1 + bytes.length * 8);
});
