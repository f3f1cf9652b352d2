import { checkOption, integerUpTo, type Option } from "../../options.js";
import { show } from "../../show.js";

/** Samples a second, from 100 to a million: what is outside is no sound, and would make a resampled one endless. */
export const rateOption: Option<number> = integerUpTo(1_000_000, 100);

/** Throws `RangeError` unless `rate` is a sampling rate. */
export function checkRate(op: string, name: string, rate: unknown): void {
  checkOption(op, name, rateOption, rate);
}

/** Throws `TypeError` on what is no array of samples, and `RangeError` on a sample that is not finite. */
export function checkSamples(op: string, samples: unknown): void {
  if (!(samples instanceof Float32Array)) {
    throw new TypeError(`${op}: expected samples in a Float32Array, got ${show(samples)}`);
  }
  const strange = notFinite(samples);
  if (strange < 0) return;
  throw new RangeError(`${op}: expected finite samples, got ${samples[strange]} at ${strange}`);
}

/** The samples that came out; throws `RangeError` where one is beyond 32-bit floats, as of ones near their end. */
export function checkResult(op: string, result: Float32Array): Float32Array {
  const strange = notFinite(result);
  if (strange < 0) return result;
  throw new RangeError(
    `${op}: expected a result that 32-bit floats hold, got ${result[strange]} for its sample ${strange}`,
  );
}

/** Throws as {@link checkSamples} does, and `RangeError` unless there is a channel and all are of one length. */
export function checkChannels(op: string, channels: unknown): void {
  if (!Array.isArray(channels)) {
    throw new TypeError(`${op}: expected a list of channels, each a Float32Array, got ${show(channels)}`);
  }
  if (channels.length === 0) throw new RangeError(`${op}: expected at least one channel, got none`);
  for (const [i, samples] of channels.entries()) {
    checkSamples(op, samples);
    if (samples.length !== channels[0].length) {
      const expected = `channels of one length, ${channels[0].length} samples as the first has`;
      throw new RangeError(`${op}: expected ${expected}, got ${samples.length} in channel ${i}`);
    }
  }
}

/** Where the first number stands that is not finite, or −1. */
export function notFinite(samples: Float32Array): number {
  for (let i = 0; i < samples.length; i++) if (!Number.isFinite(samples[i])) return i;
  return -1;
}
