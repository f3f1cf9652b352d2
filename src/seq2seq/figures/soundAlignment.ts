import { anything, checkOptions, integer, type OptionTable, positive, text } from "../../options.js";
import { checkTensors } from "../../tensor/checks.js";
import { formatShape } from "../../tensor/shape.js";
import { floatsOf, type Tensor } from "../../tensor/tensor.js";
import { checkTexts } from "../text/checkText.js";
import { checkWeights } from "./alignment.js";
import { format, ticks } from "./axes.js";
import { EDGE, gridLabels, roomBeside } from "./grid.js";
import { extent, levelOf } from "./levels.js";
import { shadedImage } from "./shade.js";
import { type Box, frame, page, textAt, widthOf } from "./svg.js";

/** Which moments of a sound were looked at while a text was written. */
export interface SoundAlignment {
  /** What was written. */
  readonly text: string;
  /** [T, B]: for each of T frames its B bands from the lowest. */
  readonly frames: Tensor;
  /** Milliseconds from one frame to the next. */
  readonly hop: number;
  /** The tokens written. */
  readonly tokens: readonly string[];
  /** weights[i][s]: how much token i was made of step s; a row more than tokens is that of the text's end. */
  readonly weights: readonly (readonly number[])[];
  /** How many frames a step is of. */
  readonly stride: number;
}

const OPTIONS: OptionTable<SoundAlignment> = {
  ...{ text: text(), frames: anything(), hop: positive(), tokens: anything(), weights: anything(), stride: integer(1) },
};

const HEAD = 44;
const WIDTH = 700;
const SPECTROGRAM = 160;
const ROW = 18;
const GAP = 10;
const END = "<eos>";

/**
 * A spectrogram and below it, over the same seconds, where a model looked while it wrote: a row for each token, the darker (on a
 * dark page, the lighter) the more weight. Numbers of frames that are not finite, or beyond ±1e300, are left out.
 * (Chan et al., 2016, figure 2)
 *
 * Throws `RangeError` unless the frames are of shape [T, B], with a row of weights for each token (or one more) and a weight from
 * 0 to 1 for each step; `TypeError` on what are no frames, tokens or weights.
 *
 * @example
 * writeFileSync("seven.svg", drawSoundAlignment(transcriber.align(sound)));
 */
export function drawSoundAlignment(alignment: SoundAlignment): string {
  checkOptions("drawSoundAlignment", OPTIONS, alignment, ["text", "hop", "stride"]);
  checkShapes(alignment);
  const { text: title, frames, hop, weights, stride } = alignment;
  const [T, B] = frames.shape;
  const rows = weights.map((_, i) => shownToken(alignment.tokens[i] ?? END));
  const left = EDGE + roomBeside(rows);
  const above: Box = { left, right: left + WIDTH, top: HEAD, bottom: HEAD + SPECTROGRAM };
  const below: Box = { ...above, top: above.bottom + GAP, bottom: above.bottom + GAP + ROW * rows.length };
  // Each frame is under its own column of the spectrogram.
  const looks = weights.flatMap((row) => Array.from({ length: T }, (_, t) => row[Math.floor(t / stride)]));
  const seconds = (T * hop) / 1000;
  return page(
    Math.max(above.right, EDGE + 1.25 * widthOf(title)) + EDGE,
    below.bottom + 36 + EDGE,
    `What "${title}" was heard from`,
    [
      textAt([EDGE, 28], title, { kind: "title" }),
      ...shadedImage(above, levelsOf(frames), T, B),
      frame(above),
      ...shadedImage(below, looks, T, rows.length),
      frame(below),
      ...gridLabels({ rows, columns: [], at: [left, below.top], size: [0, ROW] }),
      ...ticks([0, seconds], 8).map((second) =>
        textAt([left + (WIDTH * second) / seconds, below.bottom + 18], format(second), {
          ...{ kind: "soft", anchor: "middle" },
        }),
      ),
      textAt([below.right, below.bottom + 36], "seconds", { kind: "soft", anchor: "end" }),
    ],
  );
}

function checkShapes({ frames, tokens, weights, stride }: SoundAlignment): void {
  checkTensors("drawSoundAlignment", frames);
  const [T, B] = frames.shape;
  if (frames.shape.length !== 2 || T === 0 || B === 0) {
    throw new RangeError(`drawSoundAlignment: expected frames [T, B], got ${formatShape(frames.shape)}`);
  }
  checkTexts("drawSoundAlignment", "tokens", tokens);
  checkWeights("drawSoundAlignment", weights, tokens);
  const steps = Math.ceil(T / stride);
  const other = weights.find((row) => row.length !== steps);
  if (!other) return;
  throw new RangeError(`drawSoundAlignment: expected rows of ${steps} weights, got one of ${other.length}`);
}

/** A space is seen as a mark. */
function shownToken(token: string): string {
  return token.trim() === "" ? "␣" : token;
}

/** The frames as levels from 0 to 1, the highest band at the top. */
function levelsOf(frames: Tensor): Float64Array {
  const [T, B] = frames.shape;
  const floats = floatsOf(frames);
  const range = extent([floats]);
  return Float64Array.from({ length: T * B }, (_, i) =>
    levelOf(floats[(i % T) * B + (B - 1 - Math.floor(i / T))], range),
  );
}
