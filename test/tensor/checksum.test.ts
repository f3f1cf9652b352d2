import { describe, expect, it } from "vitest";
import { checksum } from "../../src/tensor/checksum.js";
import { checksum as inUse } from "../../src/tensor/storage.js";
import { amongOthers, inWasmMemory, numbers, onEverySet } from "./kernels/support.js";

onEverySet("the checksum of floats", () => {
  it("is the plain one's, wherever they live and however many", () => {
    for (const n of [0, 1, 3, 15, 16, 17, 31, 32, 100, 1001]) {
      const floats = numbers(n, n);
      const expected = checksum(floats);
      for (const array of [floats, inWasmMemory(floats), amongOthers(floats).array])
        expect(inUse(array)).toBe(expected);
      expect(Number.isSafeInteger(expected)).toBe(true);
    }
  });

  it("tells every change of one bit, and every swap of two numbers", () => {
    const floats = Float32Array.from({ length: 70 }, (_, i) => Math.sin(i + 1));
    const original = inUse(floats);
    const words = new Int32Array(floats.buffer, floats.byteOffset, floats.length);
    for (let i = 0; i < words.length; i++) {
      for (let bit = 0; bit < 32; bit++) {
        words[i] ^= 1 << bit;
        expect(inUse(floats)).not.toBe(original);
        words[i] ^= 1 << bit;
      }
      for (let j = 0; j < i; j++) {
        [words[i], words[j]] = [words[j], words[i]];
        expect(inUse(floats)).not.toBe(original);
        [words[i], words[j]] = [words[j], words[i]];
      }
    }
  });

  it("tells negated pairs, shifted rows, and zeros from negative zeros", () => {
    const floats = numbers(64, 2);
    const variants = [
      floats,
      floats.map((value, i) => (i === 3 || i === 19 ? -value : value)),
      floats.map((_, i) => floats[(i + 16) % 64]),
      new Float32Array(64),
      new Float32Array(64).fill(-0),
      new Float32Array(65),
    ];
    expect(new Set(variants.map(inUse)).size).toBe(variants.length);
  });
});

describe("in double precision", () => {
  it("counts both halves of a number", () => {
    expect(inUse(Float64Array.of(1, 2))).not.toBe(inUse(Float64Array.of(1, 2 + 2 * Number.EPSILON)));
  });
});
