import type { FloatArray } from "../../tensor/storage.js";

/** How a safetensors file may keep numbers; others that the format knows, such as BOOL, are refused. */
export type SafetensorsDtype = "F16" | "BF16" | "F32" | "F64" | "I8" | "U8" | "I32" | "I64";

/**
 * One way to keep numbers. All are read as the smaller kind of floats that holds each of them exactly, and written where
 * they fit: whole numbers as they are, or not at all, and floats rounded to the nearest, of two the even one.
 */
export interface NumberFormat {
  /** Of one number. */
  readonly bytes: number;
  /** The numbers that these bytes are, which begin at a multiple of 8 in their buffer. Throws `RangeError` on one that no float holds. */
  read(bytes: Uint8Array): FloatArray;
  /** The bytes of these numbers, which stay as they are. Throws `RangeError` on one that does not fit. */
  write(numbers: FloatArray): Uint8Array;
}

type WholeNumbers = Int8Array | Uint8Array | Int32Array;

interface TypedArrayClass<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A;
}

export const FORMATS: Readonly<Record<SafetensorsDtype, NumberFormat>> = {
  F16: shortFloats(fromHalf, toHalf),
  BF16: shortFloats((bits) => floatOf(bits << 16), toBrain),
  F32: {
    bytes: 4,
    read: (bytes) => viewOf(Float32Array, bytes),
    write: (numbers) => bytesOf(numbers instanceof Float32Array ? numbers : Float32Array.from(numbers)),
  },
  F64: {
    bytes: 8,
    read: (bytes) => viewOf(Float64Array, bytes),
    write: (numbers) => bytesOf(numbers instanceof Float64Array ? numbers : Float64Array.from(numbers)),
  },
  I8: wholeNumbers(Int8Array, Float32Array, [-128, 127]),
  U8: wholeNumbers(Uint8Array, Float32Array, [0, 255]),
  I32: wholeNumbers(Int32Array, Float64Array, [-(2 ** 31), 2 ** 31 - 1]),
  I64: {
    bytes: 8,
    read: (bytes) =>
      Float64Array.from(viewOf(BigInt64Array, bytes), (whole, i) => {
        const number = Number(whole);
        if (Number.isSafeInteger(number)) return number;
        throw new RangeError(`expected whole numbers between -2^53 and 2^53, got ${whole} at ${i}`);
      }),
    write: (numbers) => {
      checkWhole(numbers, [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
      return bytesOf(BigInt64Array.from(numbers as Iterable<number>, BigInt));
    },
  },
};

/** Whether this is the name of a way to keep numbers. */
export function isDtype(value: unknown): value is SafetensorsDtype {
  return typeof value === "string" && Object.hasOwn(FORMATS, value);
}

/** In a message. */
export const DTYPES = Object.keys(FORMATS).join(", ");

/** Floats of 16 bits. */
function shortFloats(from: (bits: number) => number, to: (float: number) => number): NumberFormat {
  return {
    bytes: 2,
    read: (bytes) => Float32Array.from(viewOf(Uint16Array, bytes), from),
    write: (numbers) => {
      const shorts = new Uint16Array(numbers.length);
      for (let i = 0; i < numbers.length; i++) shorts[i] = to(numbers[i]);
      return bytesOf(shorts);
    },
  };
}

function wholeNumbers<A extends WholeNumbers>(
  Whole: TypedArrayClass<A> & { from(numbers: ArrayLike<number>): A },
  Floats: typeof Float32Array | typeof Float64Array,
  range: readonly [least: number, most: number],
): NumberFormat {
  return {
    bytes: Whole.BYTES_PER_ELEMENT,
    read: (bytes) => Floats.from(viewOf(Whole, bytes)),
    write: (numbers) => {
      checkWhole(numbers, range);
      return bytesOf(Whole.from(numbers));
    },
  };
}

function checkWhole(numbers: FloatArray, [least, most]: readonly [number, number]): void {
  const wrong = numbers.findIndex((number: number) => !(Number.isInteger(number) && number >= least && number <= most));
  if (wrong < 0) return;
  throw new RangeError(`expected whole numbers from ${least} to ${most}, got ${numbers[wrong]} at ${wrong}`);
}

function viewOf<A>(Kind: TypedArrayClass<A>, bytes: Uint8Array): A {
  return new Kind(bytes.buffer, bytes.byteOffset, bytes.byteLength / Kind.BYTES_PER_ELEMENT);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The bits of a number as a float of 32 bits: one of 64 is rounded to it first, as PyTorch does. */
function bitsOf(float: number): number {
  scratch.setFloat32(0, float);
  return scratch.getUint32(0);
}

function floatOf(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

/** IEEE 754 binary16: a sign, 5 bits of exponent with bias 15, 10 of mantissa. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

function toHalf(float: number): number {
  const bits = bitsOf(float);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // from 65520 on the nearest is infinity
  if (magnitude < 0x38800000) {
    // Below 2^-14 the numbers stand 2^-24 apart: adding 2^-1, near which floats do too, rounds to them.
    return sign | (bitsOf(floatOf(magnitude) + 0.5) - 0x3f000000);
  }
  return sign | (roundedBits(magnitude, 13) - (112 << 10)); // of 127 and 15, the biases
}

/** The upper half of a float of 32 bits. */
function toBrain(float: number): number {
  const bits = bitsOf(float);
  return (bits & 0x7fffffff) > 0x7f800000 ? (bits >>> 16) | 0x40 : roundedBits(bits, 16);
}

/** Bits without the lowest so many, rounded to the nearest, of two the even one. */
function roundedBits(bits: number, dropped: number): number {
  const half = 2 ** (dropped - 1);
  return Math.floor((bits + half - 1 + ((bits >>> dropped) & 1)) / 2 ** dropped);
}
