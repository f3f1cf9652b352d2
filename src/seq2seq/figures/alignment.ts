import { asObject, checkEach } from "../../options.js";
import { show } from "../../show.js";
import { checkTexts } from "../text/checkText.js";
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
import { isNumbers } from "./levels.js";
import { shadedCell } from "./shade.js";
import { page } from "./svg.js";

/** Where a model looked while it wrote. */
export interface Alignment {
  /** The tokens read, in the order in which the sentence has them. */
  readonly source: readonly string[];
  /** The tokens written. */
  readonly target: readonly string[];
  /** weights[t][s]: how much of source token s was read when target token t was written; each row adds up to 1. */
  readonly weights: readonly (readonly number[])[];
}

const END = "<eos>";

/**
 * Attention weights as an SVG picture: a grid of cells, the darker (on a dark page, the lighter) the more weight, a row
 * for each token written and a column for each token read (Bahdanau et al., 2015, figure 3). A row or column beyond the
 * tokens is that of the end of the sentence. Pointing at a cell shows its number.
 *
 * Throws `RangeError` when there are not as many weights as tokens (or one more), or one is not from 0 to 1, and `TypeError` on
 * what are no tokens or weights.
 *
 * @example
 * drawAlignment({ source: ["a", "dog"], target: ["un", "chien"], weights: [[0.9, 0.1], [0.2, 0.8]] });
 */
export function drawAlignment(alignment: Alignment): string {
  asObject("drawAlignment", "an alignment", alignment);
  const { source, target, weights } = alignment;
  checkTexts("drawAlignment", "source tokens", source);
  checkTexts("drawAlignment", "target tokens", target);
  checkWeights("drawAlignment", weights, target);
  const width = weights[0]?.length ?? 0;
  checkCount("drawAlignment", "columns", source, width);
  const [rows, columns] = [labels(target, weights.length), labels(source, width)];
  const at = [EDGE + roomBeside(rows), EDGE + roomAbove(columns)] as const;
  const grid: Grid = { rows, columns, at, size: [CELL, CELL] };
  const { right, bottom } = boxOf(grid);
  const cells = rows.flatMap((row, i) =>
    columns.flatMap((column, j) => {
      const weight = weights[i][j];
      return shadedCell(cellPlace(grid, i, j), weight, `${row} ← ${column}: ${weight.toFixed(2)}`);
    }),
  );
  return page(
    right + Math.max(leanOf(grid), 0) + EDGE,
    bottom + EDGE,
    `Attention: what "${target.join(" ")}" looks at in "${source.join(" ")}"`,
    [...cells, ...gridLines(grid), ...gridLabels(grid)],
  );
}

/** The tokens as labels, with the end of sentence behind them where there is one more to label. */
function labels(tokens: readonly string[], count: number): string[] {
  return shortened(count === tokens.length ? tokens : [...tokens, END]);
}

/** Throws unless these are weights from 0 to 1 in rows of one length, one for each token written or one more. */
export function checkWeights(op: string, weights: Alignment["weights"], tokens: readonly string[]): void {
  checkEach(op, "rows of weights", "lists of numbers", weights, isNumbers);
  checkCount(op, "rows", tokens, weights.length);
  for (const [i, row] of weights.entries()) {
    if (row.length !== weights[0].length) {
      throw new RangeError(`${op}: expected ${weights[0].length} weights in row ${i}, got ${row.length}`);
    }
    // Rounding may leave a sum of 1 a little above it.
    const wrong = [...row].find((weight) => !(weight >= 0 && weight <= 1.001));
    if (wrong !== undefined)
      throw new RangeError(`${op}: expected weights from 0 to 1, got ${show(wrong)} in row ${i}`);
  }
}

function checkCount(op: string, what: string, { length }: readonly string[], count: number): void {
  if (count === length || count === length + 1) return;
  throw new RangeError(`${op}: expected ${length} or ${length + 1} ${what} of weights, got ${count}`);
}
