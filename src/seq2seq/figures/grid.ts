import { type Box, largest, lineFromTo, type Point, placeOf, textAt, widthOf } from "./svg.js";

/** Equal cells in rows and columns, with a label for each row and each column that has one. */
export interface Grid {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** The upper left corner of the cells. */
  readonly at: Point;
  /** Of one cell, in pixels. */
  readonly size: readonly [width: number, height: number];
}

/** The side of a cell that has room for a word. */
export const CELL = 26;
export const EDGE = 16;
/** How far apart labels stand at least: those of columns, which lean, and those of rows. */
const APART = [20, 15] as const;

/** Labels that end in dots where they were longer. */
export function shortened(labels: readonly string[], longest = 24): string[] {
  return labels.map((label) => {
    const letters = [...label];
    return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : label;
  });
}

/** The pixels above the cells that column labels need: they stand at 45°, as high as they are wide. */
export function roomAbove(columns: readonly string[]): number {
  return largest(columns.map(widthOf)) * Math.SQRT1_2 + 16;
}

/** The pixels to the left of the cells that row labels need. */
export function roomBeside(rows: readonly string[]): number {
  return largest(rows.map(widthOf)) + 10;
}

export function boxOf({ rows, columns, at: [left, top], size: [width, height] }: Grid): Box {
  return { left, right: left + columns.length * width, top, bottom: top + rows.length * height };
}

/** How far the last labels lean out over the right end of the cells. */
export function leanOf({ columns, size: [width] }: Grid): number {
  return largest(columns.map((label, j) => widthOf(label) * Math.SQRT1_2 - (columns.length - j - 0.5) * width));
}

/** Lines between the cells and around them. */
export function gridLines(grid: Grid): string[] {
  const { rows, columns, size } = grid;
  const { left, right, top, bottom } = boxOf(grid);
  return [
    ...columns.map((_, j) => lineFromTo([left + j * size[0], top], [left + j * size[0], bottom], "grid")),
    ...rows.map((_, i) => lineFromTo([left, top + i * size[1]], [right, top + i * size[1]], "grid")),
    lineFromTo([right, top], [right, bottom], "grid"),
    lineFromTo([left, bottom], [right, bottom], "grid"),
  ];
}

/** Labels above the columns and beside the rows; where the cells are too small for all of them, every second, third, … */
export function gridLabels({ rows, columns, at: [left, top], size: [width, height] }: Grid): string[] {
  const shown = (labels: readonly string[], apart: number, size: number) =>
    [...labels.entries()].filter(([i, label]) => label !== "" && i % Math.ceil(apart / size) === 0);
  return [
    ...shown(columns, APART[0], width).map(([j, label]) =>
      textAt([left + (j + 0.6) * width, top - 8], label, { turn: -45 }),
    ),
    ...shown(rows, APART[1], height).map(([i, label]) =>
      textAt([left - 8, top + (i + 0.5) * height + 4.5], label, { anchor: "end" }),
    ),
  ];
}

/** Where the cell of a row and a column stands, as attributes of a rectangle. */
export function cellPlace({ at: [left, top], size: [width, height] }: Grid, row: number, column: number): string {
  const [x, y] = [left + column * width, top + row * height];
  return placeOf({ left: x, right: x + width, top: y, bottom: y + height });
}
