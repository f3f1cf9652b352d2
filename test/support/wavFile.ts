/** What a "fmt " chunk says: by default what 16-bit samples of one channel at 8 kHz need. */
export interface Fmt {
  readonly code?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly bits?: number;
  readonly blockAlign?: number;
  /** A WAVE_FORMAT_EXTENSIBLE of this subformat, its bits valid as given. */
  readonly extensible?: { readonly validBits?: number; readonly guid?: readonly number[] };
}

/** Bytes of a file put together by hand, right or wrong. */
export function bytesOf(...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    Buffer.concat(
      parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Uint8Array.from(part))),
    ),
  );
}

export const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255];
export const u32 = (value: number): number[] => [...u16(value), ...u16(Math.floor(value / 65536))];

/** A chunk with its padding; `size` where its header does not tell the truth. */
export function chunk(id: string, body: Uint8Array | readonly number[], size = body.length): Uint8Array {
  return bytesOf(id, u32(size), body, body.length % 2 === 1 ? [0] : []);
}

export function fmt({ code = 1, channels = 1, rate = 8000, bits = 16, extensible, ...given }: Fmt = {}): Uint8Array {
  const { blockAlign = (channels * bits) / 8 } = given;
  const tag = extensible ? 0xfffe : code;
  const plain = bytesOf(u16(tag), u16(channels), u32(rate), u32(rate * blockAlign), u16(blockAlign), u16(bits));
  if (!extensible) return chunk("fmt ", plain);
  const guid = extensible.guid ?? [...u16(code), 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
  return chunk("fmt ", bytesOf(plain, u16(22), u16(extensible.validBits ?? bits), u32(0), guid));
}

export function riff(...chunks: readonly Uint8Array[]): Uint8Array {
  const body = bytesOf("WAVE", ...chunks);
  return bytesOf("RIFF", u32(body.length), body);
}
