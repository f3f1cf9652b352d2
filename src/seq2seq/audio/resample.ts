import { checkRate, checkResult, checkSamples } from "./checks.js";

/** Samples of the lower rate to either side that count. */
const HALF_LENGTH = 32;
/** Of half the lower rate. The filter falls from here as far above as below, and is down where aliases begin. */
const CUTOFF = 0.92;
/** Kaiser's β for 80 dB: 0.1102 · (80 − 8.7). */
const BETA = 7.857;
/** How many values of the filter are kept for each sample of the lower rate; between them is a straight line. */
const RESOLUTION = 512;
/** How many coefficients are kept, at most. */
const MOST_COEFFICIENTS = 2 ** 22;

/**
 * Samples of another rate: what was below half the lower rate stays, what was above it is gone. With x = t · min(from, to), the
 * distance in samples of the lower rate, each sample is the mean of those around it, weighted by
 *
 *     h(x) = sinc(0.92 x) · I₀(7.857 √(1 − (x/32)²)) / I₀(7.857),  |x| < 32
 *
 * a sinc under a Kaiser window of 64 samples: half amplitude at 0.92 of half the lower rate, level up to 0.84 of it, and 80 dB
 * down from half the lower rate on. Beyond its ends a sound is silent. Gives ⌈length · to / from⌉ samples, the first at the same
 * moment. (Smith, "Digital Audio Resampling", https://ccrma.stanford.edu/~jos/resample/)
 *
 * Throws `TypeError` on what are no samples; `RangeError` on samples that are not finite or would not be at the other rate, and on
 * a rate that is no integer from 100 to 1,000,000.
 *
 * @param from samples a second that they have.
 * @param to samples a second that they shall have.
 *
 * @example
 * resample(new Float32Array(44100), 44100, 16000).length; // 16000
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  checkSamples("resample", samples);
  checkRate("resample", "from", from);
  checkRate("resample", "to", to);
  if (from === to) return samples.slice();
  const divisor = greatestCommonDivisor(from, to);
  const [step, phases] = [from / divisor, to / divisor]; // result[i] stands at i · step / phases of the samples
  const scale = Math.min(1, to / from);
  const reach = Math.ceil(HALF_LENGTH / scale);
  const coefficientsOf = keepingSome(phases, 2 * reach, (phase, out) => fillWeights(out, phase / phases, scale));

  const result = new Float32Array(Math.ceil((samples.length * phases) / step));
  for (let i = 0; i < result.length; i++) {
    const phase = (i * step) % phases;
    const weights = coefficientsOf(phase);
    const first = (i * step - phase) / phases - reach + 1;
    const end = Math.min(weights.length, samples.length - first);
    let sum = 0;
    for (let j = Math.max(0, -first); j < end; j++) sum += weights[j] * samples[first + j];
    result[i] = sum;
  }
  return checkResult("resample", result);
}

/** The weights of 2 · reach samples, where the result stands `offset` after the last of the first half. They add up to 1. */
function fillWeights(weights: Float32Array, offset: number, scale: number): void {
  const values = filter();
  const reach = weights.length / 2;
  let sum = 0;
  for (let j = 0; j < weights.length; j++) {
    const at = Math.abs(j - reach + 1 - offset) * scale * RESOLUTION;
    const below = Math.floor(at);
    // Beyond its end the filter is 0.
    const weight = below + 1 < values.length ? values[below] + (at - below) * (values[below + 1] - values[below]) : 0;
    weights[j] = weight;
    sum += weight;
  }
  for (let j = 0; j < weights.length; j++) weights[j] /= sum;
}

/** What `fill` gives for each phase, kept unless they are too many: rates such as 44,100 and 16,000 have few. */
function keepingSome(
  phases: number,
  width: number,
  fill: (phase: number, out: Float32Array) => void,
): (phase: number) => Float32Array {
  const kept = phases * width > MOST_COEFFICIENTS ? null : new Map<number, Float32Array>();
  const passing = new Float32Array(kept ? 0 : width);
  return (phase) => {
    const known = kept?.get(phase);
    if (known) return known;
    const weights = kept ? new Float32Array(width) : passing;
    fill(phase, weights);
    kept?.set(phase, weights);
    return weights;
  };
}

let filterValues: Float64Array | null = null;

/** h at 0, 1/512, 2/512 … 32. */
function filter(): Float64Array {
  filterValues ??= Float64Array.from({ length: HALF_LENGTH * RESOLUTION + 1 }, (_, i) => {
    const x = i / RESOLUTION;
    const sinc = i === 0 ? 1 : Math.sin(Math.PI * CUTOFF * x) / (Math.PI * CUTOFF * x);
    return (sinc * besselI0(BETA * Math.sqrt(1 - (x / HALF_LENGTH) ** 2))) / besselI0(BETA);
  });
  return filterValues;
}

/** The modified Bessel function of the first kind and order 0: I₀(x) = Σₖ ((x/2)ᵏ / k!)². */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
