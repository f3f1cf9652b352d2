import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SafetensorsDtype } from "../../../src/seq2seq/files/dtypes.js";
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
    expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, { data, shape }] of Object.entries(tensors)) {
      expect(read.tensors[name].shape).toEqual(shape);
      expect(read.tensors[name].data.constructor).toBe(data.constructor);
      expect(Buffer.from(read.tensors[name].data.buffer)).toEqual(Buffer.from(data.buffer));
    }
    expect(decodeSafetensors(encodeSafetensors({ tensors: {}, metadata: {} }))).toEqual({
      ...{ tensors: {}, metadata: {}, dtypes: {} },
    });
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
      scalar: { dtype: "F64", shape: [], data_offsets: [0, 8] },
      '名前 "é"': { dtype: "F64", shape: [2], data_offsets: [8, 24] },
      "encoder.weight": { dtype: "F32", shape: [2, 3], data_offsets: [24, 48] },
      empty: { dtype: "F32", shape: [0, 4], data_offsets: [48, 48] },
    });
    expect(bytes).toHaveLength(8 + length + 48);
    expect(new DataView(bytes.buffer).getFloat64(8 + length, true)).toBe(Math.PI);
    expect(new DataView(bytes.buffer).getFloat32(8 + length + 24, true)).toBe(1);
  });

  test("refuses to write a tensor under the name of the metadata", () => {
    const reserved = { __metadata__: new Tensor(Float32Array.of(1), [1]) };
    expect(() => encodeSafetensors({ tensors: reserved, metadata: {} })).toThrow(/^safetensors: .*__metadata__/);
  });
});

describe("numbers of every dtype", () => {
  type PlainNumber = number | string;
  interface Golden {
    readonly files: readonly {
      readonly bytes: string;
      readonly metadata: object;
      readonly tensors: Record<string, { dtype: SafetensorsDtype; shape: number[]; numbers: PlainNumber[] }>;
    }[];
    readonly rounds: { readonly numbers: PlainNumber[]; readonly F16: number[]; readonly BF16: number[] };
  }
  const golden: Golden = JSON.parse(readFileSync("test/golden/safetensors.json", "utf8"));
  const one = (x: Tensor, dtype: SafetensorsDtype): Uint8Array =>
    encodeSafetensors({ tensors: { x }, metadata: {}, dtypes: { x: dtype } });
  const bodyOf = (bytes: Uint8Array): ArrayBuffer =>
    bytes.slice(8 + new DataView(bytes.buffer).getUint32(0, true)).buffer as ArrayBuffer;

  test.each(golden.files.map((each) => [each] as const))(
    "are read of PyTorch's files, which are written again byte for byte",
    (each) => {
      const bytes = new Uint8Array(Buffer.from(each.bytes, "base64"));
      const read = decodeSafetensors(bytes);
      expect(read.metadata).toEqual(each.metadata);
      expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(each.tensors).sort());
      for (const [name, { dtype, shape, numbers }] of Object.entries(each.tensors)) {
        const { data, shape: got, dtype: floats } = read.tensors[name];
        const isDouble = ["F64", "I32", "I64"].includes(dtype);
        expect([name, read.dtypes[name], got, floats]).toEqual([name, dtype, shape, isDouble ? "float64" : "float32"]);
        expect([...data]).toEqual(numbers.map(Number));
      }
      expect(Buffer.from(encodeSafetensors(read)).toString("base64")).toBe(each.bytes);
    },
  );

  test.each(["F16", "BF16"] as const)("%s: floats are rounded as PyTorch rounds them", (dtype) => {
    const numbers = golden.rounds.numbers.map(Number);
    const isNaN16 = (bits: number) => (dtype === "F16" ? (bits & 0x7fff) > 0x7c00 : (bits & 0x7fff) > 0x7f80);
    for (const floats of [Float32Array.from(numbers), Float64Array.from(numbers)]) {
      const written = [...new Uint16Array(bodyOf(one(new Tensor(floats, [numbers.length]), dtype)))];
      golden.rounds[dtype].forEach((bits, i) => {
        if (isNaN16(bits)) expect([i, isNaN16(written[i])]).toEqual([i, true]);
        else expect([i, written[i]]).toEqual([i, bits]);
      });
    }
  });

  test.each(["F16", "BF16"] as const)("%s: all floats of 16 bits are read exactly and come back", (dtype) => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
    const bytes = file({ x: entry([2 ** 16], 0, 2 ** 17, dtype) }, new Uint8Array(all.buffer));
    const { x } = decodeSafetensors(bytes).tensors;
    const back = new Uint16Array(bodyOf(one(x, dtype)));
    expect([...all].filter((bits, i) => bits !== back[i] && !Number.isNaN(x.data[i]))).toEqual([]);
    expect([...back].filter((_, i) => Number.isNaN(x.data[i])).every((bits) => bits & 0x7f)).toBe(dtype === "BF16");
    expect([x.data[0x3c00], x.data[0x3f80]]).toEqual(dtype === "F16" ? [1, 1.875] : [2 ** -7, 1]);
  });

  test.each([
    ["I8", [-128, 127], [128, -129, 0.5]],
    ["U8", [0, 255], [-1, 256, Number.NaN]],
    ["I32", [-(2 ** 31), 2 ** 31 - 1], [2 ** 31, -(2 ** 31) - 1, Number.POSITIVE_INFINITY]],
    ["I64", [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], [2 ** 53, -(2 ** 53), 1e300]],
  ] as const)("%s: what is no whole number of its range is refused, and nothing is rounded", (dtype, fine, wrong) => {
    const x = new Tensor(Float64Array.from(fine), [2]);
    expect(decodeSafetensors(one(x, dtype)).tensors.x.toArray()).toEqual([...fine]);
    for (const number of wrong) {
      const bad = new Tensor(Float64Array.of(1, number), [2]);
      expect(() => one(bad, dtype)).toThrow(
        `safetensors: x as ${dtype}: expected whole numbers from ${fine[0]} to ${fine[1]}, got ${number} at 1`,
      );
    }
  });

  test("dtypes that there are not, or of no tensor, are refused", () => {
    const x = new Tensor(Float32Array.of(1), [1]);
    expect(() => one(x, "BOOL" as never)).toThrow(
      'safetensors: x: expected a dtype among F16, BF16, F32, F64, I8, U8, I32, I64, got "BOOL"',
    );
    expect(() => encodeSafetensors({ tensors: { x }, metadata: {}, dtypes: { y: "F16" } })).toThrow(
      "safetensors: expected a tensor y, got its dtype",
    );
  });

  test("stand at multiples of their lengths, whatever the names' order", () => {
    const x = new Tensor(Float32Array.of(1, 2, 3), [3]);
    const dtypes = { a: "U8", b: "F64", c: "F16", d: "I64", e: "F32", f: "I8", g: "BF16", h: "I32" } as const;
    const bytes = encodeSafetensors({
      tensors: Object.fromEntries(Object.keys(dtypes).map((name) => [name, x])),
      ...{ metadata: { some: "text" }, dtypes },
    });
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    for (const [name, dtype] of Object.entries(dtypes)) {
      const width = dtype.endsWith("64") ? 8 : dtype.endsWith("32") ? 4 : dtype.endsWith("16") ? 2 : 1;
      expect((8 + length + header[name].data_offsets[0]) % width).toBe(0);
    }
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
      scalar: { dtype: "F64", shape: [], data_offsets: [0, 8] },
      "weight.scale": { dtype: "F32", shape: [2], data_offsets: [8, 16] },
      bias: { dtype: "F32", shape: [1], data_offsets: [16, 20] },
      column: { dtype: "F32", shape: [2, 1], data_offsets: [20, 28] },
      empty: { dtype: "F32", shape: [0, 4], data_offsets: [28, 28] },
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
    const content = { tensors: { weight, "weight.scale": weight }, metadata: {} };
    expect(() => encodeSafetensors({ ...content, dtypes: { weight: "I8" } })).toThrow("weight.scale to be free");
    expect(encodeSafetensors({ ...content, dtypes: { weight: "U8" } })).toBeInstanceOf(Uint8Array);
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
      /expected a header within the file's 18 bytes, .* got one of 11/,
    ],
    ["a header beyond all bounds", file("{}", eight, 2n ** 64n - 1n), /expected a header within/],
    ["no header", file("", eight), /expected a JSON header/],
    ["a broken header", file("{", eight), /expected a JSON header/],
    ["a header that is not UTF-8", file("{}").fill(0xff, 8), /expected a JSON header/],
    ["a space before the header", file(" {}"), /expected the header to begin with \{, got " "/],
    ["a name twice", file('{"a":1, "a" :2}'), /expected each name once in an object of the header, got a twice/],
    ["a name twice, once in other letters", file('{"a":1,"\\u0061":2}'), /got a twice/],
    ["a string of the metadata twice", file('{"__metadata__":{"k":"{","k":"}"}}'), /got k twice/],
    [
      "two types of one tensor",
      file('{"a":{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,8]}}', eight),
      /got dtype twice/,
    ],
    [
      "a whole number beyond 2^53",
      file({ a: entry([2], 0, 16, "I64") }, new Uint8Array(BigInt64Array.of(1n, 2n ** 53n).buffer)),
      /a in I64: expected whole numbers between -2\^53 and 2\^53, got 9007199254740992 at 1/,
    ],
    ["a list for a header", file([]), /expected the header to be an object/],
    ["null for a header", file("null"), /expected the header to be an object/],
    ["metadata of numbers", file({ __metadata__: { a: 1 } }), /expected __metadata__ to hold strings only/],
    ["metadata in a list", file({ __metadata__: ["a"] }), /expected __metadata__ to hold strings only/],
    ["a number for a tensor", file({ a: 1 }), /a: expected an object/],
    ...["BOOL", "I16", "U16", "U32", "U64", "F8_E4M3", "F8_E5M2", "f32", "__proto__", null].map(
      (dtype): [string, Uint8Array, RegExp] => [
        `the type ${dtype}`,
        file({ a: entry([2], 0, 8, dtype) }, eight),
        new RegExp(`a: expected a dtype among F16, BF16, F32, F64, I8, U8, I32, I64, got ${dtype && `"${dtype}"`}$`),
      ],
    ),
    ["a type that is no text", file(`{"a":{"dtype":${deep}}}`), /a: expected a dtype among/],
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
      "8 bits with scales in 8 bits",
      file({ a: entry([4], 0, 4, "I8"), "a.scale": entry([4], 4, 8, "I8") }, eight),
      /a: expected its scales in F32 or F64, got I8/,
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

  test("reads names that stand once in each of several objects, whatever their strings hold", () => {
    const header = { __metadata__: { dtype: '{"a":1,\\"', shape: "}" }, a: entry([1], 0, 4), b: entry([1], 4, 8) };
    const { tensors: read, metadata } = decodeSafetensors(file(header, eight));
    expect([Object.keys(read), metadata]).toEqual([["a", "b"], header.__metadata__]);
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
      fc.record({
        dtype: fc.constantFrom("F32", "F64", "F16", "I8", "I64", 1),
        shape: fc.jsonValue(),
        data_offsets: fc.jsonValue(),
      }),
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

test.each([
  ["a pickle", [0x80, 0x02]],
  ["a zip archive", [0x50, 0x4b]],
])("a header whose length looks like %s is read", (_, [low, high]) => {
  const long = "x".repeat(low + 256 * high - 100);
  const sizes = Array.from({ length: 200 }, (_, pad) =>
    encodeSafetensors({ tensors: {}, metadata: { long, p: "y".repeat(pad) } }),
  );
  const alike = sizes.find((bytes) => bytes[0] === low && bytes[1] === high) as Uint8Array;
  expect(decodeSafetensors(alike).metadata.long).toBe(long);
});
