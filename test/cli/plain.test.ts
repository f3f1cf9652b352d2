import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLine, plain } from "../../src/cli/plain.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

test("a message keeps its lines, and loses what a terminal obeys", () => {
  expect(plain("a\tb\nc \u001b[31mred\u009b2J\r\u202e!")).toBe("a\tb\nc \ufffd[31mred\ufffd2J\ufffd\ufffd!");
  expect(plain("Élève, 漢字, عربي, 👩‍🚀")).toBe("Élève, 漢字, عربي, 👩‍🚀");
});

test("a JSON line says everything, without a character that a terminal obeys", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.integer({ min: 0, max: 0x206f }).map((code) => String.fromCharCode(code % 3 ? code : code % 0xa0)),
      }),
      (text) => {
        const line = jsonLine({ text });
        expect(JSON.parse(line)).toEqual({ text });
        expect(line.slice(0, -1)).not.toMatch(CONTROLS);
      },
    ),
  );
});
