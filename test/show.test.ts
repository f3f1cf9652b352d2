import { expect, test } from "vitest";
import { show, visible } from "../src/show.js";
import { zeros } from "../src/tensor/index.js";

test("shows values as they are written", () => {
  expect(show("a\tb")).toBe('"a\\tb"');
  expect(show({ kind: "word" })).toBe('{"kind":"word"}');
  expect(show([0.9, "a", Number.NaN, [1], null])).toBe('[0.9, "a", NaN, …, null]');
  expect([undefined, null, 7, Number.POSITIVE_INFINITY, true].map((value) => show(value))).toEqual([
    "undefined",
    "null",
    "7",
    "Infinity",
    "true",
  ]);
});

test("shows an object of a class by its name", () => {
  expect([zeros([2]), new Map(), new Int32Array(2)].map((value) => show(value))).toEqual([
    "Tensor",
    "Map",
    "Int32Array",
  ]);
  expect(show(Object.create(null))).toBe("an object");
});

test("shows no more than sixty characters", () => {
  expect(show("x".repeat(1000))).toBe(`"${"x".repeat(60)}"`);
  expect(show(["x".repeat(1000)])).toBe(`["${"x".repeat(58)}…`);
  expect(show({ x: "x".repeat(1000) })).toBe(`{"x":"${"x".repeat(54)}…`);
  expect(show(new Array(1e6).fill(1))).toBe(`[${"1, ".repeat(20).slice(0, 59)}…`);
});

test("survives what is nested too deep to be shown", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`);
  expect([show(deep), show([deep])]).toEqual(["an object", "[…]"]);
});

test("shows what a terminal would obey or hide", () => {
  expect(show("\u001b[2J\u009b\u00ad\u200b\u202e\ufeff")).toBe('"\\u001b[2J\\u009b\\u00ad\\u200b\\u202e\\ufeff"');
  expect(show({ "\u009b": 1 })).toBe('{"\\u009b":1}');
});

test("shows of a message all but what a terminal would obey or hide", () => {
  expect(visible("a\tb\nc \u001b[2J\u009b\u202e é")).toBe("a\tb\nc \\u001b[2J\\u009b\\u202e é");
});
