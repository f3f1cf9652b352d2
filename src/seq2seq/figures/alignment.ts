import { show } from "../../show.js";
import { escapeXml, largest, lineFromTo, page, round, textAt, widthOf } from "./svg.js";

/** Where a model looked while it wrote. */
export interface Alignment {
  /** The tokens read, in the order in which the sentence has them. */
  readonly source: readonly string[];
  /** The tokens written. */
  readonly target: readonly string[];
  /** weights[t][s]: how much of source token s was read when target token t was written; each row adds up to 1. */
  readonly weights: readonly (readonly number[])[];
}

const CELL = 26;
const EDGE = 16;
/** Longer labels end in dots. */
const LONGEST = 24;
/** A cell with less weight could not be told from none: it is left out, as long sentences have thousands of them. */
const LEAST = 0.004;
const END = "<eos>";

/**
 * Attention weights as an SVG picture: a grid of cells, the darker (on a dark page, the lighter) the more weight, a row
 * for each token written and a column for each token read (Bahdanau et al., 2015, figure 3). A row or column beyond the
 * tokens is that of the end of the sentence. Pointing at a cell shows its number.
 *
 * Throws `RangeError` when there are not as many weights as tokens (or one more), or one is not from 0 to 1.
 *
 * @example
 * drawAlignment({ source: ["a", "dog"], target: ["un", "chien"], weights: [[0.9, 0.1], [0.2, 0.8]] });
 */
export function drawAlignment({ source, target, weights }: Alignment): string {
  const rows = labels("rows", target, weights.length);
  const columns = labels("columns", source, weights[0]?.length ?? 0);
  checkWeights(weights, columns.length);
  const left = EDGE + largest(rows.map(widthOf)) + 10;
  // Column labels stand at 45°: as high as they are wide to the right of their column.
  const lean = largest(columns.map((label, j) => widthOf(label) * Math.SQRT1_2 - (columns.length - j - 0.5) * CELL));
  const top = EDGE + largest(columns.map(widthOf)) * Math.SQRT1_2 + 16;
  const [right, bottom] = [left + columns.length * CELL, top + rows.length * CELL];
  const lines = [
    ...columns.map((_, j) => lineFromTo([left + j * CELL, top], [left + j * CELL, bottom], "grid")),
    ...rows.map((_, i) => lineFromTo([left, top + i * CELL], [right, top + i * CELL], "grid")),
    lineFromTo([right, top], [right, bottom], "grid"),
    lineFromTo([left, bottom], [right, bottom], "grid"),
  ];
  const cells = rows.flatMap((row, i) =>
    columns.flatMap((column, j) => cell(left + j * CELL, top + i * CELL, weights[i][j], `${row} ← ${column}`)),
  );
  return page(
    right + Math.max(lean, 0) + EDGE,
    bottom + EDGE,
    `Attention: what "${target.join(" ")}" looks at in "${source.join(" ")}"`,
    [
      ...cells,
      ...lines,
      ...columns.map((label, j) => textAt([left + (j + 0.6) * CELL, top - 8], label, { turn: -45 })),
      ...rows.map((label, i) => textAt([left - 8, top + (i + 0.5) * CELL + 4.5], label, { anchor: "end" })),
    ],
  );
}

/** The tokens as labels, with the end of sentence behind them where there is one more to label. */
function labels(what: string, tokens: readonly string[], count: number): string[] {
  if (count !== tokens.length && count !== tokens.length + 1) {
    throw new RangeError(
      `drawAlignment: expected ${tokens.length} or ${tokens.length + 1} ${what} of weights, got ${count}`,
    );
  }
  const all = count === tokens.length ? tokens : [...tokens, END];
  return all.map((token) => {
    const letters = [...token];
    return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : token;
  });
}

function checkWeights(weights: Alignment["weights"], columns: number): void {
  for (const [i, row] of weights.entries()) {
    if (row.length !== columns) {
      throw new RangeError(`drawAlignment: expected ${columns} weights in row ${i}, got ${row.length}`);
    }
    // Rounding may leave a sum of 1 a little above it.
    const wrong = [...row].find((weight) => !(weight >= 0 && weight <= 1.001));
    if (wrong !== undefined)
      throw new RangeError(`drawAlignment: expected weights from 0 to 1, got ${show(wrong)} in row ${i}`);
  }
}

function cell(x: number, y: number, weight: number, what: string): string[] {
  if (weight < LEAST) return [];
  const place = `x="${round(x)}" y="${round(y)}" width="${CELL}" height="${CELL}"`;
  const title = `<title>${escapeXml(what)}: ${weight.toFixed(2)}</title>`;
  return [`<rect ${place} class="cell" fill-opacity="${Number(Math.min(weight, 1).toFixed(3))}">${title}</rect>`];
}
