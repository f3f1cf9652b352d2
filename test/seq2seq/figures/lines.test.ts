import { describe, expect, test } from "vitest";
import { drawLines, type LineChart } from "../../../src/seq2seq/figures/index.js";
import { all, parseXml } from "../../support/xml.js";

const chart: LineChart = {
  title: "Reading <backwards>",
  yLabel: "BLEU",
  xLabel: "epochs",
  lines: [
    {
      name: "reversed",
      points: [
        [1, 10],
        [2, 20],
        [3, Number.NaN],
      ],
    },
    {
      name: "as it is",
      points: [
        [1, 5],
        [2, 10],
      ],
    },
  ],
};

describe("drawLines", () => {
  test("places each line's points where their numbers say, all on one scale", () => {
    const picture = parseXml(drawLines(chart));
    const lines = all(picture, "polyline", "line").map(({ attributes }) =>
      attributes.points.split(" ").map((xy) => xy.split(",").map(Number)),
    );
    expect(lines.map((points) => points.length)).toEqual([2, 2]);
    const [[[, ten], [, twenty]], [[, five], [, alsoTen]]] = lines;
    expect(alsoTen).toBe(ten);
    expect(five - ten).toBeCloseTo((ten - twenty) / 2, 0);
  });

  test("says what it shows, and what is what", () => {
    const texts = all(parseXml(drawLines(chart)), "text").map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["Reading <backwards>", "BLEU", "epochs", "reversed", "as it is"]));
  });

  test("has room for a line of one point, and for none", () => {
    const one = drawLines({ ...chart, lines: [{ name: "alone", points: [[4, 7]] }] });
    expect(one).not.toMatch(/NaN|Infinity/);
    expect(all(parseXml(one), "circle", "series0").length).toBeGreaterThan(0);
    expect(drawLines({ ...chart, lines: [] })).not.toMatch(/NaN|Infinity/);
  });

  test("marks points while they are few", () => {
    const marks = (count: number) => {
      const points = Array.from({ length: count }, (_, i) => [i, i] as const);
      return all(parseXml(drawLines({ ...chart, lines: [{ name: "steps", points }] })), "circle", "dot").length;
    };
    expect([marks(60), marks(61)]).toEqual([60, 0]);
  });

  test("has a logarithmic axis, on which there are no numbers that are not above 0", () => {
    const points = [[1, 1e-6], [2, 1e-3], [3, 1], [4, 0], [5, -1]] as const; // biome-ignore format: one line says it
    const picture = parseXml(drawLines({ ...chart, yScale: "log", lines: [{ name: "norm", points }] }));
    const [line] = all(picture, "polyline", "line").map(({ attributes }) => attributes.points.split(" "));
    expect(line).toHaveLength(3);
    const [low, middle, high] = line.map((point) => Number(point.split(",")[1]));
    expect(low - middle).toBeCloseTo(middle - high, 0);
    expect(middle - high).toBeGreaterThan(50);
    expect(drawLines({ ...chart, yScale: "log", lines: [] })).not.toMatch(/NaN|Infinity/);
  });

  test("has labels of x, and room for all of them", () => {
    const xTicks = [[0, "none"], [3, "<three>"], [Number.NaN, "nowhere"]] as const; // biome-ignore format: one line says it
    const texts = all(parseXml(drawLines({ ...chart, xTicks })), "text");
    const at = (label: string) => Number(texts.find(({ text }) => text === label)?.attributes.x);
    expect([at("none"), at("<three>"), at("nowhere")]).toEqual([64, 788, Number.NaN]);
  });

  test("leaves out points that are too far to measure", () => {
    const points = [[0, 1.7e308], [1, -1.7e308], [-1.7e308, 1], [0, 1], [1, -1e300], [2, 1e300]] as const; // biome-ignore format: one line says it
    const svg = drawLines({ ...chart, xTicks: [[1.7e308, "nowhere"], [1, "one"]], lines: [{ name: "far", points }] }); // biome-ignore format: one line says it
    expect(svg).not.toMatch(/NaN|Infinity|nowhere/);
    expect(all(parseXml(svg), "circle", "dot").map(({ attributes }) => attributes.cy)).toEqual(["192", "292", "92"]);
  });

  test("has room for long numbers, which tell its points apart", () => {
    const points = [[1_000_001, 1.0000001], [1_000_005, 1.0000004]] as const; // biome-ignore format: one line says it
    const texts = all(parseXml(drawLines({ ...chart, lines: [{ name: "far", points }] })), "text");
    const labels = texts.map(({ text }) => text);
    for (const x of [1, 2, 3, 4, 5]) expect(labels).toContain(`1,000,00${x}`);
    for (const y of [1, 2, 3, 4]) expect(labels).toContain(`1.000000${y}`);
    const first = texts.find(({ text }) => text === "1.0000001")!;
    expect(Number(first.attributes.x)).toBeGreaterThanOrEqual(59.5); // of 7 pixels a digit, where others have 56
  });

  test.each<[object, string]>([
    [{ lines: undefined }, "expected a list of lines, got undefined"],
    [{ lines: 5 }, "expected a list of lines, got 5"],
    [{ lines: [null] }, "expected lines that are objects, got null at 0"],
    [{ lines: [{ points: [] }] }, "expected the name of line 0 to be a string, got undefined"],
    [{ lines: [chart.lines[0], { name: "b" }] }, "expected a list of points of line 1, got undefined"],
    [{ lines: [{ name: "a", points: [5] }] }, "expected points of line 0 that are pairs of numbers, got 5 at 0"],
    [{ xTicks: 5 }, "expected a list of xTicks, got 5"],
    [{ xTicks: [[1, 2]] }, "expected xTicks that are pairs of a number and a string, got [1, 2] at 0"],
    [{ title: undefined }, "expected title to be a string, got undefined"],
  ])("refuses %j", (wrong, message) => {
    expect(() => drawLines({ ...chart, ...wrong })).toThrow(`drawLines: ${message}`);
  });

  test("knows its options", () => {
    expect(() => drawLines({ ...chart, yScale: "logarithmic" } as never)).toThrow(
      /expected yScale to be "linear" or "log"/,
    );
    expect(() => drawLines({ ...chart, xLable: "epochs" } as never)).toThrow(/drawLines: .*xLable/);
  });
});
