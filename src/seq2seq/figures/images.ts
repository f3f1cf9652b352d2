import { anything, checkEach, checkOptions, integer, type OptionTable, text } from "../../options.js";
import { checkTexts } from "../text/checkText.js";
import { EDGE, shortened } from "./grid.js";
import { isNumbers } from "./levels.js";
import { greyImage } from "./shade.js";
import { type Box, frame, largest, page, textAt, widthOf } from "./svg.js";

/** Small grey images of one size. */
export interface ImageSheet {
  readonly title: string;
  /** For each image the brightness of its pixels from 0, black, to 1, white, in rows from the top. */
  readonly images: readonly ArrayLike<number>[];
  /** Of each image, in pixels. */
  readonly width: number;
  readonly height: number;
  /** A label for each image, below it. */
  readonly labels?: readonly string[];
  /** How many images stand beside one another. Default 10. */
  readonly columns?: number;
}

const HEAD = 48;
/** The side of an image on the sheet is about this many pixels. */
const SIDE = 60;
const GAP = 8;
const OPTIONS: OptionTable<ImageSheet> = {
  ...{ title: text(), images: anything(), width: integer(1), height: integer(1), labels: anything() },
  columns: integer(1, 10),
};

/**
 * A sheet of small grey images, such as digits that a model generated, as an SVG picture. A brightness beyond 0 and 1 is
 * taken for the nearer of the two, one that is not a number for 0.
 *
 * Throws `RangeError` unless each image has `width` times `height` pixels and, if there are labels, one.
 *
 * @example
 * drawImages({ title: "Generated digits", images: [pixels], width: 28, height: 28, labels: ["7"] });
 */
export function drawImages(sheet: ImageSheet): string {
  checkOptions("drawImages", OPTIONS, sheet, ["title", "width", "height"]);
  const { title, width, height, columns = 10 } = sheet;
  const images = checkImages(sheet);
  const labels = shortened(sheet.labels ?? []);
  const scale = Math.max(Math.round(SIDE / Math.max(width, height)), 1);
  const across = Math.max(scale * width, largest(labels.map(widthOf))) + GAP;
  const down = scale * height + GAP + (labels.length > 0 ? 18 : 0);
  const parts = images.flatMap((image, i) => {
    const left = EDGE + (i % columns) * across + (across - GAP - scale * width) / 2;
    const top = HEAD + Math.floor(i / columns) * down;
    const box: Box = { left, right: left + scale * width, top, bottom: top + scale * height };
    const label = textAt([(left + box.right) / 2, box.bottom + 15], labels[i] ?? "", {
      kind: "soft",
      anchor: "middle",
    });
    return [greyImage(box, image, width, height), frame(box), ...(labels.length > 0 ? [label] : [])];
  });
  const right = EDGE + Math.min(images.length, columns) * across - GAP;
  const bottom = HEAD + Math.ceil(images.length / columns) * down - GAP;
  return page(Math.max(right, EDGE + 1.25 * widthOf(title)) + EDGE, Math.max(bottom, HEAD) + EDGE, title, [
    textAt([EDGE, 28], title, { kind: "title" }),
    ...parts,
  ]);
}

function checkImages({ images, width, height, labels }: ImageSheet): readonly ArrayLike<number>[] {
  checkEach("drawImages", "images", "lists of numbers", images, isNumbers);
  for (const [i, image] of images.entries()) {
    if (image.length !== width * height) {
      throw new RangeError(`drawImages: expected ${width} × ${height} pixels in image ${i}, got ${image.length}`);
    }
  }
  if (labels === undefined) return images;
  checkTexts("drawImages", "labels", labels);
  if (labels.length === images.length) return images;
  throw new RangeError(`drawImages: expected labels of ${images.length} images, got ${labels.length}`);
}
