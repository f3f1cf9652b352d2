import { checkTensors } from "../../tensor/checks.js";
import { empty } from "../../tensor/create.js";
import { formatShape } from "../../tensor/shape.js";
import { floatsOf, type Tensor, writableFloats } from "../../tensor/tensor.js";

/** So that a band that never changes becomes 0. */
const EPSILON = 1e-5;

/**
 * The frames of one recording with mean 0 and variance 1 in each band: what microphone, distance and loudness add to all of
 * them is gone. Cepstral mean and variance normalisation, as speech recognition calls it, on log-mel frames:
 *
 *     y[t, b] = (x[t, b] − mean_t x[t, b]) / √(var_t x[t, b] + 1e-5)
 *
 * with the variance that divides by the number of frames. The result has no history. Throws `TypeError` on what is no tensor,
 * `RangeError` unless it has two dimensions and a frame.
 *
 * @param frames [frames, bands].
 * @returns the same shape and dtype.
 *
 * @example
 * const x = normalizeFrames(logMel(samples, { sampleRate: 8000 }));
 */
export function normalizeFrames(frames: Tensor): Tensor {
  checkTensors("normalizeFrames", frames);
  const [length, bands] = frames.shape;
  if (frames.shape.length !== 2 || length === 0) {
    throw new RangeError(`normalizeFrames: expected frames [frames, bands], got ${formatShape(frames.shape)}`);
  }
  const result = empty("normalizeFrames", [length, bands], frames.dtype);
  const [x, y] = [floatsOf(frames), writableFloats(result)];
  for (let band = 0; band < bands; band++) {
    let sum = 0;
    for (let i = band; i < x.length; i += bands) sum += x[i];
    const mean = sum / length;
    let squares = 0;
    for (let i = band; i < x.length; i += bands) squares += (x[i] - mean) ** 2;
    const deviation = Math.sqrt(squares / length + EPSILON);
    for (let i = band; i < x.length; i += bands) y[i] = (x[i] - mean) / deviation;
  }
  return result;
}
