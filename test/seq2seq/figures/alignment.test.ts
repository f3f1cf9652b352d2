import { describe, expect, test } from "vitest";
import { type Alignment, drawAlignment } from "../../../src/seq2seq/figures/index.js";
import { wrong } from "../../support/wrong.js";
import { all, parseXml } from "../../support/xml.js";

const draw = (alignment: Alignment) => parseXml(drawAlignment(alignment));

describe("drawAlignment", () => {
  test("shades the cell of each pair by its weight, in its row and column", () => {
    const picture = draw({ source: ["a", "dog"], target: ["un", "chien"], weights: [[0.9, 0.1], [0, 1]] }); // biome-ignore format: a grid
    const cells = all(picture, "rect", "cell").map(
      ({ attributes, children }): Record<string, string> => ({ ...attributes, title: children[0].text }),
    );
    expect(cells.map((cell) => [cell.title, cell["fill-opacity"]])).toEqual([
      ["un ← a: 0.90", "0.9"],
      ["un ← dog: 0.10", "0.1"],
      ["chien ← dog: 1.00", "1"], // a weight of 0 has no cell
    ]);
    const label = (text: string) => all(picture, "text").find((one) => one.text === text)!.attributes;
    for (const [token, cell] of [
      ["a", cells[0]],
      ["dog", cells[2]],
    ] as const) {
      expect(Number(label(token).x) - Number(cell.x)).toBeCloseTo(15.6, 1); // above its column
    }
    for (const [token, cell] of [
      ["un", cells[0]],
      ["chien", cells[2]],
    ] as const) {
      expect(Number(label(token).y) - Number(cell.y)).toBeCloseTo(17.5, 1); // beside its row
    }
    expect([cells[0].x < cells[1].x, cells[0].y < cells[2].y]).toEqual([true, true]);
  });

  test("labels a row and a column beyond the tokens as the end of sentence", () => {
    const texts = (alignment: Alignment) => all(draw(alignment), "text").map(({ text }) => text);
    expect(texts({ source: ["a"], target: ["un"], weights: [[1, 0], [0, 1]] })).toEqual(["a", "<eos>", "un", "<eos>"]); // biome-ignore format: a grid
    expect(texts({ source: ["a"], target: ["un"], weights: [[1], [1]] })).toEqual(["a", "un", "<eos>"]);
    expect(texts({ source: ["a"], target: [], weights: [[1]] })).toEqual(["a", "<eos>"]);
  });

  test("takes tokens from anywhere, and cuts long ones short", () => {
    const token = "<&\u001b".repeat(20);
    const [column] = all(draw({ source: [token], target: ["漢"], weights: [[1]] }), "text");
    expect(column.text).toBe(`${"<&\ufffd".repeat(20).slice(0, 23)}…`);
  });

  test("has room for its labels", () => {
    const long = "incomprehensibilities";
    const { attributes, ...picture } = draw({ source: ["a", long], target: [long], weights: [[1, 0]] });
    const [first, last, row] = all({ attributes, ...picture }, "text").map(({ attributes: { x, y } }) => [
      Number(x),
      Number(y),
    ]);
    const lean = 7.5 * long.length * Math.SQRT1_2;
    expect(last[0] + lean).toBeLessThanOrEqual(Number(attributes.width));
    expect(last[1] - lean).toBeGreaterThanOrEqual(0);
    expect(row[0] - 7.5 * long.length).toBeGreaterThanOrEqual(0);
    expect(first[1]).toBeLessThan(row[1]);
  });

  test.each<[string, Partial<Alignment>, RegExp]>([
    ["rows", { weights: [[1]] }, /expected 2 or 3 rows of weights, got 1/],
    [
      "columns",
      {
        weights: [
          [1, 0, 0],
          [1, 0, 0],
        ],
      },
      /expected 1 or 2 columns of weights, got 3/,
    ],
    ["columns in a later row", { weights: [[1, 0], [1]] }, /expected 2 weights in row 1, got 1/],
    ["a weight that is none", { weights: [[1], [Number.NaN]] }, /expected weights from 0 to 1, got NaN in row 1/],
    ["a weight above 1", { weights: [[1.1], [1]] }, /expected weights from 0 to 1, got 1.1 in row 0/],
  ])("refuses a wrong number of %s", (_, other, message) => {
    const right = { source: ["a"], target: ["un", "chien"], weights: [[1], [1]] };
    expect(() => drawAlignment({ ...right, ...other })).toThrow(message);
  });

  test.each<[object | undefined, string]>([
    [undefined, "expected an alignment, got undefined"],
    [{ source: "a" }, 'expected a list of source tokens, got "a"'],
    [{ source: [5] }, "expected source tokens that are strings, got 5 at 0"],
    [{ target: undefined }, "expected a list of target tokens, got undefined"],
    [{ weights: 1 }, "expected a list of rows of weights, got 1"],
    [{ weights: [[1], null] }, "expected rows of weights that are lists of numbers, got null at 1"],
    [{ weights: [["1"]] }, 'expected rows of weights that are lists of numbers, got ["1"] at 0'],
    [{ weights: [new Array(1)] }, "expected rows of weights that are lists of numbers, got [] at 0"],
  ])("refuses what are no tokens or weights: %j", (other, message) => {
    const right = { source: ["a"], target: ["un", "chien"], weights: [[1], [1]] };
    const given = other && { ...right, ...other };
    expect(() => drawAlignment(wrong(given))).toThrow(new TypeError(`drawAlignment: ${message}`));
  });
});
