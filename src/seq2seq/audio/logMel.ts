import {
  belowOne,
  flag,
  integerUpTo,
  nonNegative,
  type Option,
  type OptionTable,
  orNull,
  positive,
  readOptions,
} from "../../options.js";
import { empty } from "../../tensor/create.js";
import { type Tensor, writableFloats } from "../../tensor/tensor.js";
import { checkSamples, rateOption } from "./checks.js";
import { RealFFT } from "./fft.js";
import { type MelBand, melBands } from "./mel.js";

/** How frames are made of samples. */
export interface LogMelOptions {
  /** Samples a second, 100 to 1,000,000. */
  readonly sampleRate: number;
  /** Length of a window, in milliseconds, up to 1000. Default 25. */
  readonly window?: number;
  /** From one window to the next, in milliseconds, up to 1000. Default 10. */
  readonly hop?: number;
  /** How many numbers a frame has, up to 1024. Default 40. */
  readonly bands?: number;
  /** Where the first band begins, in Hz. Default 0. */
  readonly lowFrequency?: number;
  /** Where the last band ends, in Hz. Default `null`: half the sampling rate. */
  readonly highFrequency?: number | null;
  /** The coefficient a of pre-emphasis, in [0, 1). Default 0: none. 0.97 is usual. */
  readonly preEmphasis?: number;
  /**
   * What is done at the ends. Default `true`: window t has its middle at sample t · hop, and beyond the ends is silence. `false`:
   * it begins at sample t · hop, and only windows that lie within the sound count.
   */
  readonly center?: boolean;
  /**
   * How many dB below the loudest band of all frames the rest may lie: what is fainter counts as that. So the silence between
   * words is the same in a studio and in a room. 80 is usual. Default `null`: no limit.
   */
  readonly topDb?: number | null;
}

export const milliseconds = (initial: number): Option<number> => ({
  initial,
  expected: "a number above 0 and up to 1000, in milliseconds",
  accepts: (value) => positive().accepts(value) && (value as number) <= 1000,
});

export const OPTIONS: OptionTable<LogMelOptions> = {
  sampleRate: rateOption,
  window: milliseconds(25),
  hop: milliseconds(10),
  bands: integerUpTo(1024, 1, 40),
  lowFrequency: nonNegative(0),
  highFrequency: orNull(positive()),
  preEmphasis: belowOne(0),
  center: flag(true),
  topDb: orNull(positive()),
};

/** The least power: its logarithm is −23. It is below what the rounding to 16 bits makes. */
const FLOOR = 1e-10;

/**
 * Log-mel frames: how loud a sound x is, over time and in bands of frequency as the ear tells them apart. Of a window of W and
 * a hop of H samples (both rounded), frame t and band b are
 *
 *     y[n] = x[n] − a · x[n−1],  y[0] = x[0]                         pre-emphasis
 *     w[n] = (1 − cos(2πn / W)) / 2                                  Hann window, periodic
 *     P[t, k] = |Σₙ w[n] · y[s + n] · e^(−2πi·kn/N)|²,  n = 0 … W−1   power; N is the least power of two from W on
 *     frames[t, b] = ln max(Σₖ mel[b, k] · P[t, k], 1e-10),  and with `topDb` at least max frames − topDb · ln 10 / 10
 *
 * where s = tH − ⌈W/2⌉ for t = 0 … ⌊length / H⌋, y being 0 beyond its ends; without `center`, s = tH while s + W ≤ length. `mel`
 * are triangles of height 1 on HTK's mel scale. `torch.stft(pad_mode="constant")` and torchaudio's `MelScale()` do the same,
 * and with `topDb` its `AmplitudeToDB(top_db=…)`, but for the unit.
 * (Davis and Mermelstein, "Comparison of Parametric Representations for Monosyllabic Word Recognition", 1980, without the cosine
 * transform)
 *
 * Throws `TypeError` on what are no samples and on unknown options; `RangeError` on samples that are not finite, on none, on
 * fewer than a window without `center`, on options outside of their ranges, and on so many bands that one is empty.
 *
 * @returns float32, [frames, bands].
 *
 * @example
 * logMel(new Float32Array(8000), { sampleRate: 8000 }).shape; // [101, 40]
 */
export function logMel(samples: Float32Array, options: LogMelOptions): Tensor {
  checkSamples("logMel", samples);
  const { sampleRate, preEmphasis, center, topDb, ...rest } = readOptions(
    "logMel",
    OPTIONS,
    options,
  ) as Required<LogMelOptions>;
  const window = samplesIn("window", rest.window, sampleRate);
  const hop = samplesIn("hop", rest.hop, sampleRate);
  const [low, high] = checkFrequencies(rest.lowFrequency, rest.highFrequency ?? sampleRate / 2, sampleRate);
  const fft = new RealFFT(Math.max(2, 2 ** Math.ceil(Math.log2(window))));
  const mel = melBands(rest.bands, low, high, sampleRate, fft.size);

  const least = center ? 1 : window;
  if (samples.length < least) {
    throw new RangeError(`logMel: expected at least ${least} samples, got ${samples.length}`);
  }
  const frames = 1 + Math.floor((samples.length - (center ? 0 : window)) / hop);
  const result = empty("logMel", [frames, rest.bands], "float32");
  const floats = writableFloats(result);
  const hann = Float64Array.from({ length: window }, (_, n) => (1 - Math.cos((2 * Math.PI * n) / window)) / 2);
  const silence = center ? Math.ceil(window / 2) : 0;
  const emphasised = emphasise(samples, preEmphasis, silence);
  const windowed = new Float64Array(fft.size);
  for (let t = 0; t < frames; t++) {
    const start = t * hop; // the silence before the sound is what makes it the middle
    for (let n = 0; n < window; n++) windowed[n] = hann[n] * emphasised[start + n];
    logBands(floats.subarray(t * rest.bands, (t + 1) * rest.bands), fft.transform(windowed), mel);
  }
  if (topDb !== null) raise(floats, topDb);
  return result;
}

/** Raises what is more than so many dB below the loudest. */
function raise(floats: Float32Array | Float64Array, topDb: number): void {
  let loudest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < floats.length; i++) loudest = Math.max(loudest, floats[i]);
  const least = loudest - (topDb * Math.LN10) / 10;
  for (let i = 0; i < floats.length; i++) floats[i] = Math.max(floats[i], least);
}

function samplesIn(name: string, milliseconds: number, sampleRate: number): number {
  const samples = Math.round((milliseconds * sampleRate) / 1000);
  if (samples > 0) return samples;
  throw new RangeError(`logMel: expected a ${name} of at least one sample, got ${milliseconds} ms at ${sampleRate} Hz`);
}

function checkFrequencies(low: number, high: number, sampleRate: number): [low: number, high: number] {
  if (high > sampleRate / 2) {
    throw new RangeError(`logMel: expected highFrequency up to ${sampleRate / 2}, half the sampling rate, got ${high}`);
  }
  if (low < high) return [low, high];
  throw new RangeError(`logMel: expected lowFrequency below highFrequency, ${high} Hz, got ${low}`);
}

/** The sound with pre-emphasis, and so much silence before and after it. */
function emphasise(samples: Float32Array, coefficient: number, silence: number): Float64Array {
  const result = new Float64Array(samples.length + 2 * silence);
  result.set(samples, silence);
  for (let n = 1; n < samples.length; n++) result[silence + n] -= coefficient * samples[n - 1];
  return result;
}

function logBands(
  out: Float32Array | Float64Array,
  { real, imaginary }: ReturnType<RealFFT["transform"]>,
  mel: readonly MelBand[],
): void {
  for (const [band, { first, weights }] of mel.entries()) {
    let power = 0;
    for (let i = 0; i < weights.length; i++) power += weights[i] * (real[first + i] ** 2 + imaginary[first + i] ** 2);
    out[band] = Math.log(Math.max(power, FLOOR));
  }
}
