import { show } from "../../show.js";
import { zeros } from "../../tensor/create.js";
import { formatShape } from "../../tensor/shape.js";
import { floatsOf, Tensor, writableFloats } from "../../tensor/tensor.js";
import { type Batch, isList, padTargets } from "./batch.js";

/** A sequence of dense frames, such as those of sound or the rows of an image: [T, F], or its T · F numbers frame by frame. */
export type Frames = Tensor | { readonly data: ArrayLike<number>; readonly frames: number };

/** A sequence of frames and the token ids that it should become. */
export interface FramePair {
  readonly source: Frames;
  readonly target: ArrayLike<number>;
}

/** How many frames there are; undefined where these are none. */
export function countFrames(frames: unknown): number | undefined {
  if (frames instanceof Tensor) return frames.shape.length === 2 ? frames.shape[0] : undefined;
  const { data, frames: count } = (frames ?? {}) as { readonly data?: unknown; readonly frames?: unknown };
  return isList(data) && typeof count === "number" ? count : undefined;
}

/**
 * Sequences of frames side by side, of any lengths, with zeros past their ends: source [T, B, F], lengths [B].
 * Throws `RangeError` on an empty list or sequence, on frames of different widths and on numbers that are not finite,
 * `TypeError` on what are no frames.
 *
 * @example
 * const { source, lengths } = padFrames([randn([80, 40]), randn([65, 40])]); // [80, 2, 40] and [80, 65]
 */
export function padFrames(sequences: readonly Frames[]): { source: Tensor; lengths: Int32Array } {
  if (!Array.isArray(sequences)) throw new TypeError(`padFrames: expected a list of frames, got ${show(sequences)}`);
  if (sequences.length === 0) throw new RangeError("padFrames: expected at least one sequence of frames, got none");
  const read = sequences.map(readFrames);
  const [{ width: F }] = read;
  const other = read.findIndex(({ width }) => width !== F);
  if (other >= 0) {
    throw new RangeError(
      `padFrames: expected frames of ${F} numbers, as the first, got ${read[other].width} at ${other}`,
    );
  }
  const lengths = Int32Array.from(read, ({ length }) => length);
  const B = read.length;
  const source = zeros([lengths.reduce((longest, length) => Math.max(longest, length)), B, F]);
  const floats = writableFloats(source);
  read.forEach(({ data, length }, b) => {
    for (let t = 0; t < length; t++) for (let f = 0; f < F; f++) floats[(t * B + b) * F + f] = data[t * F + f];
  });
  return { source, lengths };
}

/** Pads pairs into a batch. Throws as {@link padFrames} does. */
export function makeFrameBatch(pairs: readonly FramePair[]): Batch<Tensor> {
  if (!Array.isArray(pairs)) throw new TypeError(`makeFrameBatch: expected a list of pairs, got ${show(pairs)}`);
  const strange = pairs.findIndex((pair) => countFrames(pair?.source) === undefined || !isList(pair.target));
  if (strange >= 0) {
    const got = `${show(pairs[strange])} at ${strange}`;
    throw new TypeError(`makeFrameBatch: expected pairs { source, target } of frames and token ids, got ${got}`);
  }
  const { source, lengths } = padFrames(pairs.map((pair) => pair.source));
  return { source, sourceLengths: lengths, ...padTargets(pairs.map((pair) => pair.target)) };
}

function readFrames(frames: Frames, index: number): { data: ArrayLike<number>; length: number; width: number } {
  const length = countFrames(frames);
  if (length === undefined) {
    const got = frames instanceof Tensor ? formatShape(frames.shape) : show(frames);
    throw new TypeError(`padFrames: expected a tensor [T, F] or { data, frames }, got ${got} at ${index}`);
  }
  const data = frames instanceof Tensor ? floatsOf(frames) : frames.data;
  const width = data.length / length;
  if (!(Number.isInteger(length) && length >= 1 && Number.isInteger(width) && width >= 1)) {
    throw new RangeError(
      `padFrames: expected one frame or more, all of one width, got ${data.length} numbers in ${length} at ${index}`,
    );
  }
  checkFinite("padFrames", frames, index);
  return { data, length, width };
}

/** Throws `RangeError` on a number that is not finite, of frames that stand at `index`. */
export function checkFinite(op: string, frames: Frames, index: number): void {
  const data = frames instanceof Tensor ? floatsOf(frames) : frames.data;
  const width = data.length / (countFrames(frames) as number);
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const place = `in frame ${Math.floor(i / width)} at ${index}`;
    throw new RangeError(`${op}: expected finite numbers, got ${show(data[i])} ${place}`);
  }
}
