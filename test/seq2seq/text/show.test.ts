import { expect, test } from "vitest";
import { show } from "../../../src/seq2seq/text/show.js";

test("shows values as JSON", () => {
  expect(show("a\tb")).toBe('"a\\tb"');
  expect(show({ kind: "word" })).toBe('{"kind":"word"}');
  expect([undefined, null, 7].map(show)).toEqual(["undefined", "null", "7"]);
});

test("shows no more than sixty characters", () => {
  expect(show("x".repeat(1000))).toBe(`"${"x".repeat(60)}"`);
  expect(show(["x".repeat(1000)])).toBe(`["${"x".repeat(58)}…`);
});

test("survives what is nested too deep to be shown", () => {
  expect(show(JSON.parse("[".repeat(100_000) + "]".repeat(100_000)))).toBe("an object");
});

test("shows what a terminal would obey or hide", () => {
  expect(show("\u001b[2J\u009b\u00ad\u200b\u202e\ufeff")).toBe('"\\u001b[2J\\u009b\\u00ad\\u200b\\u202e\\ufeff"');
});
