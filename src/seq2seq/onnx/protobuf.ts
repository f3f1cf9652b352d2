/**
 * The wire format of protocol buffers, as much of it as writing takes: a message is its fields one after another, each a key
 * (number · 8 + wire type) and a value.  (Google, "Protocol Buffers: Encoding")
 *
 * A message is kept in pieces until all of it is there, so that weights are copied once.
 */
export type Pieces = readonly Uint8Array[];

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** No reader takes a message of more bytes than a signed 32-bit number counts. */
const LARGEST = 2 ** 31 - 1;

/** Seven bits a byte, lowest first, the highest bit saying that more follow; a negative number as its 64-bit complement. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...bytes, Number(rest));
}

function key(field: number, type: number): Uint8Array {
  return varint(field * 8 + type);
}

/** int32, int64 or enum */
export function integer(field: number, value: number): Pieces {
  return [key(field, VARINT), varint(value)];
}

/** A repeated int64, one key for each: what ONNX's schema, of the second version of the language, asks for. */
export function integers(field: number, values: readonly number[]): Pieces {
  return values.flatMap((value) => integer(field, value));
}

/** float */
export function float(field: number, value: number): Pieces {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [key(field, FIXED_32), bytes];
}

/** bytes */
export function bytes(field: number, value: Uint8Array): Pieces {
  return [key(field, LENGTH_DELIMITED), varint(value.length), value];
}

/** string */
export function text(field: number, value: string): Pieces {
  return bytes(field, new TextEncoder().encode(value));
}

/** A message inside another. */
export function message(field: number, pieces: Pieces): Pieces {
  return [key(field, LENGTH_DELIMITED), varint(sizeOf(pieces)), ...pieces];
}

/** A whole message as the bytes of a file. Throws `RangeError` on one of 2 GiB or more. */
export function joined(pieces: Pieces): Uint8Array {
  const size = sizeOf(pieces);
  if (size > LARGEST) {
    throw new RangeError(`export: a graph of ${size} bytes cannot be exported, as protocol buffers end at ${LARGEST}`);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function sizeOf(pieces: Pieces): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
