import { crc32, inflateSync } from "node:zlib";
import type { Element } from "./xml.js";

/** The pixels of a grey PNG of 8 bits, as strictly as the figures need. Throws `Error` on what is none. */
export function decodePng(bytes: Uint8Array): { width: number; height: number; pixels: number[][] } {
  const file = Buffer.from(bytes);
  if (file.subarray(0, 8).toString("latin1") !== "\x89PNG\r\n\x1a\n") throw new Error("no PNG");
  const chunks: Record<string, Buffer> = {};
  let at = 8;
  while (at < file.length) {
    const length = file.readUInt32BE(at);
    const named = file.subarray(at + 4, at + 8 + length);
    if (file.readUInt32BE(at + 8 + length) !== crc32(named)) throw new Error("a wrong checksum of a chunk");
    chunks[named.subarray(0, 4).toString("latin1")] = named.subarray(4);
    at += 12 + length;
  }
  if (Object.keys(chunks).join() !== "IHDR,IDAT,IEND") throw new Error(`chunks ${Object.keys(chunks)}`);
  const [width, height] = [chunks.IHDR.readUInt32BE(0), chunks.IHDR.readUInt32BE(4)];
  if (chunks.IHDR.subarray(8).toString("hex") !== "0800000000") throw new Error("not grey in 8 bits");
  const rows = inflateSync(chunks.IDAT); // checks Adler-32
  if (rows.length !== height * (width + 1)) throw new Error(`${rows.length} bytes of ${height} × ${width} pixels`);
  const pixels = Array.from({ length: height }, (_, y) => [...rows.subarray(y * (width + 1), (y + 1) * (width + 1))]);
  if (pixels.some(([filter]) => filter !== 0)) throw new Error("a filter");
  return { width, height, pixels: pixels.map(([, ...row]) => row) };
}

/** The pixels of a picture's `<image>`. */
export function pixelsOf({ attributes }: Element): number[][] {
  const [head, base64] = attributes.href.split(",");
  if (head !== "data:image/png;base64") throw new Error(head);
  return decodePng(Buffer.from(base64, "base64")).pixels;
}
