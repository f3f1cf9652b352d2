import {
  anything,
  checkEach,
  checkOption,
  checkOptions,
  isObject,
  type OptionTable,
  oneOf,
  text,
} from "../../options.js";
import { type AxesOptions, rangeOf } from "./axes.js";
import { isShown } from "./levels.js";
import { drawPanel, PANEL, WIDTH } from "./panel.js";
import { type Point, page, SERIES, textAt } from "./svg.js";

/** A named line through points, from left to right. */
export interface ChartLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart extends AxesOptions {
  readonly title: string;
  /** What is read upwards, such as "BLEU"; it stands before the lines' names. */
  readonly yLabel: string;
  /** What is read to the right, such as "steps". */
  readonly xLabel: string;
  readonly lines: readonly ChartLine[];
}

const HEAD = 48;
/** Points of a line with more than these run into one another, and are not marked. */
const DOTS = 60;
const OPTIONS: OptionTable<LineChart> = {
  ...{ title: text(), yLabel: text(), xLabel: text(), lines: anything() },
  ...{ yScale: oneOf(["linear", "log"]), xTicks: anything() },
};

/**
 * Lines over one another, as an SVG picture: several runs by one score, or a score by the length of a sentence. Points that
 * are not finite, or beyond ±1e300, or not above 0 on a logarithmic axis, are left out, and those of a line with up to 60
 * are marked; of more than six lines the colours repeat.
 *
 * Throws `TypeError` and `RangeError` on what are no lines.
 *
 * @example
 * const lines = [{ name: "reversed", points: [[1, 12], [2, 20]] }, { name: "as it is", points: [[1, 8], [2, 15]] }];
 * drawLines({ title: "Reading backwards", yLabel: "BLEU", xLabel: "epochs", lines });
 */
export function drawLines(chart: LineChart): string {
  checkOptions("drawLines", OPTIONS, chart, ["title", "yLabel", "xLabel"]);
  checkLines(chart);
  const { title, xLabel, yLabel, yScale, lines } = chart;
  const hasPlace = ([x, y]: readonly number[]): boolean => isShown(x) && isShown(y) && (yScale !== "log" || y > 0);
  const series = lines.map(({ name, points }, i) => ({
    ...{ name, kind: `series${i % SERIES}`, dots: points.length <= DOTS },
    points: points.filter((point): point is Point => hasPlace(point)),
  }));
  const xTicks = chart.xTicks?.filter(([x]) => isShown(x));
  const xRange = rangeOf([...series.flatMap(({ points }) => points), ...(xTicks ?? [])].map(([x]) => x));
  return page(WIDTH, HEAD + PANEL, title, [
    textAt([16, 28], title, { kind: "title" }),
    ...drawPanel({ title: yLabel, xLabel, series, yScale, xTicks }, HEAD, xRange),
  ]);
}

function checkLines({ lines, xTicks = [] }: LineChart): void {
  checkEach("drawLines", "lines", "objects", lines, isObject);
  for (const [i, { name, points }] of lines.entries()) {
    checkOption("drawLines", `the name of line ${i}`, text(), name);
    checkEach("drawLines", `points of line ${i}`, "pairs of numbers", points, isPair);
  }
  const isTick = (tick: unknown): tick is readonly unknown[] => isPair(tick) && typeof tick[1] === "string";
  checkEach("drawLines", "xTicks", "pairs of a number and a string", xTicks, isTick);
}

/** What they hold need not be numbers: JSON has null for NaN. */
function isPair(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length === 2;
}
