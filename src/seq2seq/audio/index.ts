export { type LogMelOptions, logMel } from "./logMel.js";
export { normalizeFrames } from "./normalizeFrames.js";
export { resample } from "./resample.js";
export { mono, readWav, type Sound, writeWav } from "./wav.js";
