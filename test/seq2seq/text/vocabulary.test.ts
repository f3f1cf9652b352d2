import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BOS, EOS, PAD, UNK, Vocabulary } from "../../../src/seq2seq/text/index.js";

const SPECIALS = ["<pad>", "<unk>", "<bos>", "<eos>"];

describe("Vocabulary.build", () => {
  test("puts the most frequent first and breaks ties by code point", () => {
    // "😀" begins with a surrogate unit, which `<` on strings would sort before "￭".
    const vocabulary = Vocabulary.build([
      ["b", "😀", "￭", "ab", "a"],
      ["b", "é"],
    ]);
    expect(vocabulary.toJSON().tokens).toEqual([...SPECIALS, "b", "a", "ab", "é", "￭", "😀"]);
    expect(vocabulary.size).toBe(10);
  });

  test("does not depend on the order of the sentences", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ unit: "binary", maxLength: 2 }))), (sentences) => {
        const there = Vocabulary.build(sentences).toJSON();
        expect(Vocabulary.build(sentences.toReversed()).toJSON()).toEqual(there);
      }),
    );
  });

  test("keeps to minFrequency and to maxSize, which counts the specials", () => {
    const sentences = [["a", "a", "a", "b", "b", "c"]];
    expect(Vocabulary.build(sentences, { minFrequency: 2 }).toJSON().tokens).toEqual([...SPECIALS, "a", "b"]);
    expect(Vocabulary.build(sentences, { maxSize: 5 }).toJSON().tokens).toEqual([...SPECIALS, "a"]);
    expect(Vocabulary.build(sentences, { maxSize: 4 }).size).toBe(4);
  });

  test.each([0, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses minFrequency %d", (minFrequency) => {
    const message = `Vocabulary.build: expected minFrequency to be an integer ≥ 1, got ${minFrequency}`;
    expect(() => Vocabulary.build([], { minFrequency })).toThrow(new RangeError(message));
  });

  test.each([3, 4.5, Number.NaN])("refuses maxSize %d", (maxSize) => {
    const message = `Vocabulary.build: expected maxSize to be an integer ≥ 4, or Infinity, got ${maxSize}`;
    expect(() => Vocabulary.build([], { maxSize })).toThrow(new RangeError(message));
  });
});

describe("Vocabulary", () => {
  const vocabulary = Vocabulary.build([["a", "b", "a", "<eos>", "<unk>", "<pad>", "<bos>", "__proto__"]]);

  test("encodes, unknown tokens as UNK", () => {
    expect(vocabulary.encode(["b", "z", "a", "toString"])).toEqual(Int32Array.of(6, UNK, 4, UNK));
    expect(vocabulary.has("b")).toBe(true);
    expect(vocabulary.has("z")).toBe(false);
  });

  test("never takes a token for the special that it is spelled like", () => {
    expect(vocabulary.encode(SPECIALS)).toEqual(Int32Array.of(UNK, UNK, UNK, UNK));
    expect(SPECIALS.some((token) => vocabulary.has(token))).toBe(false);
    expect(vocabulary.size).toBe(7);
  });

  test("decodes up to EOS without PAD and BOS", () => {
    expect(vocabulary.decode([BOS, PAD, 4, UNK, 6, EOS, 5, 99])).toEqual(["a", "<unk>", "b"]);
    expect(vocabulary.decode(Int32Array.of(4))).toEqual(["a"]);
  });

  test.each([-1, 7, 1.5, Number.NaN])("refuses id %d", (id) => {
    const message = `Vocabulary.decode: expected ids from 0 to 6 (size 7), got ${id}`;
    expect(() => vocabulary.decode([id])).toThrow(new RangeError(message));
  });

  test("comes back from JSON", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ unit: "binary", maxLength: 3 }))), (sentences) => {
        const written = Vocabulary.build(sentences);
        const read = Vocabulary.fromJSON(JSON.parse(JSON.stringify(written)));
        expect(read.toJSON()).toEqual(written.toJSON());
        for (const sentence of sentences) expect(read.decode(read.encode(sentence))).toEqual(sentence);
      }),
    );
  });

  test.each([
    [null, 'expected an object with an array "tokens"'],
    [SPECIALS, 'expected an object with an array "tokens"'],
    [{ tokens: "abcd" }, 'expected an object with an array "tokens"'],
    [{ tokens: ["<pad>", "<unk>", "<bos>"] }, 'expected token 3 to be "<eos>", got undefined'],
    [{ tokens: ["<pad>", "<bos>", "<unk>", "<eos>"] }, 'expected token 1 to be "<unk>", got "<bos>"'],
    [{ tokens: [...SPECIALS, "a", 7] }, "expected token 5 to be a string, got 7"],
    [{ tokens: [...SPECIALS, "a", "b", "a"] }, 'expected different tokens, got "a" as both token 4 and token 6'],
    [{ tokens: [...SPECIALS, "<pad>"] }, 'expected different tokens, got "<pad>" as both token 0 and token 4'],
  ])("refuses %j", (json, message) => {
    expect(() => Vocabulary.fromJSON(json)).toThrow(new TypeError(`Vocabulary.fromJSON: ${message}`));
  });
});
