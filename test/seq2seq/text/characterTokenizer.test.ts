import fc from "fast-check";
import { expect, test } from "vitest";
import { CharacterTokenizer, normalizeText } from "../../../src/seq2seq/text/index.js";

test("cuts code points, not UTF-16 units", () => {
  expect(new CharacterTokenizer().tokenize(" Ne\u0301\u00a0 🙂")).toEqual(["N", "é", " ", "🙂"]);
});

test.each([false, true])("gives back every text, lowercase: %s", (lowercase) => {
  const tokenizer = new CharacterTokenizer({ lowercase });
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const tokens = tokenizer.tokenize(text);
      expect(tokenizer.detokenize(tokens)).toBe(normalizeText(text, { lowercase }));
      for (const token of tokens) expect(Array.from(token)).toHaveLength(1);
    }),
  );
});

test("normalises the white space of any tokens", () => {
  expect(new CharacterTokenizer().detokenize([" ", "a", " ", " ", "<unk>", " "])).toBe("a <unk>");
});
