import { show } from "../../show.js";
import { rateOption } from "./checks.js";

/** What a file's "fmt " chunk says of its samples. */
export interface WavFormat {
  readonly sampleRate: number;
  readonly numChannels: number;
  /** Bytes of one sample. */
  readonly width: number;
  /** The sample that begins at a byte, of 1 at full scale. */
  readonly read: (view: DataView, at: number) => number;
}

const PCM = 1;
const IEEE_FLOAT = 3;
/** The code stands further on, in a GUID whose other bytes are these. */
const EXTENSIBLE = 0xfffe;
const GUID_END = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71];

/** By bits of a sample. Those of 8 bits are unsigned, and all others signed. */
const READERS: Readonly<Record<number, Readonly<Record<number, WavFormat["read"]>>>> = {
  [PCM]: {
    8: (view, at) => (view.getUint8(at) - 128) / 2 ** 7,
    16: (view, at) => view.getInt16(at, true) / 2 ** 15,
    24: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23,
    32: (view, at) => view.getInt32(at, true) / 2 ** 31,
  },
  [IEEE_FLOAT]: {
    32: (view, at) => view.getFloat32(at, true),
    64: (view, at) => view.getFloat64(at, true),
  },
};

/** Other codes that are met with, as the registry of RFC 2361 has them. */
const CODECS: Readonly<Record<number, string>> = {
  2: "Microsoft ADPCM",
  6: "A-law",
  7: "µ-law",
  17: "IMA ADPCM",
  49: "GSM 6.10",
  80: "MPEG",
  85: "MP3",
  255: "AAC",
};

/** Reads a "fmt " chunk. What is wrong with it is told to `fail`. */
export function readFormat(chunk: Uint8Array, fail: (fault: string) => never): WavFormat {
  if (chunk.length < 16) return fail(`expected a "fmt " chunk of at least 16 bytes, got ${chunk.length}`);
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const numChannels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockAlign = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  const code = view.getUint16(0, true) === EXTENSIBLE ? extendedCode(view, fail) : view.getUint16(0, true);

  const readers = READERS[code];
  if (!readers) {
    const codec = CODECS[code] ? ` (${CODECS[code]})` : "";
    return fail(`expected PCM or IEEE float samples (format 1 or 3), got format ${code}${codec}`);
  }
  const read = readers[bits];
  if (!read) {
    const kind = code === PCM ? "PCM samples of 8, 16, 24 or 32 bits" : "float samples of 32 or 64 bits";
    return fail(`expected ${kind}, got ${bits}`);
  }
  if (numChannels === 0) return fail("expected at least one channel, got 0");
  if (!rateOption.accepts(sampleRate)) return fail(`expected a sampling rate of 100 to 1000000 Hz, got ${sampleRate}`);
  const width = bits / 8;
  if (blockAlign !== numChannels * width) {
    const expected = `${numChannels * width} bytes for ${numChannels} channels of ${bits} bits`;
    return fail(`expected a block align of ${expected}, got ${blockAlign}`);
  }
  return { sampleRate, numChannels, width, read };
}

/** The code in WAVE_FORMAT_EXTENSIBLE. Samples of fewer valid bits stand in the upper bits, so that nothing changes for them. */
function extendedCode(view: DataView, fail: (fault: string) => never): number {
  if (view.byteLength < 40) return fail(`expected an extensible "fmt " chunk of 40 bytes, got ${view.byteLength}`);
  const [bits, validBits] = [view.getUint16(14, true), view.getUint16(18, true)];
  if (validBits > bits) return fail(`expected at most ${bits} valid bits in samples of ${bits}, got ${validBits}`);
  const guid = Array.from({ length: 16 }, (_, i) => view.getUint8(24 + i));
  if (GUID_END.some((byte, i) => guid[i + 2] !== byte)) {
    return fail(`expected a subformat that is a format's code, got the GUID of bytes ${show(guid)}`);
  }
  return view.getUint16(24, true);
}
