import { anything, checkEach, checkOptions, type Option, type OptionTable, text } from "../../options.js";
import { checkTexts } from "../text/checkText.js";
import { format, type Range, ticks } from "./axes.js";
import {
  boxOf,
  CELL,
  cellPlace,
  EDGE,
  type Grid,
  gridLabels,
  gridLines,
  leanOf,
  roomAbove,
  roomBeside,
  shortened,
} from "./grid.js";
import { extent, isNumbers, isShown, levelOf } from "./levels.js";
import { shadedCell, shadedImage } from "./shade.js";
import { type Box, frame, largest, type Point, page, textAt, widthOf } from "./svg.js";

/** Numbers in rows and columns, and what they are of. */
export interface HeatMap {
  readonly title: string;
  /** values[row][column], the first row at the top. */
  readonly values: readonly ArrayLike<number>[];
  /** A label for each row, such as a word. Default: numbers, as `yRange` has them. */
  readonly rows?: readonly string[];
  /** A label for each column. Default: numbers, as `xRange` has them. */
  readonly columns?: readonly string[];
  /** What is read to the right, such as "seconds". */
  readonly xLabel?: string;
  /** What is read upwards or downwards. */
  readonly yLabel?: string;
  /** The numbers at the left and the right edge, where columns have no labels. Default: 0 and the number of columns. */
  readonly xRange?: Range;
  /** The numbers at the upper and the lower edge, where rows have no labels. Default: 0 and the number of rows. */
  readonly yRange?: Range;
  /** The number that has no colour and the one that has most. Default: the least and the greatest of the values. */
  readonly range?: Range;
}

const HEAD = 48;
/** All cells take no more pixels than these, while a cell has one. */
const MOST = { width: 700, height: 320 };
/** Row labels lie flat: a sentence has room. */
const LONGEST = 48;
const BAR = { gap: 20, width: 12, least: 96, steps: 64 };

const isPair = (value: unknown): value is Range =>
  Array.isArray(value) && value.length === 2 && value.every(isShown) && value[0] !== value[1];
const edges: Option<Range> = {
  initial: undefined,
  expected: "two different finite numbers up to ±1e300",
  accepts: isPair,
};
const OPTIONS: OptionTable<HeatMap> = {
  ...{ title: text(), values: anything(), rows: anything(), columns: anything(), xLabel: text(), yLabel: text() },
  ...{ xRange: edges, yRange: edges },
  range: {
    ...{ initial: undefined, expected: "a finite number and a greater one, up to ±1e300" },
    accepts: (value) => isPair(value) && value[0] < value[1],
  },
};

/**
 * Numbers as an SVG picture: a cell for each, the darker (on a dark page, the lighter) the greater, and a bar that says
 * which number has which colour. Few cells are drawn one by one, and pointing at one shows its number; many are one image.
 * Numbers that are not finite, or beyond ±1e300, are left out.
 *
 * Throws `RangeError` unless all rows have equally many values, and there are as many labels as rows or columns.
 *
 * @example
 * drawHeatMap({ title: "Attention", values: [[0.9, 0.1], [0.2, 0.8]], rows: ["un", "chien"], columns: ["a", "dog"] });
 */
export function drawHeatMap(map: HeatMap): string {
  checkOptions("drawHeatMap", OPTIONS, map, ["title"]);
  const { title, xLabel = "", yLabel = "" } = map;
  const values = checkValues(map.values);
  const [height, width] = [values.length, values[0]?.length ?? 0];
  const rows = shortened(labelsOf("rows", map.rows, height), LONGEST);
  const columns = shortened(labelsOf("columns", map.columns, width));
  const size = [cellSize(width, MOST.width), cellSize(height, MOST.height)] as const;
  const xNumbers = map.columns ? [] : numbers(map.xRange ?? [0, width], width * size[0], 80);
  const yNumbers = map.rows ? [] : numbers(map.yRange ?? [0, height], height * size[1], 40);

  const left = EDGE + roomBeside([...rows, ...yNumbers.map(({ label }) => label)]);
  const top = HEAD + (yLabel === "" ? 0 : 22) + (map.columns ? roomAbove(columns) - 10 : 0);
  const grid: Grid = { rows, columns, at: [left, top], size };
  const box = boxOf(grid);
  const range = map.range ?? extent(values);
  const bar = colourBar([box.right + BAR.gap, top], Math.max(box.bottom - top, BAR.least), range);
  const below = box.bottom + (map.columns ? 0 : 18);
  return page(
    Math.max(box.right + leanOf(grid), bar.right, EDGE + 1.25 * widthOf(title), EDGE + widthOf(yLabel)) + EDGE,
    Math.max(below + (xLabel === "" ? 0 : 18), bar.bottom) + EDGE,
    title,
    [
      textAt([EDGE, 28], title, { kind: "title" }),
      ...(yLabel === "" ? [] : [textAt([EDGE, HEAD + 2], yLabel)]),
      ...cells(grid, values, range),
      ...(map.rows || map.columns ? gridLabels(grid) : []),
      ...xNumbers.map(({ at, label }) =>
        textAt([left + at * (box.right - left), box.bottom + 18], label, { kind: "soft", anchor: "middle" }),
      ),
      ...yNumbers.map(({ at, label }) =>
        textAt([left - 8, top + at * (box.bottom - top) + 4], label, { kind: "soft", anchor: "end" }),
      ),
      ...(xLabel === "" ? [] : [textAt([box.right, below + 18], xLabel, { kind: "soft", anchor: "end" })]),
      ...bar.parts,
    ],
  );
}

function checkValues(values: HeatMap["values"]): HeatMap["values"] {
  checkEach("drawHeatMap", "rows of values", "lists of numbers", values, isNumbers);
  for (const [i, row] of values.entries()) {
    if (row.length !== values[0].length) {
      throw new RangeError(`drawHeatMap: expected ${values[0].length} values in row ${i}, got ${row.length}`);
    }
  }
  return values;
}

function labelsOf(what: string, labels: readonly string[] | undefined, count: number): readonly string[] {
  if (labels === undefined) return new Array<string>(count).fill("");
  checkTexts("drawHeatMap", `labels of ${what}`, labels);
  if (labels.length !== count) {
    throw new RangeError(`drawHeatMap: expected labels of ${count} ${what}, got ${labels.length}`);
  }
  return labels;
}

/** Whole pixels, as an image of uneven ones looks uneven; below one there is no choice. */
function cellSize(count: number, most: number): number {
  const size = Math.min(CELL, most / Math.max(count, 1));
  return size < 1 ? size : Math.floor(size);
}

/** The cells one by one where each has room for a word; else as one image with a frame. */
function cells(grid: Grid, values: HeatMap["values"], range: Range): string[] {
  const box = boxOf(grid);
  if (grid.size.some((side) => side < CELL)) {
    const levels = values.flatMap((row) => Array.from(row, (value) => levelOf(value, range)));
    return [...shadedImage(box, levels, grid.columns.length, values.length), frame(box)];
  }
  const one = (value: number, i: number, j: number): string[] => {
    const [row, column] = [grid.rows[i] || `row ${i + 1}`, grid.columns[j] || `column ${j + 1}`];
    const what = `${row}, ${column}: ${Number(value.toPrecision(4))}`;
    return isShown(value) ? shadedCell(cellPlace(grid, i, j), levelOf(value, range), what) : [];
  };
  return [...values.flatMap((row, i) => Array.from(row).flatMap((value, j) => one(value, i, j))), ...gridLines(grid)];
}

/** The colours with their numbers, the greatest at the top. */
function colourBar([left, top]: Point, height: number, range: Range) {
  const box: Box = { left, right: left + BAR.width, top, bottom: top + height };
  const levels = Array.from({ length: BAR.steps }, (_, i) => 1 - i / (BAR.steps - 1));
  const marks = numbers([range[1], range[0]], height, 40);
  const parts = [
    ...shadedImage(box, levels, 1, BAR.steps),
    frame(box),
    ...marks.map(({ at, label }) => textAt([box.right + 6, top + at * height + 4], label, { kind: "soft" })),
  ];
  return { parts, right: box.right + 6 + largest(marks.map(({ label }) => widthOf(label))), bottom: box.bottom };
}

/** Round numbers between those at two edges, and at what part of the way from the first to the last each stands. */
function numbers([first, last]: Range, pixels: number, apart: number): { label: string; at: number }[] {
  const values = ticks([Math.min(first, last), Math.max(first, last)], Math.max(pixels / apart, 1));
  return values.map((value) => ({ label: format(value), at: first === last ? 0 : (value - first) / (last - first) }));
}
