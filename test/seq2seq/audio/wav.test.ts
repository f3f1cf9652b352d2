import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mono, readWav, type Sound, writeWav } from "../../../src/seq2seq/index.js";
import { bytesOf, chunk, type Fmt, fmt, riff, u16, u32 } from "../../support/wavFile.js";
import { wrong } from "../../support/wrong.js";

const samplesOf = (bytes: Uint8Array): number[][] => readWav(bytes, "a.wav").channels.map((each) => [...each]);
const floats32 = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const floats64 = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);
const two = chunk("data", [...u16(16384), ...u16(-32768)]); // 0.5, −1
const list = chunk("LIST", bytesOf("INFOISFT", u32(5), "Lavf\0")); // of odd size

describe("readWav", () => {
  const kinds: [string, Fmt, Uint8Array | number[], number[][]][] = [
    ["8 bits, unsigned", { bits: 8 }, [128, 0, 255], [[0, -1, 127 / 128]]],
    ["16 bits", {}, [...u16(16384), ...u16(-32768), ...u16(-1)], [[0.5, -1, -1 / 32768]]],
    [
      "24 bits",
      { bits: 24 },
      [0, 0, 0x40, 0, 0, 0x80, 255, 255, 255, 1, 2, 3],
      [[0.5, -1, -(2 ** -23), 197121 / 2 ** 23]],
    ],
    ["32 bits", { bits: 32 }, [...u32(2 ** 30), ...u32(2 ** 31), ...u32(2 ** 32 - 256)], [[0.5, -1, -(2 ** -23)]]],
    ["float of 32 bits", { code: 3, bits: 32 }, floats32(0.5, -1.5, 1e-20), [[0.5, -1.5, Math.fround(1e-20)]]],
    ["float of 64 bits", { code: 3, bits: 64 }, floats64(0.1, -2), [[Math.fround(0.1), -2]]],
    [
      "two channels",
      { channels: 2 },
      [0, 0, 0, 64, 0, 128, 0, 32],
      [
        [0, -1],
        [0.5, 0.25],
      ],
    ],
    ["three of 24 bits", { channels: 3, bits: 24 }, [0, 0, 64, 0, 0, 32, 0, 0, 16], [[0.5], [0.25], [0.125]]],
    ["no samples", {}, [], [[]]],
  ];
  test.each(kinds)("%s, plain and extensible", (_, format, data, expected) => {
    expect(samplesOf(riff(fmt(format), chunk("data", data)))).toEqual(expected);
    expect(samplesOf(riff(fmt({ ...format, extensible: {} }), chunk("data", data)))).toEqual(expected);
  });

  test("samples of fewer valid bits stand in the upper ones", () => {
    const format = fmt({ bits: 24, extensible: { validBits: 20 } });
    expect(samplesOf(riff(format, chunk("data", [0, 0, 0x40])))).toEqual([[0.5]]);
  });

  test.each([100, 8000, 11025, 44056, 384000, 1000000])("a rate of %i Hz", (rate) => {
    expect(readWav(riff(fmt({ rate }), two)).sampleRate).toBe(rate);
  });

  test("chunks stand in any order, and those of odd size have a byte after them", () => {
    const odd = chunk("data", [128, 0, 255]);
    const bits8 = fmt({ bits: 8 });
    const expected = [[0, -1, 127 / 128]];
    for (const chunks of [
      [list, bits8, odd],
      [bits8, list, odd],
      [odd, list, bits8],
      [odd, bits8],
      [bits8, odd, list],
      [bits8, odd, bits8, two],
    ]) {
      expect(samplesOf(riff(...chunks))).toEqual(expected);
    }
    expect(samplesOf(riff(bits8, odd).subarray(0, -1))).toEqual(expected); // the last one's byte may be missing
  });

  test("the file stands anywhere in a buffer, and the samples are no view of it", () => {
    const bytes = bytesOf([1, 2, 3], riff(fmt({ code: 3, bits: 32 }), chunk("data", floats32(0.5))));
    const { channels } = readWav(bytes.subarray(3));
    bytes.fill(0);
    expect([...channels[0]]).toEqual([0.5]);
  });

  test.each([0, 0x7ffff000, 0x80000000, 0xffffffff])("data of size %i go on to the end, in whole blocks", (size) => {
    const data = [...u16(16384), ...u16(-32768)];
    expect(samplesOf(riff(fmt(), chunk("data", data, size)))).toEqual([[0.5, -1]]);
    expect(samplesOf(riff(list, fmt(), chunk("data", [...data, 7], size)))).toEqual([[0.5, -1, 7 / 32768]]);
    expect(samplesOf(riff(fmt({ channels: 2 }), chunk("data", [...data, 0, 64], size)))).toEqual([[0.5], [-1]]);
    expect(samplesOf(riff(fmt(), chunk("data", [], size)))).toEqual([[]]);
  });

  test("data of size 0 are none where other chunks follow", () => {
    expect(samplesOf(riff(fmt(), chunk("data", []), list))).toEqual([[]]);
    expect(samplesOf(riff(fmt(), chunk("data", []), chunk("LIST", [1, 2, 3])).subarray(0, -1))).toEqual([[]]);
  });

  const guid = [...u16(1), ...new Array(14).fill(9)];
  const faults: [Uint8Array, string][] = [
    [bytesOf(), "expected a WAV file, got 0 bytes"],
    [bytesOf("RIFF", u32(4)), "expected a WAV file, got 8 bytes"],
    [bytesOf("ID3\u0003", new Array(40).fill(0)), 'which begins with "RIFF", got "ID3\\u0003" (MP3)'],
    [bytesOf("fLaC", new Array(40).fill(0)), 'expected a WAV file, which begins with "RIFF", got "fLaC" (FLAC)'],
    [bytesOf("RIFX", u32(36), "WAVE"), 'got "RIFX" (big-endian RIFF)'],
    [bytesOf("RIFF", u32(36), "AVI "), 'expected a WAV file, got a RIFF file of kind "AVI "'],
    [riff(), 'expected a "fmt " chunk, got none'],
    [riff(two), 'expected a "fmt " chunk, got none'],
    [riff(list, list, two), 'expected a "fmt " chunk, got none among ["LIST", "LIST"]'],
    [riff(fmt()), 'expected a "data" chunk, got none'],
    [riff(fmt(), list), 'expected a "data" chunk, got none among ["LIST"]'],
    [riff(chunk("fmt ", new Array(14).fill(1)), two), 'expected a "fmt " chunk of at least 16 bytes, got 14'],
    [riff(two, fmt()).subarray(0, -2), 'expected 16 bytes in its "fmt " chunk, got 14: the file is cut off'],
    [riff(fmt({ code: 7, bits: 8 }), two), "samples (format 1 or 3), got format 7 (µ-law)"],
    [riff(fmt({ code: 17, bits: 4 }), two), "got format 17 (IMA ADPCM)"],
    [
      riff(fmt({ code: 85, extensible: {} }), two),
      "expected PCM or IEEE float samples (format 1 or 3), got format 85 (MP3)",
    ],
    [riff(fmt({ code: 4711 }), two), "got format 4711"],
    [riff(fmt({ code: 0xfffe }), two), 'expected an extensible "fmt " chunk of 40 bytes, got 16'],
    [
      riff(fmt({ extensible: { guid } }), two),
      "expected a subformat that is a format's code, got the GUID of bytes [1, 0, 9",
    ],
    [riff(fmt({ extensible: { validBits: 17 } }), two), "expected at most 16 valid bits in samples of 16, got 17"],
    [riff(fmt({ bits: 12, blockAlign: 2 }), two), "expected PCM samples of 8, 16, 24 or 32 bits, got 12"],
    [riff(fmt({ bits: 64 }), two), "expected PCM samples of 8, 16, 24 or 32 bits, got 64"],
    [riff(fmt({ code: 3 }), two), "expected float samples of 32 or 64 bits, got 16"],
    [riff(fmt({ channels: 0 }), two), "expected at least one channel, got 0"],
    [riff(fmt({ rate: 0 }), two), "expected a sampling rate of 100 to 1000000 Hz, got 0"],
    [riff(fmt({ rate: 4e9 }), two), "expected a sampling rate of 100 to 1000000 Hz, got 4000000000"],
    [riff(fmt({ channels: 2, blockAlign: 2 }), two), "a block align of 4 bytes for 2 channels of 16 bits, got 2"],
    [riff(fmt({ channels: 65535, blockAlign: 65534 }), two), "a block align of 131070 bytes for 65535 channels"],
    [riff(fmt(), chunk("data", [1, 2, 3])), "expected samples in blocks of 2 bytes, got 3 bytes"],
    [riff(fmt(), chunk("data", [1, 2], 3528)), 'expected 3528 bytes in its "data" chunk, got 2: the file is cut off'],
    [riff(fmt(), chunk("data", [1, 2], 0x7fffefff - 1)), "the file is cut off"],
    [
      riff(fmt({ code: 3, bits: 32 }), chunk("data", floats32(1, Number.NaN))),
      "finite samples, got NaN at 1 of channel 0",
    ],
    [
      riff(fmt({ code: 3, bits: 32, channels: 2 }), chunk("data", floats32(1, Number.NEGATIVE_INFINITY))),
      "expected finite samples, got -Infinity at 0 of channel 1",
    ],
    [
      riff(fmt({ code: 3, bits: 64 }), chunk("data", floats64(1e300))),
      "expected samples that 32-bit floats hold, got 1e+300 at 0 of channel 0",
    ],
  ];
  test.each(faults.map(([bytes, message]) => ({ bytes, message })))("refuses: $message", ({ bytes, message }) => {
    expect(() => readWav(bytes, "a.wav")).toThrow(Error);
    expect(() => readWav(bytes, "a.wav")).toThrow(/^a\.wav: expected /);
    expect(() => readWav(bytes, "a.wav")).toThrow(message);
    expect(() => readWav(bytes)).toThrow(/^WAV: expected /);
  });

  test("refuses what are no bytes", () => {
    expect(() => readWav(wrong("a.wav"))).toThrow(new TypeError('readWav: expected a file\'s bytes, got "a.wav"'));
  });

  /** What comes of bytes that may be anything: a sound no larger than they are, or an error that names the file. */
  function survives(bytes: Uint8Array): void {
    let sound: Sound;
    try {
      sound = readWav(bytes, "a.wav");
    } catch (error) {
      expect((error as Error).constructor).toBe(Error);
      expect((error as Error).message).toMatch(/^a\.wav: expected [^\n]{1,250}$/);
      return;
    }
    const { channels, sampleRate } = sound;
    expect(channels.length).toBeGreaterThan(0);
    expect(channels.length * channels[0].length).toBeLessThanOrEqual(bytes.length);
    for (const each of channels) expect(each.length === channels[0].length && each.every(Number.isFinite)).toBe(true);
    expect(sampleRate >= 100 && sampleRate <= 1e6).toBe(true);
  }

  const sound = [
    riff(fmt(), list, chunk("data", new Array(64).fill(1))),
    riff(
      list,
      fmt({ code: 3, bits: 32, channels: 2, extensible: {} }),
      chunk("data", floats32(...new Array(16).fill(0.1))),
    ),
    riff(chunk("data", new Array(63).fill(7)), list, fmt({ bits: 24, channels: 3 })),
  ];
  const numbers = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 127, 128, 254, 255));
  const edits = fc.array(fc.tuple(fc.nat(150), numbers), { maxLength: 8 });
  test("survives files that were changed and cut anywhere", () => {
    fc.assert(
      fc.property(fc.constantFrom(...sound), edits, fc.nat(200), (bytes, changes, end) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
        survives(changed);
        survives(changed.subarray(0, end));
      }),
      { numRuns: 1000 },
    );
    for (const bytes of sound) for (let end = 0; end <= bytes.length; end++) survives(bytes.subarray(0, end));
  });

  test("survives chunks of any names and sizes", () => {
    const sizes = fc.oneof(fc.nat(40), fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff));
    const ids = fc.oneof(fc.constantFrom("fmt ", "data", "LIST"), fc.string({ minLength: 4, maxLength: 4 }));
    const chunks = fc.array(
      fc.oneof(
        fc.constantFrom(fmt(), two, list, fmt({ extensible: {} })),
        fc.tuple(ids, fc.uint8Array({ maxLength: 40 }), sizes).map(([id, body, size]) => chunk(id, body, size)),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(chunks, (some) => survives(riff(...some))),
      { numRuns: 1000 },
    );
  });

  test("takes no longer for a file of a great many chunks", () => {
    const many = bytesOf("RIFF", u32(0), "WAVE", new Uint8Array(2 ** 20));
    expect(() => readWav(many, "a.wav")).toThrow(/^a\.wav: expected a "fmt " chunk, got none among \[.{1,100}$/);
  });
});

describe("writeWav", () => {
  test("writes what is read again, sample for sample", () => {
    const amounts = fc.array(fc.integer({ min: -32768, max: 32767 }), { maxLength: 50 });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 100, max: 1e6 }), (some, count, rate) => {
        const channels = Array.from({ length: count }, (_, c) =>
          Float32Array.from(some, (x) => (c === 0 ? x : 0) / 32768),
        );
        expect(readWav(writeWav(channels, rate))).toEqual({ sampleRate: rate, channels });
      }),
    );
  });

  test("writes the header as the format has it", () => {
    const bytes = writeWav([Float32Array.of(0.5, -1), Float32Array.of(0, 1)], 8000);
    const data = chunk("data", [...u16(16384), 0, 0, ...u16(-32768), ...u16(32767)]);
    expect([...bytes]).toEqual([...riff(fmt({ channels: 2 }), data)]);
  });

  test("rounds, and clips what is beyond full scale", () => {
    const [samples] = samplesOf(writeWav([Float32Array.of(0.4 / 32768, 0.6 / 32768, 3, -3)], 8000));
    expect(samples).toEqual([0, 1 / 32768, 32767 / 32768, -1]);
  });

  test("refuses what is no sound", () => {
    const x = new Float32Array(2);
    expect(() => writeWav([], 8000)).toThrow(new RangeError("writeWav: expected at least one channel, got none"));
    expect(() => writeWav(wrong(x), 8000)).toThrow(
      new TypeError("writeWav: expected a list of channels, each a Float32Array, got Float32Array"),
    );
    expect(() => writeWav([x, wrong([0, 0])], 8000)).toThrow(
      "writeWav: expected samples in a Float32Array, got [0, 0]",
    );
    expect(() => writeWav([x, new Float32Array(3)], 8000)).toThrow(
      "writeWav: expected channels of one length, 2 samples as the first has, got 3 in channel 1",
    );
    expect(() => writeWav([Float32Array.of(Number.NaN)], 8000)).toThrow(
      "writeWav: expected finite samples, got NaN at 0",
    );
    expect(() => writeWav([x], 0)).toThrow("writeWav: expected sampleRate to be an integer from 100 to 1000000, got 0");
    expect(() => writeWav(new Array(32768).fill(new Float32Array(0)), 8000)).toThrow(
      "writeWav: expected at most 32767 channels, got 32768",
    );
  });
});

describe("mono", () => {
  test("is the mean of all channels", () => {
    expect([...mono([Float32Array.of(1, 0, -1), Float32Array.of(0, 0.5, -1)])]).toEqual([0.5, 0.25, -1]);
    const one = Float32Array.of(1, 2);
    expect(mono([one])).toEqual(one);
    expect(mono([one])).not.toBe(one);
  });

  test("refuses no channels, and several lengths", () => {
    expect(() => mono([])).toThrow(new RangeError("mono: expected at least one channel, got none"));
    expect(() => mono([new Float32Array(1), new Float32Array(2)])).toThrow("got 2 in channel 1");
  });
});
