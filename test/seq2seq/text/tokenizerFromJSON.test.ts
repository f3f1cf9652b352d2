import { describe, expect, test } from "vitest";
import { CharacterTokenizer, tokenizerFromJSON, WordTokenizer } from "../../../src/seq2seq/text/index.js";

describe("tokenizerFromJSON", () => {
  test.each([
    new WordTokenizer(),
    new WordTokenizer({ lowercase: true }),
    new CharacterTokenizer(),
    new CharacterTokenizer({ lowercase: true }),
  ])("reads back what toJSON wrote: %j", (tokenizer) => {
    const copy = tokenizerFromJSON(JSON.parse(JSON.stringify(tokenizer)));
    expect(copy.toJSON()).toEqual(tokenizer.toJSON());
    expect(copy.tokenize("L'Été ?")).toEqual(tokenizer.tokenize("L'Été ?"));
  });

  test.each([
    [undefined, 'expected an object with "kind" and "lowercase", got undefined'],
    [null, 'expected an object with "kind" and "lowercase", got null'],
    ["word", 'expected an object with "kind" and "lowercase", got "word"'],
    [{ kind: "word" }, 'expected an object with "kind" and "lowercase", got {"kind":"word"}'],
    [{ kind: "word", lowercase: 1 }, 'expected "lowercase" to be true or false, got 1'],
    [{ kind: "bpe", lowercase: true }, 'expected "kind" to be "word" or "character", got "bpe"'],
  ])("refuses %j", (config, message) => {
    expect(() => tokenizerFromJSON(config)).toThrow(new TypeError(`tokenizerFromJSON: ${message}`));
  });
});
