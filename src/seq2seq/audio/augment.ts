import { between, checkOption, checkOptions, integer, type Option, type OptionTable } from "../../options.js";
import { checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { type Generator, generatorOption } from "../../tensor/random.js";
import { formatShape } from "../../tensor/shape.js";
import { floatsOf, type Tensor, writableFloats } from "../../tensor/tensor.js";
import { checkResult, checkSamples } from "./checks.js";
import { resample } from "./resample.js";

/** Signal-to-noise ratios and gains in dB that a sound may have: what is beyond is no sound, or no longer finite. */
export const SNR: Option<number> = between(-200, 200);
export const DECIBELS: Option<number> = between(0, 200);

/** The resolution of a change of speed: with whole per cents, few weights serve all samples of a recording. */
const PER_CENT = 100;

/**
 * A sound played faster (`factor` above 1) or slower: shorter or longer, and its pitch and all else in it higher or lower. Of
 * few speakers it makes many. (Ko et al., "Audio Augmentation for Speech Recognition", 2015)
 *
 * Throws as {@link resample} does, and `RangeError` unless the factor, rounded to whole per cents, is from 0.1 to 10.
 *
 * @example
 * perturbSpeed(new Float32Array(8000), 1.25).length; // 6400
 */
export function perturbSpeed(samples: Float32Array, factor: number): Float32Array {
  const percent = Math.round(factor * 100);
  const accepts = (value: unknown): boolean => Number.isFinite(value) && percent >= 10 && percent <= 1000;
  checkOption("perturbSpeed", "factor", { initial: undefined, expected: "a number from 0.1 to 10", accepts }, factor);
  return resample(samples, percent * PER_CENT, 100 * PER_CENT);
}

/**
 * A sound with white Gaussian noise of a signal-to-noise ratio of `snr` dB: the mean square of all samples is 10^(snr / 10)
 * times that of the noise. Silence stays silent. Throws `TypeError` on what are no samples, `RangeError` on samples
 * that are not finite or would not be with the noise, on a ratio outside ±200, and without a generator.
 *
 * @example
 * addNoise(samples, 10, new Generator(1)); // a tenth of the power is noise's
 */
export function addNoise(samples: Float32Array, snr: number, generator: Generator): Float32Array {
  checkSamples("addNoise", samples);
  checkOption("addNoise", "snr", SNR, snr);
  checkOption("addNoise", "generator", generatorOption, generator);
  let power = 0;
  for (let i = 0; i < samples.length; i++) power += samples[i] ** 2;
  const deviation = Math.sqrt(power / Math.max(1, samples.length) / 10 ** (snr / 10));
  return checkResult(
    "addNoise",
    samples.map((sample) => sample + deviation * generator.normal()),
  );
}

/**
 * Log-mel frames as if heard through another microphone or throat: each band is louder or fainter by its own part of
 * ±`decibels`, drawn for the lowest, the highest and one to four bands between them, on straight lines from one to the next.
 * (Nam et al., "FilterAugment: An Acoustic Environmental Data Augmentation Method", 2022, of its linear kind)
 *
 * Throws `TypeError` on what is no tensor, `RangeError` unless it has two dimensions, on decibels outside
 * 0 to 200, and without a generator.
 *
 * @param frames [frames, bands], natural logarithms of powers.
 * @returns the same shape and dtype, without history.
 *
 * @example
 * filterAugment(logMel(samples, { sampleRate: 8000 }), 6, new Generator(1)); // up to four times louder or fainter
 */
export function filterAugment(frames: Tensor, decibels: number, generator: Generator): Tensor {
  checkTensors("filterAugment", frames);
  checkOption("filterAugment", "decibels", DECIBELS, decibels);
  checkOption("filterAugment", "generator", generatorOption, generator);
  checkFrames("filterAugment", frames);
  const [length, bands] = frames.shape;
  const gains = drawGains(bands, (decibels * Math.LN10) / 10, generator);
  const result = empty("filterAugment", frames.shape, frames.dtype);
  const [x, y] = [floatsOf(frames), writableFloats(result)];
  for (let t = 0; t < length; t++) {
    for (let band = 0; band < bands; band++) y[t * bands + band] = x[t * bands + band] + gains[band];
  }
  return result;
}

/** A gain for each band, up to ±most, on straight lines between some that are drawn. */
function drawGains(bands: number, most: number, generator: Generator): Float64Array {
  const gains = new Float64Array(bands);
  if (bands === 0) return gains;
  const draw = (): number => most * (2 * generator.random() - 1);
  const between = Array.from({ length: 1 + generator.integer(4) }, () => generator.integer(bands));
  const corners = [...new Set([0, ...between, bands - 1])].sort((a, b) => a - b);
  gains[0] = draw();
  for (let i = 1; i < corners.length; i++) {
    const [first, last] = [corners[i - 1], corners[i]];
    gains[last] = draw();
    for (let band = first + 1; band < last; band++) {
      gains[band] = gains[first] + ((gains[last] - gains[first]) * (band - first)) / (last - first);
    }
  }
  return gains;
}

function checkFrames(op: string, frames: Tensor): void {
  if (frames.shape.length === 2) return;
  throw new RangeError(`${op}: expected frames [frames, bands], got ${formatShape(frames.shape)}`);
}

/** How much of some frames is masked. */
export interface MaskOptions {
  /** Runs of neighbouring frames, each of at most so many and a fifth of all. Default 0. */
  readonly timeMask?: number;
  /** Runs of neighbouring bands, each of at most so many. Default 0. */
  readonly frequencyMask?: number;
  /** How many runs of each. Default 2. */
  readonly masks?: number;
  readonly generator: Generator;
}

const MASK_OPTIONS: OptionTable<MaskOptions> = {
  timeMask: integer(0, 0),
  frequencyMask: integer(0, 0),
  masks: integer(0, 2),
  generator: generatorOption,
};

/**
 * Frames of which runs of neighbours in time and in frequency have the mean of all of them, each run as long as is drawn from 0
 * to its limit: a model learns not to rely on any part alone. (Park et al., "SpecAugment", 2019, without its warping of time)
 *
 * Throws `TypeError` on what is no tensor, `RangeError` unless it has two dimensions, on options out of range, and without a
 * generator.
 *
 * @param frames [frames, bands].
 * @returns the same shape and dtype, without history.
 *
 * @example
 * maskFrames(logMel(samples, { sampleRate: 8000 }), { timeMask: 20, frequencyMask: 8, generator: new Generator(1) });
 */
export function maskFrames(frames: Tensor, options: MaskOptions): Tensor {
  checkTensors("maskFrames", frames);
  checkOptions("maskFrames", MASK_OPTIONS, options);
  const { timeMask = 0, frequencyMask = 0, masks = 2, generator } = options;
  checkOption("maskFrames", "generator", generatorOption, generator);
  checkFrames("maskFrames", frames);
  const [length, bands] = frames.shape;
  const result = empty("maskFrames", frames.shape, frames.dtype);
  const floats = writableFloats(result);
  floats.set(floatsOf(frames));
  let sum = 0;
  for (let i = 0; i < floats.length; i++) sum += floats[i];
  const mean = sum / Math.max(1, floats.length);
  const fill = (firstFrame: number, frameCount: number, firstBand: number, bandCount: number): void => {
    for (let t = firstFrame; t < firstFrame + frameCount; t++) {
      floats.fill(mean, t * bands + firstBand, t * bands + firstBand + bandCount);
    }
  };
  /** A run of at most `limit` of `all`: where it begins and how long it is. */
  const drawRun = (all: number, limit: number): [first: number, count: number] => {
    const count = generator.integer(Math.min(limit, all) + 1);
    return [generator.integer(all - count + 1), count];
  };
  for (let i = 0; i < masks; i++) {
    if (timeMask > 0) fill(...drawRun(length, Math.min(timeMask, Math.floor(length / 5))), 0, bands);
    if (frequencyMask > 0) fill(0, length, ...drawRun(bands, frequencyMask));
  }
  return result;
}
