import { checkOption, oneOf } from "../../options.js";
import { checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { formatShape } from "../../tensor/shape.js";
import type { FloatArray } from "../../tensor/storage.js";
import { floatsOf, type Tensor, writableFloats } from "../../tensor/tensor.js";

/** So that what never changes becomes 0. */
const EPSILON = 1e-5;

/** What has one mean and one variance: all of a recording, or each of its bands. */
export type NormalizedPart = "recording" | "band";

/**
 * The frames of one recording with mean 0 and variance 1: in all together ("recording"), so that loudness is gone and what the
 * bands are beside one another stays; or in each band ("band"), so that all that a microphone adds is gone, too, but also what
 * tells a short word that is all one vowel from another. The latter is cepstral mean and variance normalisation, as speech
 * recognition calls it, on log-mel frames:
 *
 *     y[t, b] = (x[t, b] − mean x) / √(var x + 1e-5), mean and variance over all t of a band, or all t and b
 *
 * with the variance that divides by the number of values. The result has no history. Throws `TypeError` on what is no tensor,
 * `RangeError` unless it has two dimensions and a frame, and on another part.
 *
 * @param frames [frames, bands].
 * @returns the same shape and dtype.
 *
 * @example
 * const x = normalizeFrames(logMel(samples, { sampleRate: 8000 }));
 */
export function normalizeFrames(frames: Tensor, part: NormalizedPart = "recording"): Tensor {
  checkTensors("normalizeFrames", frames);
  checkOption("normalizeFrames", "part", oneOf(["recording", "band"]), part);
  const [length, bands] = frames.shape;
  if (frames.shape.length !== 2 || length === 0) {
    throw new RangeError(`normalizeFrames: expected frames [frames, bands], got ${formatShape(frames.shape)}`);
  }
  const result = empty("normalizeFrames", [length, bands], frames.dtype);
  const x = floatsOf(frames);
  const y = writableFloats(result);
  const parts = part === "band" ? bands : 1;
  for (let first = 0; first < parts; first++) normalize(x, y, first, parts);
  return result;
}

/** Writes every `step`-th number from `first` on with mean 0 and variance 1. */
function normalize(x: FloatArray, y: FloatArray, first: number, step: number): void {
  const count = x.length / step;
  let sum = 0;
  for (let i = first; i < x.length; i += step) sum += x[i];
  const mean = sum / count;
  let squares = 0;
  for (let i = first; i < x.length; i += step) squares += (x[i] - mean) ** 2;
  const deviation = Math.sqrt(squares / count + EPSILON);
  for (let i = first; i < x.length; i += step) y[i] = (x[i] - mean) / deviation;
}
