import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeText } from "../../../src/seq2seq/text/index.js";

test("composes, and makes every white space one plain space", () => {
  expect(normalizeText("\u00a0Pre\u0302t\u202f?\n\t Oui\u2003\u0085")).toBe("Prêt ? Oui");
  expect(normalizeText(" \n")).toBe("");
});

test("folds case by no locale's rules and composes what that lets compose", () => {
  expect(normalizeText("ÉTÉ I J\u030c")).toBe("ÉTÉ I J\u030c");
  expect(normalizeText("ÉTÉ I J\u030c", { lowercase: true })).toBe("été i \u01f0");
});

describe("what is invisible", () => {
  test.each([
    ["a soft hyphen", "\u00ad"],
    ["a zero-width space", "\u200b"],
    ["a word joiner", "\u2060"],
    ["a byte order mark", "\ufeff"],
    ["marks of direction", "\u200e\u200f\u061c"],
    ["embeddings and overrides", "\u202a\u202b\u202c\u202d\u202e"],
    ["isolates", "\u2066\u2067\u2068\u2069"],
    ["a bell and an escape", "\u0007\u001b"],
    ["delete and C1 controls", "\u007f\u0080\u009b\u009f"],
  ])("drops %s, wherever it stands", (_, sign) => {
    for (const text of [`${sign}a`, `a${sign}`, `a ${sign} b`, `a${sign}b`, sign, `e${sign}\u0301`]) {
      expect(normalizeText(text)).toBe(normalizeText(text.replaceAll(sign, "")));
      expect(normalizeText(text, { lowercase: true })).toBe(normalizeText(text.replaceAll(sign, "")));
    }
  });

  test("keeps what changes how letters and emoji look", () => {
    for (const text of ["می\u200cخواهم", "क्\u200dष", "👩\u200d👧", "☝\ufe0f"]) expect(normalizeText(text)).toBe(text);
  });
});

test("takes a text of any length", () => {
  expect(normalizeText("a ".repeat(17_000_000))).toHaveLength(33_999_999);
});

test("a text in its normal form stays as it is, and only the road for others is longer", () => {
  // Units beside the limits of the quick road, so that a text takes either.
  const unit = fc.constantFrom(
    ..."a !~\u007f\u00a0\u00a1\u00ac\u00ad\u00ae\u02ff\u0300\u0301\u0130\u0345eé\ufeff\u200b",
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), fc.boolean(), (text, lowercase) => {
      const normal = normalizeText(text, { lowercase });
      expect(normalizeText(normal, { lowercase })).toBe(normal);
      // A mark in front keeps it off the quick road.
      const long = normalizeText(`\u{1f642} ${text}`, { lowercase });
      expect(long).toBe(normal === "" ? "\u{1f642}" : `\u{1f642} ${normal}`);
    }),
    { numRuns: 2000 },
  );
});
