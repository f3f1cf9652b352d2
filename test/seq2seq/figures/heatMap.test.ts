import { describe, expect, test } from "vitest";
import { drawHeatMap, type HeatMap } from "../../../src/seq2seq/figures/index.js";
import { pixelsOf } from "../../support/png.js";
import { all, type Element, parseXml } from "../../support/xml.js";

const draw = (map: Partial<HeatMap>): Element => parseXml(drawHeatMap({ title: "Weights", values: [], ...map }));
const labelled: Partial<HeatMap> = { values: [[0, 1, 4], [2, 3, Number.NaN]], rows: ["up", "down"], columns: ["a", "b", "c"] }; // biome-ignore format: a grid
const texts = (picture: Element): string[] => all(picture, "text").map(({ text }) => text);
const textOf = (picture: Element, text: string): Record<string, number> => {
  const { x, y } = all(picture, "text").find((one) => one.text === text)!.attributes;
  return { x: Number(x), y: Number(y) };
};
/** Columns and rows of noise. */
const many = (columns: number, rows: number) =>
  Array.from({ length: rows }, (_, i) => Float32Array.from({ length: columns }, (_, j) => Math.sin((i + 1) * j * j)));

describe("drawHeatMap", () => {
  test("shades each of few cells by its number, in its row and column", () => {
    const picture = draw(labelled);
    const cells = all(picture, "rect", "cell").filter(({ attributes }) => !attributes.mask);
    expect(cells.map(({ children, attributes }) => [children[0].text, attributes["fill-opacity"]])).toEqual([
      ["up, b: 1", "0.25"], // the least has no colour, and what is no number has no cell
      ["up, c: 4", "1"],
      ["down, a: 2", "0.5"],
      ["down, b: 3", "0.75"],
    ]);
    const [b, c, a] = cells.map(({ attributes: { x, y } }) => ({ x: Number(x), y: Number(y) }));
    expect([c.x - b.x, c.y - b.y, b.x - a.x, a.y - b.y]).toEqual([26, 0, 26, 26]);
    for (const [label, cell] of [["a", a], ["b", b], ["c", c]] as const) expect(textOf(picture, label).x - cell.x).toBeCloseTo(15.6, 1); // biome-ignore format: one line says it
    expect(textOf(picture, "up").y - b.y).toBeCloseTo(17.5, 1);
    expect(textOf(picture, "down").y - a.y).toBeCloseTo(17.5, 1);
  });

  test("draws many cells as one image, through which the page's colour shows, in little", () => {
    const values = many(300, 40);
    const svg = drawHeatMap({ title: "Noise", values, range: [-1, 1] });
    expect(svg.length).toBeLessThan(30_000);
    const picture = parseXml(svg);
    const [mask] = all(picture, "mask");
    const [image] = all(mask, "image", "pixels");
    expect(pixelsOf(image)).toEqual(values.map((row) => Array.from(row, (value) => Math.round(127.5 * (value + 1)))));
    const [rect] = all(picture, "rect", "cell");
    expect(rect.attributes).toMatchObject({ mask: `url(#${mask.attributes.id})`, width: "600", height: "320" });
    for (const edge of ["x", "y", "width", "height"]) {
      expect(image.attributes[edge]).toBe(rect.attributes[edge]);
      expect(all(picture, "rect", "frame")[0].attributes[edge]).toBe(rect.attributes[edge]);
    }
  });

  test("names every mask by what it holds, for many pictures may stand in one page", () => {
    const ids = [many(300, 2), many(301, 2), many(300, 3)].map(
      (values) => all(draw({ values }), "mask")[0].attributes.id,
    );
    expect(new Set(ids).size).toBe(3);
  });

  test("leaves out what is not finite in an image, too, and holds numbers within a range that is given", () => {
    const values = [[...new Array<number>(60).fill(0.5), Number.NaN, Number.POSITIVE_INFINITY, -5, 5]];
    const pixels = (map: Partial<HeatMap>) => pixelsOf(all(draw({ values, ...map }), "image")[0])[0].slice(59);
    expect(pixels({ range: [0, 1] })).toEqual([128, 0, 0, 0, 255]);
    expect(pixels({})).toEqual([140, 0, 0, 0, 255]); // from -5 to 5
  });

  test("has a bar whose numbers stand where their colours are", () => {
    const picture = draw({ ...labelled, range: [0, 4] });
    const bar = all(picture, "image")[0];
    const levels = pixelsOf(bar).flat();
    expect([levels[0], levels.at(-1)]).toEqual([255, 0]);
    expect(levels).toEqual(levels.toSorted((a, b) => b - a));
    const [top, height] = [Number(bar.attributes.y), Number(bar.attributes.height)];
    for (const [text, part] of [["0", 1], ["2", 0.5], ["4", 0]] as const) expect(textOf(picture, text).y).toBeCloseTo(top + part * height + 4, 1); // biome-ignore format: one line says it
  });

  test("has numbers where rows and columns have no labels: round ones between those of the edges", () => {
    const picture = draw({ values: many(300, 40), xRange: [0, 3], yRange: [40.5, 0.5], range: [5, 6] });
    const [frame] = all(picture, "rect", "frame").map(({ attributes }) => attributes);
    expect(textOf(picture, "2").x).toBeCloseTo(Number(frame.x) + 400, 1);
    expect(textOf(picture, "40").y).toBeCloseTo(Number(frame.y) + (0.5 / 40) * 320 + 4, 1);
    expect(textOf(picture, "10").y).toBeCloseTo(Number(frame.y) + (30.5 / 40) * 320 + 4, 1);
    expect(texts(draw({ values: many(300, 40), range: [5, 6] }))).toEqual(expect.arrayContaining(["0", "300", "40"]));
  });

  test("has numbers of as many digits as tell them apart, at the edges and beside the bar", () => {
    const shown = texts(draw({ values: [[1_000_001, 1_000_004]], xRange: [1_234_567, 1_234_570] }));
    expect(shown).toEqual(expect.arrayContaining(["1,000,002", "1,000,004", "1,234,570"]));
    expect(texts(draw({ values: [[1]], xRange: [1_234_563, 1_234_566] }))).toContain("1,234,565"); // a lone one
  });

  test("shows of labels that have no room every second, third, …", () => {
    const rows = Array.from({ length: 40 }, (_, i) => `r${i}`);
    const columns = Array.from({ length: 70 }, (_, j) => `c${j}`);
    const shown = texts(draw({ values: many(70, 40), rows, columns }));
    expect(shown.filter((text) => text.startsWith("r"))).toEqual(rows.filter((_, i) => i % 2 === 0)); // 8 pixels each
    expect(shown.filter((text) => text.startsWith("c"))).toEqual(columns.filter((_, j) => j % 2 === 0)); // 10
  });

  test("has room for all its text, whatever it is", () => {
    const sentence = "Mary went back to the bathroom .";
    const picture = draw({ title: `<"&${"long ".repeat(9)}`, values: [[1]], rows: [sentence], columns: ["<&>".repeat(9)], xLabel: "a <b>", yLabel: "c & d" }); // biome-ignore format: one call
    expect(texts(picture)).toEqual(
      expect.arrayContaining([sentence, `${"<&>".repeat(9).slice(0, 23)}…`, "a <b>", "c & d"]),
    );
    const width = Number(picture.attributes.width);
    expect(textOf(picture, sentence).x - 7.5 * sentence.length).toBeGreaterThanOrEqual(0);
    expect(width).toBeGreaterThan(16 + 7.5 * 48);
    const column = all(picture, "text").find(({ attributes }) => attributes.transform)!;
    expect(Number(column.attributes.y) - 24 * 7.5 * Math.SQRT1_2).toBeGreaterThan(textOf(picture, "c & d").y);
  });

  test.each<[string, Partial<HeatMap>]>([
    ["nothing", { values: [] }],
    ["rows of nothing", { values: [[], []] }],
    ["one number", { values: [[3]] }],
    ["equal numbers", { values: many(300, 2).map((row) => row.fill(-2)) }],
    ["numbers that are none", { values: [[Number.NaN, Number.NEGATIVE_INFINITY]] }],
    ["numbers far apart", { values: [[-1e300, 1e300]] }],
    ["numbers too far apart to measure", { values: [[1.7e308, -1.7e308]] }],
    ["more columns than pixels", { values: many(5000, 1) }],
    ["more rows than pixels", { values: many(1, 5000) }],
  ])("draws %s", (_, map) => {
    const picture = draw(map);
    expect(JSON.stringify(picture).replaceAll(/"href":"[^"]*"/g, "")).not.toMatch(/NaN|Infinity|undefined/);
    expect(Number(picture.attributes.width)).toBeLessThan(900);
    expect(Number(picture.attributes.height)).toBeLessThan(500);
  });

  test.each<[string, object, RegExp]>([
    ["no rows", { values: 3 }, /expected a list of rows of values, got 3/],
    ["rows of several lengths", { values: [[1, 2], [3]] }, /expected 2 values in row 1, got 1/],
    [
      "a row that is none",
      { values: [[1, 2], null] },
      /expected rows of values that are lists of numbers, got null at 1/,
    ],
    ["a first row that is none", { values: [null] }, /got null at 0/],
    ["a row of letters", { values: ["abc"] }, /got "abc" at 0/],
    ["a value that is no number", { values: [[1], ["1"]] }, /got \["1"\] at 1/],
    ["a label that is none", { values: [[1]], rows: [5] }, /expected labels of rows that are strings, got 5 at 0/],
    ["no title", { title: undefined }, /expected title to be a string, got undefined/],
    ["labels of too few rows", { values: [[1], [2]], rows: ["a"] }, /expected labels of 2 rows, got 1/],
    ["labels of too many columns", { values: [[1]], columns: ["a", "b"] }, /expected labels of 1 columns, got 2/],
    [
      "a range of nothing",
      { range: [1, 1] },
      /expected range to be a finite number and a greater one, up to ±1e300, got \[1, 1\]/,
    ],
    ["a range too wide to measure", { range: [-1.7e308, 1.7e308] }, /got \[-1.7e\+308, 1.7e\+308\]/],
    ["an endless axis", { xRange: [0, Number.POSITIVE_INFINITY] }, /expected xRange to be two different finite/],
    ["an unknown option", { colums: ["a"] }, /did you mean columns\?/],
  ])("refuses %s", (_, wrong, message) => {
    expect(() => draw(wrong)).toThrow(/^drawHeatMap: /);
    expect(() => draw(wrong)).toThrow(message);
  });
});
