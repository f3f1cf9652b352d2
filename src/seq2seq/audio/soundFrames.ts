import { type OptionTable, oneOf, readOptions } from "../../options.js";
import { show } from "../../show.js";
import type { Tensor } from "../../tensor/tensor.js";
import { OPTIONS as LOG_MEL_OPTIONS, type LogMelOptions, logMel } from "./logMel.js";
import { type NormalizedPart, normalizeFrames } from "./normalizeFrames.js";
import { resample } from "./resample.js";
import { mono, type Sound } from "./wav.js";

/** How a recording becomes what a model reads: {@link LogMelOptions}, and what is done with the frames. */
export interface FrameOptions extends Pick<LogMelOptions, "sampleRate" | "window" | "hop" | "bands" | "topDb"> {
  /** What gets mean 0 and variance 1, as {@link normalizeFrames} does it; "none" stays as it is. Default "recording". */
  readonly normalize?: NormalizedPart | "none";
}

const { sampleRate, window, hop, bands, topDb } = LOG_MEL_OPTIONS;
/** The table of {@link FrameOptions}, with their defaults but for the rate's. */
export const frameOptions: OptionTable<FrameOptions> = {
  ...{ sampleRate, window, hop, bands, topDb },
  normalize: oneOf(["recording", "band", "none"], "recording"),
};

/**
 * The log-mel frames of a recording of any rate and number of channels: their mean, resampled to `sampleRate`, through
 * {@link logMel} and, unless told otherwise, {@link normalizeFrames}. Throws what these throw.
 *
 * @returns [frames, bands].
 *
 * @example
 * soundFrames(readWav(bytes), { sampleRate: 8000, bands: 40 });
 */
export function soundFrames(sound: Sound, options: FrameOptions): Tensor {
  if (!isSound(sound)) {
    throw new TypeError(`soundFrames: expected a recording { sampleRate, channels }, got ${show(sound)}`);
  }
  const read = readOptions("soundFrames", frameOptions, options);
  return samplesFrames(resampled(sound, read.sampleRate), read);
}

/** Whether something has the form of a recording. */
export function isSound(value: unknown): value is Sound {
  const { sampleRate, channels } = (value ?? {}) as Partial<Sound>;
  return typeof sampleRate === "number" && Array.isArray(channels);
}

/** The mean of a recording's channels, at another rate. */
export function resampled({ channels, sampleRate }: Sound, rate: number): Float32Array {
  return resample(mono(channels), sampleRate, rate);
}

/** The frames of samples that have the rate that the options say, changed before they are normalised. */
export function samplesFrames(
  samples: Float32Array,
  { normalize = "recording", ...rest }: FrameOptions,
  change = (frames: Tensor): Tensor => frames,
): Tensor {
  const frames = change(logMel(samples, rest));
  return normalize === "none" ? frames : normalizeFrames(frames, normalize);
}
