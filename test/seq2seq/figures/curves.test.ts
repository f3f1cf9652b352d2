import { describe, expect, test } from "vitest";
import { drawCurves, type ValidationPoint } from "../../../src/seq2seq/figures/index.js";
import { wrong } from "../../support/wrong.js";
import { all, type Element, parseXml } from "../../support/xml.js";

const validation = (step: number, scores: Record<string, number>, best = false): ValidationPoint => ({
  step,
  scores,
  best,
});
const draw = (loss: readonly number[], validations: readonly ValidationPoint[] = []): Element =>
  parseXml(drawCurves({ steps: { loss }, validations }));
const texts = (picture: Element): string[] => all(picture, "text").map(({ text }) => text);
const points = ({ attributes }: Element): number[][] =>
  attributes.points.split(" ").map((xy) => xy.split(",").map(Number));
const heights = (picture: Element, kind: string): number[] =>
  all(picture, "polyline", kind)
    .filter(({ attributes }) => attributes.class.includes("line"))
    .flatMap((line) => points(line).map(([, y]) => y));

describe("drawCurves", () => {
  test("places losses and scores where their numbers say", () => {
    const picture = draw(
      [4, 3, 2, 1],
      [validation(2, { loss: 3, bleu: 10 }), validation(4, { loss: 2, bleu: 40, chrf: 50 }, true)],
    );
    expect(texts(picture)).toEqual(expect.arrayContaining(["training loss", "validation loss", "BLEU", "chrF"]));
    const [training] = all(picture, "polyline", "line").filter(({ attributes }) =>
      attributes.class.includes("series0"),
    );
    const [validated] = all(picture, "polyline", "series1");
    // Of four steps a hundredth is none: nothing is smoothed, and both lines go through (2, 3).
    expect(points(training)[1]).toEqual(points(validated)[0]);
    const [from, to] = points(training)
      .map(([, y]) => y)
      .toSorted((a, b) => a - b)
      .filter((_, i) => i % 3 === 0);
    const level = (y: string) =>
      all(picture, "text").filter(({ text, attributes }) => text === y && Number(attributes.y) < 330);
    expect(from).toBeCloseTo(Number(level("4")[0].attributes.y) - 4, 1);
    expect(to).toBeCloseTo(Number(level("1")[0].attributes.y) - 4, 1);
    expect(heights(picture, "series2")[1]).toBeLessThan(heights(picture, "series2")[0]); // more BLEU stands higher
  });

  test("rings the last best validation, in every panel", () => {
    const scores = { loss: 1, bleu: 20 };
    const picture = draw([1, 1, 1], [validation(1, scores, true), validation(2, scores, true), validation(3, scores)]);
    const rings = all(picture, "circle", "ring").slice(1); // the first is the legend's
    const dots = all(picture, "circle", "dot");
    expect(rings.map(({ attributes }) => attributes.cx)).toEqual([dots[1].attributes.cx, dots[1].attributes.cx]);
    expect(texts(picture)).toContain("the best validation");
    expect(texts(draw([1], [validation(1, scores)]))).not.toContain("the best validation");
  });

  test("smooths over a hundredth of the run, and shows the raw losses faintly behind", () => {
    const losses = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : 3));
    const picture = draw(losses);
    const spread = (kind: string): number => {
      const [line] = all(picture, "polyline", kind);
      const late = points(line)
        .slice(500)
        .map(([, y]) => y);
      return Math.max(...late) - Math.min(...late);
    };
    expect(spread("line")).toBeLessThan(0.15 * spread("faint"));
  });

  test("draws a hundred thousand steps in little, and loses no peak", () => {
    const losses = new Array<number>(100_000).fill(1);
    losses[65_432] = 2;
    const svg = drawCurves({ steps: { loss: losses }, validations: [validation(1, { loss: 4 })] });
    expect(svg.length).toBeLessThan(60_000);
    const [raw] = all(parseXml(svg), "polyline", "faint").map(points);
    const peak = raw.reduce((high, point) => (point[1] < high[1] ? point : high));
    const [left, right] = [raw[0][0], raw.at(-1)![0]];
    expect((peak[0] - left) / (right - left)).toBeCloseTo(0.65432, 3);
  });

  test("keeps a single wild loss inside its panel", () => {
    const losses = new Array<number>(1000).fill(1);
    losses[500] = 1e6;
    const ys = all(draw(losses), "polyline", "faint")
      .flatMap(points)
      .map(([, y]) => y);
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(92);
  });

  test("gives scores of another size a panel of their own", () => {
    const scores = { loss: 1, bleu: 30, accuracy: 0.5, chrf: 50, perplexity: 900 };
    const picture = draw([1, 1], [validation(1, scores), validation(2, scores)]);
    const panelOf = (kind: string): number => Math.floor((heights(picture, kind)[0] - 48) / 280);
    expect(["series1", "series2", "series3", "series4", "series5"].map(panelOf)).toEqual([0, 1, 2, 1, 3]);
    expect(Number(picture.attributes.height)).toBe(48 + 4 * 280);
  });

  test.each<[string, number[], ValidationPoint[], string[], string[]]>([
    ["nothing", [], [], ["no step and no validation yet"], ["training loss", "steps"]],
    ["one step", [2], [], ["training loss", "steps"], ["validation loss", "scores on the validation data"]],
    ["one validation", [], [validation(9, { loss: 1 }, true)], ["validation loss"], ["training loss"]],
    ["scores without a loss", [], [validation(9, { accuracy: 0 })], ["accuracy"], ["validation loss", "loss"]],
    ["a score that came later", [1, 1], [validation(1, {}), validation(2, { bleu: 1 })], ["BLEU"], ["validation loss"]],
    [
      "numbers that are none",
      [Number.NaN, Number.POSITIVE_INFINITY],
      [validation(1, { bleu: Number.NaN })],
      ["no step and no validation yet"],
      ["BLEU"],
    ],
    [
      "numbers too large to measure",
      new Array<number>(3000).fill(1e307),
      [validation(1, { bleu: -1.7e308 }), validation(Number.POSITIVE_INFINITY, { bleu: 2 })],
      ["no step and no validation yet"],
      ["BLEU"],
    ],
    ["numbers as large as are shown", new Array<number>(3000).fill(1e300), [], ["training loss"], []],
    ["a score with a name from anywhere", [1], [validation(1, { "<&>": 1 })], ["<&>"], []],
  ])("draws %s", (_, losses, validations, present, absent) => {
    const picture = draw(losses, validations);
    expect(texts(picture)).toEqual(expect.arrayContaining(present));
    for (const text of absent) expect(texts(picture)).not.toContain(text);
    const numbers = JSON.stringify(picture).match(/NaN|Infinity|undefined/);
    expect(numbers).toBeNull();
  });

  test.each<[unknown, string]>([
    [undefined, "expected the history of a run, got undefined"],
    [{}, "expected steps with their losses, got undefined"],
    [{ steps: {}, validations: [] }, "expected a list of losses, got undefined"],
    [{ steps: { loss: [1, "2"] }, validations: [] }, 'expected losses that are numbers, got "2" at 1'],
    [{ steps: { loss: [] } }, "expected a list of validations, got undefined"],
    [
      { steps: { loss: [] }, validations: [{ step: 1 }] },
      'expected validations that are objects with scores, got {"step":1} at 0',
    ],
  ])("refuses %j", (data, message) => {
    expect(() => drawCurves(wrong(data))).toThrow(new TypeError(`drawCurves: ${message}`));
  });
});
