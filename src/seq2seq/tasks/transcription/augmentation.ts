import type { Generator } from "../../../tensor/random.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { addNoise, filterAugment, maskFrames, perturbSpeed } from "../../audio/augment.js";
import { type FrameOptions, samplesFrames } from "../../audio/soundFrames.js";
import type { AudioSettings } from "../settings.js";

/** What is done to recordings in training, by the names of the settings. */
export type Augmentation = Pick<
  AudioSettings,
  "speedPerturbation" | "noise" | "shift" | "filterAugment" | "timeMask" | "frequencyMask"
>;

/** Whether recordings are others each time. */
export function isAugmented({ noise, ...others }: Augmentation): boolean {
  const { speedPerturbation, shift, filterAugment, timeMask, frequencyMask } = others;
  return noise !== null || speedPerturbation + shift + filterAugment + timeMask + frequencyMask > 0;
}

/** Noise of this ratio, in dB, is hardly heard: the most that is drawn. */
const FAINT = 60;

/** The frames of samples, each time of others: faster or slower, earlier or later, in noise, other bands louder, with masks. */
export function augmentedFrames(
  samples: Float32Array,
  options: FrameOptions,
  { speedPerturbation, noise, shift, filterAugment: decibels, timeMask, frequencyMask }: Augmentation,
  generator: Generator,
): Tensor {
  let sound = samples;
  if (speedPerturbation > 0) sound = perturbSpeed(sound, 1 + speedPerturbation * (2 * generator.random() - 1));
  if (shift > 0) sound = shifted(sound, (shift / 1000) * options.sampleRate, generator);
  if (noise !== null) sound = addNoise(sound, noise + Math.max(0, FAINT - noise) * generator.random(), generator);
  const frames = samplesFrames(sound, options, (heard) =>
    decibels > 0 ? filterAugment(heard, decibels, generator) : heard,
  );
  return timeMask + frequencyMask > 0 ? maskFrames(frames, { timeMask, frequencyMask, generator }) : frames;
}

/** The sound with up to so many samples of silence more at each end, or up to half as many, and an eighth of all, less. */
function shifted(samples: Float32Array, most: number, generator: Generator): Float32Array {
  const least = Math.min(Math.floor(most / 2), samples.length >> 3);
  const draw = (): number => generator.integer(Math.floor(most) + least + 1) - least;
  const [before, after] = [draw(), draw()];
  const kept = samples.subarray(Math.max(0, -before), samples.length + Math.min(0, after));
  const result = new Float32Array(before + samples.length + after);
  result.set(kept, Math.max(0, before));
  return result;
}
