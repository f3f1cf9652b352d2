import { type Axes, type AxesOptions, axes, logRangeOf, type Range, rangeOf, roomForNumbers } from "./axes.js";
import { circle, lineFromTo, type Point, polyline, textAt, widthOf } from "./svg.js";

/** One line of a panel. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** Its colour, `seriesN`. */
  readonly kind: string;
  /** Whether each point is marked, as there are few. */
  readonly dots?: boolean;
}

/** A plot with its title and legend above it. */
export interface Panel extends AxesOptions {
  readonly title: string;
  readonly series: readonly Series[];
  /** What its x counts, below its right end. */
  readonly xLabel: string;
  /** Drawn below the others, and cut off where it would leave the panel. */
  readonly behind?: readonly Point[];
  /** The x whose points have a ring. */
  readonly ringed?: number;
}

export const WIDTH = 820;
/** At least: long numbers need more. */
const LEFT = 64;
const RIGHT = 32;
/** The height of a panel with its legend above and its numbers below, and the plot in it. */
export const PANEL = 280;
const PLOT = { top: 44, bottom: 36 };

/** A panel whose upper edge is at `y`, with the x axis of `xRange`. */
export function drawPanel(panel: Panel, y: number, xRange: Range): string[] {
  const { title, series, xLabel, behind = [], ringed } = panel;
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const range = panel.yScale === "log" ? logRangeOf(values) : rangeOf(values);
  const left = Math.max(LEFT, roomForNumbers(range, panel.yScale));
  const box = { left, right: WIDTH - RIGHT, top: y + PLOT.top, bottom: y + PANEL - PLOT.bottom };
  const { place, parts }: Axes = axes(box, xRange, range, panel);
  const inside = behind.map(([x, value]) => place(x, Math.min(Math.max(value, range[0]), range[1])));
  return [
    ...legend(series, title, y + 22),
    ...parts,
    textAt([box.right, box.bottom + 34], xLabel, { kind: "soft", anchor: "end" }),
    ...polyline(inside, "faint series0"),
    ...series.flatMap(({ points, kind, dots }) => [
      ...polyline(
        points.map(([x, value]) => place(x, value)),
        `line ${kind}`,
      ),
      ...(dots ? points.map(([x, value]) => circle(place(x, value), 1.5, `dot ${kind}`)) : []),
      ...(dots
        ? points.filter(([x]) => x === ringed).map(([x, value]) => circle(place(x, value), 6, `ring ${kind}`))
        : []),
    ]),
  ];
}

/** The panel's title and, in a row behind it, a stroke and a name for each line that has a point. */
function legend(series: readonly Series[], title: string, y: number): string[] {
  const parts = [textAt([16, y], title)];
  let x = 16 + widthOf(title) + 24;
  for (const { name, points, kind } of series) {
    if (points.length === 0) continue;
    parts.push(lineFromTo([x, y - 4], [x + 20, y - 4], `line ${kind}`), textAt([x + 26, y], name, { kind: "soft" }));
    x += 26 + widthOf(name) + 20;
  }
  return parts;
}
