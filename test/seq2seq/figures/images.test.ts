import { describe, expect, test } from "vitest";
import { drawImages, type ImageSheet } from "../../../src/seq2seq/figures/index.js";
import { pixelsOf } from "../../support/png.js";
import { all, parseXml } from "../../support/xml.js";

const sheet: ImageSheet = { title: "Digits", images: [[0, 0.2, 0.4, 0.6, 0.8, 1], new Float32Array(6)], width: 3, height: 2 }; // biome-ignore format: one line says it
const draw = (other: object = {}) => parseXml(drawImages({ ...sheet, ...other }));
const blank = (count: number, pixels = 6) => Array.from({ length: count }, () => new Float32Array(pixels));

describe("drawImages", () => {
  test("shows every pixel, from black to white", () => {
    const images = all(draw(), "image", "pixels").map(pixelsOf);
    expect(images).toEqual([
      [
        [0, 51, 102],
        [153, 204, 255],
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ]);
  });

  test("takes what lies beyond black and white for these, and what is no number for black", () => {
    const wild = [-1, 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.5];
    expect(pixelsOf(all(draw({ images: [wild] }), "image")[0]).flat()).toEqual([0, 255, 0, 255, 0, 128]);
  });

  test("sets them in rows, each above its label, within the page", () => {
    const labels = Array.from({ length: 7 }, (_, i) => `<${i}>`);
    const picture = draw({ images: blank(7), labels, columns: 3 });
    const images = all(picture, "image").map(({ attributes }) => attributes);
    const texts = all(picture, "text").slice(1);
    expect(texts.map(({ text }) => text)).toEqual(labels);
    images.forEach(({ x, y, width, height }, i) => {
      const middle = Number(x) + Number(width) / 2;
      expect(Number(texts[i].attributes.x)).toBeCloseTo(middle, 1);
      expect(Number(texts[i].attributes.y)).toBeGreaterThan(Number(y) + Number(height));
      expect([Number(width), Number(height)]).toEqual([60, 40]); // 20 times 3 × 2
    });
    expect(images.map(({ y }) => images.findIndex((other) => other.y === y))).toEqual([0, 0, 0, 3, 3, 3, 6]);
    expect([images[3].x, images[4].x]).toEqual([images[0].x, images[1].x]);
    expect(Number(picture.attributes.width)).toBeGreaterThan(Number(images[2].x) + 60);
    expect(Number(picture.attributes.height)).toBeGreaterThan(Number(texts[6].attributes.y));
  });

  test("has room for wide labels", () => {
    const [first, second] = all(draw({ labels: ["a label of its own", "b"] }), "text").slice(1);
    expect(Number(second.attributes.x) - Number(first.attributes.x)).toBeGreaterThan(7.5 * 18);
    expect(Number(first.attributes.x) - 7.5 * 9).toBeGreaterThanOrEqual(0);
  });

  test("is small: a hundred digits", () => {
    const images = blank(100, 784);
    expect(drawImages({ title: "MNIST", images, width: 28, height: 28 }).length).toBeLessThan(150_000);
  });

  test("draws none", () => {
    expect(drawImages({ ...sheet, images: [] })).not.toMatch(/NaN|Infinity|undefined/);
  });

  test.each<[object, RegExp]>([
    [{ images: 3 }, /expected a list of images, got 3/],
    [{ images: [[1, 2]] }, /expected 3 × 2 pixels in image 0, got 2/],
    [{ images: [null] }, /expected images that are lists of numbers, got null at 0/],
    [{ images: ["abcdef"] }, /expected images that are lists of numbers, got "abcdef" at 0/],
    [{ labels: [5] }, /expected labels that are strings, got 5 at 0/],
    [{ labels: ["a"] }, /expected labels of 2 images, got 1/],
    [{ width: 0 }, /expected width to be an integer ≥ 1, got 0/],
    [{ colums: 3 }, /did you mean columns\?/],
  ])("refuses %j", (wrong, message) => {
    expect(() => drawImages({ ...sheet, ...wrong })).toThrow(/^drawImages: /);
    expect(() => drawImages({ ...sheet, ...wrong })).toThrow(message);
  });
});
