import { describe, expect, test } from "vitest";
import { drawCurves, parseHistory } from "../../../src/seq2seq/index.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const steps = { loss: [2, null], count: [3, 3], lr: [1, 1], seconds: [0, 1] };

describe("a history", () => {
  test("has scores of any name, also of those that objects have of themselves", () => {
    const scores = '{"loss":1.5,"constructor":4,"__proto__":5}';
    const text = `{"steps":${JSON.stringify(steps)},"validations":[{"step":2,"scores":${scores},"best":true}]}`;
    const picture = drawCurves(parseHistory(bytes(text)));
    expect(picture).toContain(">constructor<");
    expect(picture).toContain(">__proto__<");
  });

  test.each([
    ["no JSON", "{\u001b", /^history\.json: \P{Cc}+$/u],
    ["another thing", "[]", /^history\.json: expected the steps and validations of a run, got something else$/],
    ["a validation that is none", JSON.stringify({ steps, validations: [null] }), /^history\.json: expected the steps/],
    [
      "a score that is none",
      JSON.stringify({ steps, validations: [{ step: 1, scores: { a: "b" } }] }),
      /^history\.json: expected/,
    ],
  ])("is refused of %s", (_, text, message) => {
    expect(() => parseHistory(bytes(text))).toThrow(message);
  });
});
