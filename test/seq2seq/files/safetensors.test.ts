import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../../src/seq2seq/files/safetensors.js";
import { Tensor } from "../../../src/tensor/index.js";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A file with any header (an object, or text as it stands) and any bytes after it. */
function file(header: unknown, body = new Uint8Array(0), length?: bigint): Uint8Array {
  const text = encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

const entry = (shape: unknown, from: unknown, to: unknown, dtype: unknown = "F32") => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

const tensors = {
  "encoder.weight": new Tensor(Float32Array.of(1, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e-45, 6), [2, 3]),
  scalar: new Tensor(Float64Array.of(Math.PI), []),
  empty: new Tensor(new Float32Array(0), [0, 4]),
  '名前 "é"': new Tensor(Float64Array.of(1 / 3, 2 / 3), [2]),
};

describe("encodeSafetensors and decodeSafetensors", () => {
  test("give back names, shapes, types and bits", () => {
    const metadata = { format: "pt", note: "l'été ?" };
    const read = decodeSafetensors(encodeSafetensors({ tensors, metadata }));
    expect(read.metadata).toEqual(metadata);
    expect(Object.keys(read.tensors)).toEqual(Object.keys(tensors));
    for (const [name, { data, shape }] of Object.entries(tensors)) {
      expect(read.tensors[name].shape).toEqual(shape);
      expect(read.tensors[name].data.constructor).toBe(data.constructor);
      expect(Buffer.from(read.tensors[name].data.buffer)).toEqual(Buffer.from(data.buffer));
    }
    expect(decodeSafetensors(encodeSafetensors({ tensors: {}, metadata: {} }))).toEqual({ tensors: {}, metadata: {} });
  });

  test("do so with any names, and from bytes that stand anywhere in a buffer", () => {
    const names = fc.uniqueArray(
      fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("__proto__", "constructor")),
      {
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(names, fc.nat(9), (some, offset) => {
        const made = Object.fromEntries(some.map((name, i) => [name, new Tensor(Float32Array.of(i, i + 1), [2])]));
        const bytes = encodeSafetensors({ tensors: made, metadata: {} });
        const shifted = new Uint8Array(bytes.length + offset);
        shifted.set(bytes, offset);
        const read = decodeSafetensors(shifted.subarray(offset)).tensors;
        expect(Object.keys(read).sort()).toEqual([...some].sort());
        some.forEach((name, i) => {
          expect(Object.getOwnPropertyDescriptor(read, name)!.value.toArray()).toEqual([i, i + 1]);
        });
      }),
    );
  });

  test("a tensor that is read does not share the file's memory", () => {
    const bytes = Buffer.from(encodeSafetensors({ tensors: { a: new Tensor(Float32Array.of(7), [1]) }, metadata: {} }));
    const { a } = decodeSafetensors(bytes).tensors;
    bytes.fill(0);
    expect(a.toArray()).toEqual([7]);
  });

  test("writes the header as the format has it", () => {
    const bytes = encodeSafetensors({ tensors, metadata: { a: "b" } });
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(bytes[8]).toBe("{".charCodeAt(0)); // the format wants no space before it
    expect((8 + length) % 8).toBe(0);
    expect(header).toEqual({
      __metadata__: { a: "b" },
      "encoder.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
      scalar: { dtype: "F64", shape: [], data_offsets: [24, 32] },
      empty: { dtype: "F32", shape: [0, 4], data_offsets: [32, 32] },
      '名前 "é"': { dtype: "F64", shape: [2], data_offsets: [32, 48] },
    });
    expect(bytes).toHaveLength(8 + length + 48);
    expect(new DataView(bytes.buffer).getFloat32(8 + length, true)).toBe(1);
    expect(new DataView(bytes.buffer).getFloat64(8 + length + 24, true)).toBe(Math.PI);
  });

  test("refuses to write a tensor under the name of the metadata", () => {
    const reserved = { __metadata__: new Tensor(Float32Array.of(1), [1]) };
    expect(() => encodeSafetensors({ tensors: reserved, metadata: {} })).toThrow(/^safetensors: .*__metadata__/);
  });
});

describe("encodeSafetensors in 8 bits", () => {
  const header = (bytes: Uint8Array): Record<string, { dtype: string; shape: number[]; data_offsets: number[] }> =>
    JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + new DataView(bytes.buffer).getUint32(0, true))));
  const inEight = (some: Record<string, Tensor>) => encodeSafetensors({ tensors: some, metadata: {} }, { bits: 8 });

  test("writes matrices as whole numbers with a scale a row, and all else as it is", () => {
    const bytes = inEight({
      weight: new Tensor(Float32Array.of(1, -254, 0.4, 0, 0, 0), [2, 3]),
      bias: new Tensor(Float32Array.of(1 / 3), [1]),
      column: new Tensor(Float32Array.of(1, 2), [2, 1]), // a scale for each would take more than they do
      empty: new Tensor(new Float32Array(0), [0, 4]),
      scalar: new Tensor(Float64Array.of(Math.PI), []),
    });
    expect(header(bytes)).toEqual({
      "weight.scale": { dtype: "F32", shape: [2], data_offsets: [0, 8] },
      bias: { dtype: "F32", shape: [1], data_offsets: [8, 12] },
      column: { dtype: "F32", shape: [2, 1], data_offsets: [12, 20] },
      empty: { dtype: "F32", shape: [0, 4], data_offsets: [20, 20] },
      scalar: { dtype: "F64", shape: [], data_offsets: [20, 28] },
      weight: { dtype: "I8", shape: [2, 3], data_offsets: [28, 34] },
    });
    expect([...bytes.subarray(-6)]).toEqual([1, 256 - 127, 0, 0, 0, 0]);
    const { tensors: read } = decodeSafetensors(bytes);
    expect(Object.keys(read).sort()).toEqual(["bias", "column", "empty", "scalar", "weight"]);
    expect(read.weight.toArray()).toEqual([[2, -254, 0], [0, 0, 0]]); // biome-ignore format: rows
    expect([read.bias.toArray(), read.scalar.item()]).toEqual([[Math.fround(1 / 3)], Math.PI]);
  });

  test("no number is off by more than half its row's scale, in either kind of floats and whatever its shape", () => {
    const float = fc.oneof(
      fc.float({ min: Math.fround(-3e38), max: Math.fround(3e38), noNaN: true }),
      fc.float({ min: -1, max: 1, noNaN: true }),
    );
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(shape, fc.gen(), fc.boolean(), ([rows, ...rest], gen, isDouble) => {
        const width = rest[0] * rest[1];
        const numbers = Array.from({ length: rows * width }, () => gen(() => float));
        const weight = new Tensor(isDouble ? Float64Array.from(numbers) : Float32Array.from(numbers), [rows, ...rest]);
        const read = decodeSafetensors(inEight({ weight })).tensors.weight;
        expect([read.shape, read.dtype]).toEqual([weight.shape, weight.dtype]);
        for (let i = 0; i < rows; i++) {
          const row = numbers.slice(i * width, (i + 1) * width);
          const scale = Math.max(...row.map(Math.abs)) / 127;
          const off = row.map((number, j) => Math.abs(number - read.data[i * width + j]));
          expect(Math.max(...off)).toBeLessThanOrEqual(scale * 0.50002 + 1e-43); // products are rounded, too
        }
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  test("nor, by more than rounding, are the least floats that there are, whose scales are rounded themselves", () => {
    const least = 2 ** -149;
    const weight = new Tensor(Float32Array.of(180 * least, -180 * least, 10 * least, 30 * least), [2, 2]);
    const read = decodeSafetensors(inEight({ weight })).tensors.weight;
    expect([...read.data].map((number) => number / least)).toEqual([127, -127, 0, 0]);
  });

  test("what was read of 8 bits is the same when it is written in them again", () => {
    const weight = new Tensor(
      Float32Array.from({ length: 600 }, (_, i) => Math.sin(i * i)),
      [20, 30],
    );
    const once = inEight({ weight });
    const again = inEight({ weight: decodeSafetensors(once).tensors.weight });
    expect(again.subarray(-600)).toEqual(once.subarray(-600));
  });

  test("refuses numbers that are not finite, a name that scales would take, and other bits", () => {
    const wild = new Tensor(Float32Array.of(1, 2, 3, Number.NaN), [2, 2]);
    expect(() => inEight({ "a.b": wild })).toThrow("safetensors: a.b: expected finite numbers, got NaN at 3");
    const weight = new Tensor(Float32Array.of(1, 2), [1, 2]);
    expect(() => inEight({ weight, "weight.scale": weight })).toThrow(
      "safetensors: expected weight.scale to be free for the scales of weight",
    );
    expect(() => encodeSafetensors({ tensors: {}, metadata: {} }, { bits: 4 } as never)).toThrow(
      "safetensors: expected bits to be 8, got 4",
    );
  });
});

describe("decodeSafetensors", () => {
  test("reads a file written by another program: in another order, with spaces, and no metadata", () => {
    const body = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
    const header = `${JSON.stringify({ late: entry([1], 8, 12), early: entry([2, 1], 0, 8) })}   `;
    const { tensors: read, metadata } = decodeSafetensors(file(header, body));
    expect([read.early.toArray(), read.late.toArray(), metadata]).toEqual([[[1], [2]], [3], {}]);
  });

  const eight = new Uint8Array(8);
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  test.each<[string, Uint8Array, RegExp]>([
    ["no bytes", new Uint8Array(0), /expected a header length of 8 bytes, got a file of 0/],
    ["seven bytes", new Uint8Array(7), /got a file of 7/],
    [
      "a header longer than the file",
      file("{}", eight, 11n),
      /expected a header within the file's 18 bytes, got one of 11/,
    ],
    ["a header beyond all bounds", file("{}", eight, 2n ** 64n - 1n), /expected a header within/],
    ["no header", file("", eight), /expected a JSON header/],
    ["a broken header", file("{", eight), /expected a JSON header/],
    ["a header that is not UTF-8", file("{}").fill(0xff, 8), /expected a JSON header/],
    ["a list for a header", file([]), /expected the header to be an object/],
    ["null for a header", file("null"), /expected the header to be an object/],
    ["metadata of numbers", file({ __metadata__: { a: 1 } }), /expected __metadata__ to hold strings only/],
    ["metadata in a list", file({ __metadata__: ["a"] }), /expected __metadata__ to hold strings only/],
    ["a number for a tensor", file({ a: 1 }), /a: expected an object/],
    ["an unknown type", file({ a: entry([2], 0, 8, "I64") }, eight), /a: expected dtype F32, F64 or I8, got "I64"/],
    ["a type that is no text", file(`{"a":{"dtype":${deep}}}`), /a: expected dtype F32, F64 or I8/],
    ["no shape", file({ a: entry(undefined, 0, 8) }, eight), /a: expected a shape of integers/],
    ["a negative size", file({ a: entry([-2], 0, 8) }, eight), /a: expected a shape of integers/],
    ["half a size", file({ a: entry([0.5], 0, 8) }, eight), /a: expected a shape of integers/],
    ["a shape that is very deep", file(`{"a":{"dtype":"F32","shape":${deep}}}`), /a: expected a shape of integers/],
    ["no offsets", file({ a: { dtype: "F32", shape: [2] } }, eight), /a: expected data_offsets/],
    ["three offsets", file({ a: { ...entry([2], 0, 8), data_offsets: [0, 4, 8] } }, eight), /a: expected data_offsets/],
    ["offsets backwards", file({ a: entry([2], 8, 0) }, eight), /a: expected data_offsets/],
    ["too few bytes for a shape", file({ a: entry([3], 0, 8) }, eight), /a: expected 12 bytes for \[3\] F32, got 8/],
    ["too many bytes for a shape", file({ a: entry([1], 0, 8) }, eight), /a: expected 4 bytes/],
    ["a shape beyond all bounds", file({ a: entry([2 ** 52, 2 ** 52], 0, 8) }, eight), /a: expected .* bytes for/],
    [
      "bytes before the first",
      file({ a: entry([1], 4, 8) }, eight),
      /a: expected its bytes to begin at 0, got 4 to 8 of 8/,
    ],
    ["a hole", file({ a: entry([1], 0, 4), b: entry([0], 8, 8) }, eight), /b: expected its bytes to begin at 4/],
    ["an overlap", file({ a: entry([1], 0, 4), b: entry([1], 2, 6) }, eight), /b: expected its bytes to begin at 4/],
    [
      "twice the same bytes",
      file({ a: entry([2], 0, 8), b: entry([2], 0, 8) }, eight),
      /b: expected its bytes to begin/,
    ],
    ["bytes past the end", file({ a: entry([3], 0, 12) }, eight), /a: expected its bytes/],
    [
      "8 bits without scales",
      file({ a: entry([8], 0, 8, "I8") }, eight),
      /a: expected its scales as a\.scale, .* got none/,
    ],
    [
      "8 bits with scales in 8 bits",
      file({ a: entry([4], 0, 4, "I8"), "a.scale": entry([4], 4, 8, "I8") }, eight),
      /a: expected its scales as a\.scale, in F32 or F64, got none/,
    ],
    [
      "scales of other rows",
      file({ a: entry([2, 2], 0, 4, "I8"), "a.scale": entry([1], 4, 8) }, eight),
      /a: expected a scale for each row of \[2, 2\], got scales of \[1\]/,
    ],
    [
      "scales that are no vector",
      file({ a: entry([1, 4], 0, 4, "I8"), "a.scale": entry([1, 1], 4, 8) }, eight),
      /a: expected a scale for each row of \[1, 4\], got scales of \[1, 1\]/,
    ],
    [
      "8 bits of no shape",
      file({ a: entry([], 0, 1, "I8"), "a.scale": entry([], 1, 5) }, eight.subarray(3)),
      /a scale for each row/,
    ],
    ...[Number.NaN, Number.POSITIVE_INFINITY, -1].map((scale): [string, Uint8Array, RegExp] => [
      `a scale of ${scale}`,
      file(
        { "a.scale": entry([1], 0, 4), a: entry([1, 4], 4, 8, "I8") },
        new Uint8Array([...new Uint8Array(Float32Array.of(scale).buffer), 0, 0, 0, 0]),
      ),
      new RegExp(`a: expected finite scales ≥ 0, got ${scale} at 0`),
    ]),
    ["too few bytes for 8 bits", file({ a: entry([9], 0, 8, "I8") }, eight), /a: expected 9 bytes for \[9\] I8, got 8/],
    ["bytes that belong to none", file({ a: entry([1], 0, 4) }, eight), /expected 4 bytes of numbers, got 8/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(/^safetensors: /);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  test("takes __proto__ for a name like any other", () => {
    const read = decodeSafetensors(file(`{"__proto__":${JSON.stringify(entry([2], 0, 8))}}`, eight)).tensors;
    expect(Object.keys(read)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  const matrix = new Tensor(Float32Array.of(1, -2, 3, 4), [2, 2]);
  test.each([
    ["floats", encodeSafetensors({ tensors, metadata: { a: "b" } })],
    ["8 bits", encodeSafetensors({ tensors: { matrix, scalar: tensors.scalar }, metadata: { a: "b" } }, { bits: 8 })],
  ])("fails on every truncated file of %s, and never in another way on a damaged one", (_, whole) => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeSafetensors(whole.subarray(0, length))).toThrow(/^safetensors: /);
    }
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          decodeSafetensors(bytes);
        } catch (error) {
          expect((error as Error).message).toMatch(/^safetensors: /);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("fails in no other way on any JSON for a header", () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({ dtype: fc.constantFrom("F32", "F64", "I8", 1), shape: fc.jsonValue(), data_offsets: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), fc.uint8Array({ maxLength: 16 }), (header, body) => {
        try {
          decodeSafetensors(file(header, body));
        } catch (error) {
          expect((error as Error).message).toMatch(/^safetensors: /);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  ["a zip archive", [0x50, 0x4b, 0x03, 0x04, 0, 0, 8, 8]],
  ["a pickle", [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46]],
])("%s, as PyTorch writes it, is called so, with what converts it", (kind, start) => {
  const bytes = new Uint8Array(1000).fill(7);
  bytes.set(start);
  expect(() => decodeSafetensors(bytes)).toThrow(
    new RegExp(
      `^safetensors: expected a safetensors file, got ${kind}, as PyTorch.*safetensors\\.torch\\.save_file\\(torch\\.load`,
    ),
  );
});

test("a header whose length looks like a pickle is read", () => {
  const long = "x".repeat(0x280 - 100);
  const sizes = Array.from({ length: 200 }, (_, pad) =>
    encodeSafetensors({ tensors: {}, metadata: { long, p: "y".repeat(pad) } }),
  );
  const alike = sizes.find((bytes) => bytes[0] === 0x80 && bytes[1] === 0x02) as Uint8Array;
  expect(decodeSafetensors(alike).metadata.long).toBe(long);
});
