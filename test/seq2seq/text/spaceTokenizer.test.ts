import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeText, SpaceTokenizer } from "../../../src/seq2seq/text/index.js";

test("takes what another program has tokenised as it is", () => {
  const text = "a man &apos;s dog , 3.5 m .";
  expect(new SpaceTokenizer().tokenize(text)).toEqual(["a", "man", "&apos;s", "dog", ",", "3.5", "m", "."]);
  expect(new SpaceTokenizer({ lowercase: true }).tokenize("A  É\u00a0")).toEqual(["a", "é"]);
  expect(new SpaceTokenizer().tokenize(" ")).toEqual([]);
});

test.each([false, true])("gives back every text, lowercase: %s", (lowercase) => {
  const tokenizer = new SpaceTokenizer({ lowercase });
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(tokenizer.detokenize(tokenizer.tokenize(text))).toBe(normalizeText(text, { lowercase }));
    }),
  );
});
