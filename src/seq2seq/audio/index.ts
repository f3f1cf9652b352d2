export { addNoise, filterAugment, type MaskOptions, maskFrames, perturbSpeed } from "./augment.js";
export { type LogMelOptions, logMel } from "./logMel.js";
export { type NormalizedPart, normalizeFrames } from "./normalizeFrames.js";
export { resample } from "./resample.js";
export { type FrameOptions, soundFrames } from "./soundFrames.js";
export { mono, readWav, type Sound, writeWav } from "./wav.js";
