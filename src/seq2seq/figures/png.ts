import { crc32 } from "../../crc32.js";

/** What a PNG file begins with (W3C, PNG third edition, 5.2). */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** The most bytes that a stored block holds. */
const BLOCK = 0xffff;

/**
 * Grey pixels, 0 black to 255 white, row by row from the top, as the bytes of a PNG file. They are stored as they are, not
 * compressed: pages have no zlib that answers at once, and a figure is small.
 * (W3C, PNG third edition; RFC 1950, zlib; RFC 1951, section 3.2.4, stored blocks)
 *
 * @example
 * encodePng(Uint8Array.of(0, 255), 2, 1); // a black pixel and a white one beside it
 */
export function encodePng(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8; // bits a pixel; the four zeros after it say grey, deflate, filters by row, no interlacing
  const rows = new Uint8Array(height * (width + 1)); // before each row the number of its filter, 0: none
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return joined([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", stored(rows)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Length, name, data, and the checksum of name and data (5.3). */
function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** A zlib stream of stored blocks: two bytes, the blocks, the Adler-32 checksum. */
function stored(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let from = 0; from < data.length || from === 0; from += BLOCK) {
    const block = data.subarray(from, from + BLOCK);
    const { length } = block;
    const isLast = from + BLOCK >= data.length ? 1 : 0;
    parts.push(Uint8Array.of(isLast, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255), block);
  }
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, adler32(data));
  return joined([...parts, checksum]);
}

/** Two sums modulo the largest prime below 2¹⁶, the second of the first's values (RFC 1950, section 9). */
function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
