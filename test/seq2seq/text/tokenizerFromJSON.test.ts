import { describe, expect, test } from "vitest";
import {
  Bpe,
  CharacterTokenizer,
  SpaceTokenizer,
  SubwordTokenizer,
  tokenizerFromJSON,
  WordTokenizer,
} from "../../../src/seq2seq/text/index.js";

const bpe = new Bpe(["t é</w>", "L '￭</w>"]);

describe("tokenizerFromJSON", () => {
  test.each([
    new WordTokenizer(),
    new WordTokenizer({ lowercase: true }),
    new CharacterTokenizer(),
    new CharacterTokenizer({ lowercase: true }),
    new SpaceTokenizer({ lowercase: true }),
    new SubwordTokenizer(new WordTokenizer(), bpe),
    new SubwordTokenizer(new SpaceTokenizer({ lowercase: true }), bpe),
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
    [{ kind: "x", lowercase: true }, 'expected "kind" to be "word" or "space" or "character" or "bpe", got "x"'],
    [
      { kind: ["word"], lowercase: true },
      'expected "kind" to be "word" or "space" or "character" or "bpe", got ["word"]',
    ],
    [
      { kind: "bpe", words: { kind: "bpe", words: new WordTokenizer(), merges: [] }, merges: [] },
      'expected an object with "kind" and "lowercase", got {"kind":"bpe","words":{"kind":"word","lowercase":false},"mer…',
    ],
    [{ kind: "bpe", merges: [] }, 'expected an object with "kind" and "lowercase", got undefined'],
    [
      { kind: "bpe", words: { kind: "word" }, merges: [] },
      'expected an object with "kind" and "lowercase", got {"kind":"word"}',
    ],
  ])("refuses %j", (config, message) => {
    expect(() => tokenizerFromJSON(config)).toThrow(new TypeError(`tokenizerFromJSON: ${message}`));
  });
  test.each([
    [{ kind: "bpe", words: new WordTokenizer(), merges: undefined }, "Bpe: expected a list of merges, got undefined"],
    [
      { kind: "bpe", words: new CharacterTokenizer(), merges: [] },
      'SubwordTokenizer: expected a tokeniser of words, got one of kind "character"',
    ],
  ])("refuses %j", (config, message) => {
    expect(() => tokenizerFromJSON(JSON.parse(JSON.stringify(config)))).toThrow(new TypeError(message));
  });
});
