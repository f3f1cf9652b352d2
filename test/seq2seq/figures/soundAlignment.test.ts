import { describe, expect, test } from "vitest";
import { drawSoundAlignment } from "../../../src/seq2seq/figures/index.js";
import { Tensor, zeros } from "../../../src/tensor/index.js";
import { pixelsOf } from "../../support/png.js";
import { all, parseXml } from "../../support/xml.js";

/** Five frames of two bands: the lower rises. */
const frames = new Tensor(Float32Array.of(0, 4, 1, 4, 2, 4, 3, 4, 4, 4), [5, 2]);
const alignment = {
  ...{ text: "a <b", frames, hop: 100, tokens: ["a", " ", "<b"], stride: 2 },
  weights: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0.2, 0.8],
    [0, 0, 1],
  ],
};

describe("drawSoundAlignment", () => {
  test("shows the sound, and below it what each token was made of, over the same frames", () => {
    const picture = parseXml(drawSoundAlignment(alignment));
    const images = all(picture, "image");
    expect(images.map(pixelsOf)).toEqual([
      [
        [255, 255, 255, 255, 255],
        [0, 64, 128, 191, 255],
      ],
      [
        [255, 255, 0, 0, 0],
        [0, 0, 255, 255, 0],
        [0, 0, 51, 51, 204],
        [0, 0, 0, 0, 255],
      ],
    ]);
    const [above, below] = images.map(({ attributes }) => attributes);
    expect([above.x, above.width]).toEqual([below.x, below.width]);
    expect(Number(below.y)).toBeGreaterThanOrEqual(Number(above.y) + Number(above.height));
    const texts = all(picture, "text").map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["a <b", "a", "␣", "<b", "<eos>", "0", "0.5", "seconds"]));
  });

  test("leaves out what is not finite, and shows the rest as without it", () => {
    const strange = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.7e308];
    const data = Float64Array.of(0, strange[0], 1, strange[1], 2, strange[2], 3, strange[3], 4, 4);
    const picture = parseXml(drawSoundAlignment({ ...alignment, frames: new Tensor(data, [5, 2]) }));
    expect(pixelsOf(all(picture, "image")[0])).toEqual([
      [0, 0, 0, 0, 255],
      [0, 64, 128, 191, 255],
    ]);
  });

  test.each<[object, RegExp]>([
    [{ frames: zeros([5]) }, /expected frames \[T, B\], got \[5\]/],
    [{ tokens: ["a"] }, /expected 1 or 2 rows of weights, got 4/],
    [
      { weights: [...alignment.weights.slice(1), [0, Number.NaN, 0]] },
      /expected weights from 0 to 1, got NaN in row 3/,
    ],
    [{ weights: [[1, 0, 0], [0, 2, 0], [0, 1, 0]] }, /expected weights from 0 to 1, got 2 in row 1/], // biome-ignore format: a grid
    [{ weights: [null, null] }, /expected rows of weights that are lists of numbers, got null at 0/],
    [{ tokens: 5 }, /expected a list of tokens, got 5/],
    [{ tokens: [1, 2] }, /expected tokens that are strings, got 1 at 0/],
    [{ hop: undefined }, /expected hop to be a finite number above 0, got undefined/],
    [{ stride: 3 }, /expected rows of 2 weights, got one of 3/],
    [{ hop: 0 }, /expected hop to be a finite number above 0/],
    [{ title: "x" }, /title/],
  ])("refuses %j", (wrong, message) => {
    expect(() => drawSoundAlignment({ ...alignment, ...wrong })).toThrow(/^drawSoundAlignment: /);
    expect(() => drawSoundAlignment({ ...alignment, ...wrong })).toThrow(message);
  });
});
