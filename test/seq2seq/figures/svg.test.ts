import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { page, polyline, textAt, widthOf } from "../../../src/seq2seq/figures/svg.js";
import { all, parseXml } from "../../support/xml.js";

const shown = (text: string) => parseXml(page(10, 10, text, [textAt([1, 2], text)]));

describe("a page", () => {
  test("keeps any text that XML can hold, and is well-formed with any other", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const picture = shown(text);
        expect(picture.attributes["aria-label"]).toBe(all(picture, "text")[0].text);
      }),
    );
    const text = `<b title="x">a & b</b> ]]> 'é' 漢 😀 &amp;`;
    expect(all(shown(text), "text")[0].text).toBe(text);
  });

  test.each([
    ["an escape", "a\u001b[31mb", "a\ufffd[31mb"],
    ["a C1 code", "a\u009bb", "a\ufffdb"],
    ["a null", "\0", "\ufffd"],
    ["half a pair", "a\ud800b", "a\ufffdb"],
    ["no character", "\uffff", "\ufffd"],
  ])("shows a replacement character for %s", (_, text, expected) => {
    expect(all(shown(text), "text")[0].text).toBe(expected);
  });

  test("has colours for light and dark, and stands on a ground of its own", () => {
    const picture = shown("x");
    const style = all(picture, "style")[0].text;
    const [light, dark] = style.split("@media (prefers-color-scheme: dark)");
    const colours = (css: string) =>
      [...css.matchAll(/\.(page|cell|grid|series\d)[^{]*\{[^}]*#/g)].map(([, name]) => name);
    expect(colours(light)).toHaveLength(9);
    expect(colours(dark)).toEqual(colours(light).filter((name) => name !== "frame"));
    expect(all(picture, "rect", "page")[0].attributes).toMatchObject({ width: "10", height: "10" });
  });
});

test("a line of one point is a dot, of none nothing", () => {
  expect(polyline([], "line")).toEqual([]);
  expect(polyline([[1, 2]], "line")).toEqual(['<circle cx="1" cy="2" r="1.5" class="line"/>']);
  expect(polyline([[1, 2], [3.04, 4.06]], "a")).toEqual(['<polyline points="1,2 3,4.1" class="a"/>']); // biome-ignore format: one line says it
});

test("wide characters take two letters' room, combining marks none of their own", () => {
  expect(widthOf("漢字")).toBeGreaterThan(widthOf("abc"));
  expect(widthOf("漢字")).toBeLessThan(widthOf("abcde"));
});
