import { anything, checkEach, checkOptions, type OptionTable, positive, text } from "../../options.js";
import { checkTensors } from "../../tensor/checks.js";
import { formatShape } from "../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { drawHeatMap } from "./heatMap.js";

/** How strong each band of a sound is from frame to frame. */
export interface Spectrogram {
  readonly title: string;
  /** [T, B]: for each of T frames its B bands from the lowest, such as log-mel features. */
  readonly frames: Tensor;
  /** Milliseconds from one frame to the next. Default 10. */
  readonly hop?: number;
  /** The frequency in the middle of each band, in Hz. Default: bands are numbered from 1. */
  readonly frequencies?: readonly number[];
}

const OPTIONS: OptionTable<Spectrogram> = {
  title: text(),
  frames: anything(),
  hop: positive(10),
  frequencies: anything(),
};

/**
 * A spectrogram as an SVG picture: time to the right, in seconds, and bands upwards.
 *
 * Throws `RangeError` unless the frames are of shape [T, B], with a band at least and as many frequencies as bands.
 *
 * @example
 * drawSpectrogram({ title: "seven", frames: logMel(samples, { sampleRate: 8000 }) });
 */
export function drawSpectrogram(spectrogram: Spectrogram): string {
  checkOptions("drawSpectrogram", OPTIONS, spectrogram, ["title"]);
  const { title, frames, hop = 10, frequencies } = spectrogram;
  checkTensors("drawSpectrogram", frames);
  if (frames.shape.length !== 2 || frames.shape[1] === 0) {
    throw new RangeError(`drawSpectrogram: expected frames of shape [T, B], got ${formatShape(frames.shape)}`);
  }
  const [steps, bands] = frames.shape;
  const isHertz = (hertz: unknown): hertz is number => Number.isFinite(hertz);
  if (frequencies !== undefined) checkEach("drawSpectrogram", "frequencies", "finite numbers", frequencies, isHertz);
  if (frequencies !== undefined && frequencies.length !== bands) {
    throw new RangeError(`drawSpectrogram: expected frequencies of ${bands} bands, got ${frequencies.length}`);
  }
  const floats = floatsOf(frames);
  const values = Array.from({ length: bands }, (_, i) =>
    Float64Array.from({ length: steps }, (_, t) => floats[t * bands + bands - 1 - i]),
  );
  return drawHeatMap({
    ...{ title, values, xLabel: "seconds", yLabel: frequencies ? "Hz" : "band" },
    ...{ xRange: [0, Math.max(steps, 1) * (hop / 1000)], yRange: [bands + 0.5, 0.5] },
    rows: frequencies?.toReversed().map((hertz) => Math.round(hertz).toLocaleString("en")),
  });
}
