import { asObject, checkEach, isObject } from "../../options.js";
import { isShown } from "./levels.js";
import { drawPanel, PANEL, type Panel, type Series, WIDTH } from "./panel.js";
import { circle, largest, type Point, page, SERIES, textAt } from "./svg.js";

/** What of a run's history is drawn. */
export interface CurveData {
  /** The loss of each step, in nats a token or whatever the task counts. */
  readonly steps: { readonly loss: readonly number[] };
  readonly validations: readonly ValidationPoint[];
}

/** The scores of one validation, by name; `loss` is drawn beside the training loss. */
export interface ValidationPoint {
  /** Steps done before it. */
  readonly step: number;
  readonly scores: Readonly<Record<string, number>>;
  /** Whether it was the best so far. */
  readonly best: boolean;
}

type Chart = Pick<Panel, "title" | "series" | "behind">;

const HEAD = 48;
/** Raw losses are drawn as the least and the greatest of this many stretches: a hundred thousand would fill the file. */
const COLUMNS = 700;
/** The smoothed loss follows about this part of a run. */
const SMOOTHING = 0.01;
/** Scores share a panel while the highest peak is at most this many times the lowest, which would else lie on the floor. */
const ONE_SCALE = 10;
const NAMES: Readonly<Record<string, string>> = { bleu: "BLEU", chrf: "chrF", exact: "exact matches, %" };

/**
 * The curves of a run as an SVG picture, over its steps: above, the training loss (faint: as it came; smoothed over a
 * hundredth of the run) and the validation loss; below, the scores of the validations, with a panel of their own for
 * those of quite another size. The best validation has a ring. Numbers that are not finite, or beyond ±1e300, are left out.
 *
 * Throws `TypeError` on what has no losses and validations.
 *
 * @example
 * drawCurves({ steps: { loss: [2, 1.5] }, validations: [{ step: 2, scores: { loss: 1.4, bleu: 30 }, best: true }] });
 */
export function drawCurves(data: CurveData): string {
  checkData(data);
  const { steps, validations } = data;
  const raw = shown(steps.loss.map((loss, i): Point => [i + 1, loss]));
  const lossPanel: Chart = {
    title: "loss",
    behind: thin(raw),
    series: [
      { name: "training loss", points: thin(smooth(raw)), kind: "series0" },
      { name: "validation loss", points: pointsOf("loss", validations), kind: "series1", dots: true },
    ],
  };
  const panels = [lossPanel, ...scorePanels(validations)].filter(({ series }) =>
    series.some(({ points }) => points.length > 0),
  );
  const best = validations.findLast((validation) => validation.best)?.step;
  const last = Math.max(steps.loss.length, largest(validations.map(({ step }) => step).filter(isShown)), 1);
  const height = HEAD + Math.max(panels.length * PANEL, 40);
  return page(WIDTH, height, "Curves of a training run", [
    textAt([16, 28], "Training run", { kind: "title" }),
    ...(best === undefined
      ? []
      : [circle([150, 23], 6, "ring series5"), textAt([162, 28], "the best validation", { kind: "soft" })]),
    ...(panels.length === 0 ? [textAt([16, HEAD + 16], "no step and no validation yet", { kind: "soft" })] : []),
    ...panels.flatMap((panel, i) =>
      drawPanel({ ...panel, xLabel: "steps", ringed: best }, HEAD + i * PANEL, [0, last]),
    ),
  ]);
}

function checkData(data: CurveData): void {
  const { steps, validations } = asObject("drawCurves", "the history of a run", data);
  const { loss } = asObject("drawCurves", "steps with their losses", steps);
  const isLoss = (value: unknown): value is number | null => value === null || typeof value === "number"; // null is JSON's NaN
  checkEach("drawCurves", "losses", "numbers", loss, isLoss);
  const hasScores = (value: unknown): value is ValidationPoint => isObject(value) && isObject(value.scores);
  checkEach("drawCurves", "validations", "objects with scores", validations, hasScores);
}

/** All scores but the loss, those of a size together. */
function scorePanels(validations: readonly ValidationPoint[]): Chart[] {
  const names = [...new Set(validations.flatMap(({ scores }) => Object.keys(scores)))].filter(
    (name) => name !== "loss",
  );
  const panels: { peaks: number[]; series: Series[] }[] = [];
  for (const [i, name] of names.entries()) {
    const points = pointsOf(name, validations);
    const peak = largest(points.map(([, score]) => Math.abs(score)));
    const isAlike = (other: number): boolean =>
      peak === 0 || other === 0 || Math.max(peak, other) <= ONE_SCALE * Math.min(peak, other);
    const found = panels.find(({ peaks }) => peaks.every(isAlike));
    const panel = found ?? { peaks: [], series: [] };
    if (!found) panels.push(panel);
    panel.peaks.push(peak);
    panel.series.push({
      name: Object.hasOwn(NAMES, name) ? NAMES[name] : name,
      points,
      kind: `series${(i + 2) % SERIES}`,
      dots: true,
    });
  }
  return panels.map(({ series }) => ({ title: "scores on the validation data", series }));
}

function pointsOf(name: string, validations: readonly ValidationPoint[]): Point[] {
  return shown(
    validations.flatMap(({ step, scores }): Point[] => (Object.hasOwn(scores, name) ? [[step, scores[name]]] : [])),
  );
}

function shown(points: readonly Point[]): Point[] {
  return points.filter((point) => point.every(isShown));
}

/** A running mean in which what lies further back counts for less; the first steps are the mean of those before. */
function smooth(points: readonly Point[]): Point[] {
  const keep = 1 - 1 / Math.max(1, SMOOTHING * points.length);
  let [sum, weight] = [0, 0];
  return points.map(([x, value]): Point => {
    sum = keep * sum + value;
    weight = keep * weight + 1;
    return [x, sum / weight];
  });
}

/** Few enough points to draw: of each stretch of many, the least and the greatest in their order. */
function thin(points: readonly Point[]): Point[] {
  if (points.length <= 2 * COLUMNS) return [...points];
  const stretches = Array.from({ length: COLUMNS }, (_, i): Point[] => {
    const from = Math.floor((i * points.length) / COLUMNS);
    const to = Math.floor(((i + 1) * points.length) / COLUMNS);
    let [least, greatest] = [from, from];
    for (let k = from; k < to; k++) {
      if (points[k][1] < points[least][1]) least = k;
      if (points[k][1] > points[greatest][1]) greatest = k;
    }
    return [points[Math.min(least, greatest)], points[Math.max(least, greatest)]];
  });
  return [...stretches.flat(), points[points.length - 1]];
}
