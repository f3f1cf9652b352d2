import { show } from "../../show.js";
import { checkChannels, checkRate, notFinite } from "./checks.js";
import { readFormat, type WavFormat } from "./wavFormat.js";

/** What was recorded. */
export interface Sound {
  /** Samples a second. */
  readonly sampleRate: number;
  /** One or more, all of one length; full scale is from −1 to 1. */
  readonly channels: Float32Array[];
}

/** A chunk as its header has it: the file may end before it does. */
interface Chunk {
  readonly id: string;
  readonly start: number;
  readonly size: number;
}

type Fail = (fault: string) => never;

/** The sizes that programs write which cannot know them, or more: sox 0x7ffff000, arecord 0x80000000, ffmpeg 0xffffffff. */
const UNKNOWN_SIZE = 0x7ffff000;
/** What a file that is no WAV begins with. */
const OTHERS: Readonly<Record<string, string>> = {
  fLaC: "FLAC",
  OggS: "Ogg",
  "ID3\u0003": "MP3",
  "ID3\u0004": "MP3",
  FORM: "AIFF",
  RIFX: "big-endian RIFF",
  RF64: "RF64, of more than 4 GB",
};

/**
 * Reads the bytes of a WAV file: PCM of 8 (unsigned), 16, 24 and 32 bits, IEEE float of 32 and 64, plain or as
 * WAVE_FORMAT_EXTENSIBLE, of any number of channels at 100 to 1,000,000 Hz. Integers are divided by 2^(bits − 1); floats stay as
 * they are. A data chunk whose size is 0 or beyond any file, as programs write that cannot go back to fill it in, goes on to the
 * end of the file: as far as there are samples of all channels. Other chunks are passed over, wherever they stand.
 * (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991; Microsoft, "Multiple Channel Audio
 * Data and WAVE Files", 2001)
 *
 * Throws `Error` that begins with the file's name on anything else, on a file that is cut off, and on samples that are not
 * finite or too large for 32-bit floats; `TypeError` on what are no bytes.
 *
 * @param file what errors name.
 *
 * @example
 * const { sampleRate, channels } = readWav(readFileSync("7_jackson_32.wav"), "7_jackson_32.wav");
 * const frames = logMel(mono(channels), { sampleRate }); // [frames, 40]
 */
export function readWav(bytes: Uint8Array, file = "WAV"): Sound {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`readWav: expected a file's bytes, got ${show(bytes)}`);
  const fail: Fail = (fault) => {
    throw new Error(`${file}: ${fault}`);
  };
  checkRiff(bytes, fail);
  const { fmt, data, others } = findChunks(bytes);
  const got = others.length === 0 ? "none" : `none among ${show(others)}`;
  if (!fmt) return fail(`expected a "fmt " chunk, got ${got}`);
  const format = readFormat(bytes.subarray(fmt.start, endOf(bytes, fmt, fail)), fail);
  if (!data) return fail(`expected a "data" chunk, got ${got}`);
  const block = format.numChannels * format.width;
  if (!isStreamed(bytes, data)) {
    if (data.size % block !== 0) fail(`expected samples in blocks of ${block} bytes, got ${data.size} bytes`);
    return {
      sampleRate: format.sampleRate,
      channels: separate(bytes, data.start, endOf(bytes, data, fail), format, fail),
    };
  }
  return { sampleRate: format.sampleRate, channels: separate(bytes, data.start, bytes.length, format, fail) };
}

function checkRiff(bytes: Uint8Array, fail: Fail): void {
  const [id, form] = [idAt(bytes, 0), idAt(bytes, 8)];
  if (id === "RIFF" && form === "WAVE") return;
  if (bytes.length < 12) fail(`expected a WAV file, got ${bytes.length} bytes`);
  if (id === "RIFF") fail(`expected a WAV file, got a RIFF file of kind ${show(form)}`);
  fail(`expected a WAV file, which begins with "RIFF", got ${show(id)}${OTHERS[id] ? ` (${OTHERS[id]})` : ""}`);
}

/** The first "fmt " and "data" chunk, and what else there is, up to eight. */
function findChunks(bytes: Uint8Array): { fmt: Chunk | null; data: Chunk | null; others: string[] } {
  let [fmt, data]: (Chunk | null)[] = [null, null];
  const others: string[] = [];
  for (const chunk of chunksFrom(bytes, 12)) {
    if (chunk.id === "fmt ") fmt ??= chunk;
    else if (chunk.id === "data") data ??= chunk;
    else if (others.length < 8) others.push(chunk.id);
    if (fmt && data) break;
  }
  return { fmt, data, others };
}

/** Chunks stand at even positions: one of odd size has a byte of padding after it. */
function* chunksFrom(bytes: Uint8Array, from: number): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    yield { id: idAt(bytes, at), start: at + 8, size };
    at += 8 + size + (size % 2);
  }
}

function idAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function endOf(bytes: Uint8Array, { id, start, size }: Chunk, fail: Fail): number {
  if (start + size <= bytes.length) return start + size;
  return fail(`expected ${size} bytes in its ${show(id)} chunk, got ${bytes.length - start}: the file is cut off`);
}

/** Whether the size of the samples was not known when it was written. One of 0 is true where other chunks follow, or nothing. */
function isStreamed(bytes: Uint8Array, { start, size }: Chunk): boolean {
  if (size !== 0) return size >= UNKNOWN_SIZE && start + size > bytes.length;
  let end = start;
  for (const chunk of chunksFrom(bytes, start)) {
    if (!/^[ -~]{4}$/.test(chunk.id)) return true;
    end = chunk.start + chunk.size;
  }
  return end !== bytes.length && end + (end % 2) !== bytes.length;
}

/** Samples stand block by block, one of each channel; a block that is not whole is left out. */
function separate(bytes: Uint8Array, start: number, end: number, format: WavFormat, fail: Fail): Float32Array[] {
  const { numChannels, width, read } = format;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const block = numChannels * width;
  const length = Math.floor((end - start) / block);
  return Array.from({ length: numChannels }, (_, channel) => {
    const samples = new Float32Array(length);
    for (let i = 0, at = start + channel * width; i < length; i++, at += block) samples[i] = read(view, at);
    const strange = notFinite(samples);
    if (strange < 0) return samples;
    const sample = read(view, start + channel * width + strange * block);
    const expected = Number.isFinite(sample) ? "samples that 32-bit floats hold" : "finite samples";
    return fail(`expected ${expected}, got ${sample} at ${strange} of channel ${channel}`);
  });
}

/**
 * A WAV file of 16-bit PCM. Samples are rounded, s = round(32768 x), and those beyond full scale are clipped, as
 * torchaudio does. What {@link readWav} read of such a file comes out as the same samples.
 *
 * Throws `TypeError` on what are no samples; `RangeError` on samples that are not finite, on channels of several lengths, on none
 * or more than 32,767, on a sampling rate outside of 100 to 1,000,000 Hz, and on more bytes than such a file can hold.
 *
 * @param channels each a `Float32Array`, all of one length; full scale is from −1 to 1.
 * @param sampleRate samples a second.
 *
 * @example
 * const tone = Float32Array.from({ length: 8000 }, (_, t) => 0.5 * Math.sin((2 * Math.PI * 440 * t) / 8000));
 * writeFileSync("a.wav", writeWav([tone], 8000)); // a second of 440 Hz
 */
export function writeWav(channels: readonly Float32Array[], sampleRate: number): Uint8Array {
  checkChannels("writeWav", channels);
  checkRate("writeWav", "sampleRate", sampleRate);
  const block = 2 * channels.length;
  const size = block * channels[0].length;
  if (block > 0xffff) throw new RangeError(`writeWav: expected at most 32767 channels, got ${channels.length}`);
  if (size > 0xffffffff - 36) {
    throw new RangeError(`writeWav: expected at most ${0xffffffff - 36} bytes of samples, got ${size}`);
  }
  const bytes = new Uint8Array(44 + size);
  const view = new DataView(bytes.buffer);
  const write = (at: number, id: string): void => bytes.set(new TextEncoder().encode(id), at);
  write(0, "RIFF");
  view.setUint32(4, 36 + size, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * block, true);
  view.setUint16(32, block, true);
  view.setUint16(34, 16, true);
  write(36, "data");
  view.setUint32(40, size, true);
  for (const [channel, samples] of channels.entries()) {
    for (let i = 0, at = 44 + 2 * channel; i < samples.length; i++, at += block) {
      view.setInt16(at, Math.max(-32768, Math.min(32767, Math.round(32768 * samples[i]))), true);
    }
  }
  return bytes;
}

/**
 * The mean of all channels. Throws as {@link writeWav} does on what are no channels.
 *
 * @example
 * mono([Float32Array.of(1, 0), Float32Array.of(0, 0)]); // [0.5, 0]
 */
export function mono(channels: readonly Float32Array[]): Float32Array {
  checkChannels("mono", channels);
  return channels[0].map((_, i) => {
    let sum = 0;
    for (const samples of channels) sum += samples[i];
    return sum / channels.length;
  });
}
