import { describe, expect, test } from "vitest";
import { drawSpectrogram } from "../../../src/seq2seq/figures/index.js";
import { Tensor, zeros } from "../../../src/tensor/index.js";
import { pixelsOf } from "../../support/png.js";
import { all, parseXml } from "../../support/xml.js";

/** 100 frames of three bands: the first rises, the second is least, the third greatest. */
const frames = new Tensor(
  Float32Array.from({ length: 300 }, (_, i) => [Math.floor(i / 3), 0, 99][i % 3]),
  [100, 3],
);

describe("drawSpectrogram", () => {
  test("shows time to the right and bands upwards", () => {
    const pixels = pixelsOf(all(parseXml(drawSpectrogram({ title: "a", frames })), "image")[0]);
    const rising = Array.from({ length: 100 }, (_, t) => Math.round((255 * t) / 99));
    expect(pixels).toEqual([new Array(100).fill(255), new Array(100).fill(0), rising]);
  });

  test("counts seconds and bands", () => {
    const texts = (svg: string) => all(parseXml(svg), "text").map(({ text }) => text);
    const shown = texts(drawSpectrogram({ title: "<zero>", frames }));
    expect(shown).toEqual(expect.arrayContaining(["<zero>", "band", "2", "seconds", "0", "0.2", "1"])); // 100 · 10 ms
    expect(texts(drawSpectrogram({ title: "a", frames, hop: 30 }))).toEqual(expect.arrayContaining(["1", "2", "3"]));
    const picture = parseXml(drawSpectrogram({ title: "a", frames, frequencies: [100, 440.4, 12345] }));
    const heights = ["12,345", "440", "100"].map((label) =>
      Number(all(picture, "text").find(({ text }) => text === label)!.attributes.y),
    );
    expect([heights[1] - heights[0], heights[2] - heights[1]]).toEqual([26, 26]);
    expect(texts(drawSpectrogram({ title: "a", frames, frequencies: [1, 2, 3] }))).toContain("Hz");
  });

  test("draws one frame, and none", () => {
    for (const steps of [0, 1]) {
      const svg = drawSpectrogram({ title: "a", frames: zeros([steps, 3]) });
      expect(svg.replaceAll(/href="[^"]*"/g, "")).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  test.each<[object, RegExp]>([
    [{ frames: zeros([3]) }, /expected frames of shape \[T, B\], got \[3\]/],
    [{ frames: zeros([4, 0]) }, /^drawSpectrogram: expected frames of shape \[T, B\], got \[4, 0\]/],
    [{ frames: [[1]] }, /drawSpectrogram: expected/],
    [{ frames, frequencies: 5 }, /^drawSpectrogram: expected a list of frequencies, got 5/],
    [{ frames, frequencies: [1, "2", 3] }, /expected frequencies that are finite numbers, got "2" at 1/],
    [{ frames, frequencies: [1] }, /expected frequencies of 3 bands, got 1/],
    [{ frames, hop: 0 }, /expected hop to be a finite number above 0, got 0/],
  ])("refuses %j", (wrong, message) => {
    expect(() => drawSpectrogram({ title: "a", frames, ...wrong })).toThrow(message);
  });
});
