import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Bpe,
  CharacterTokenizer,
  encodeText,
  type Language,
  normalizeText,
  SpaceTokenizer,
  SubwordTokenizer,
  unknownWords,
  Vocabulary,
  WordTokenizer,
} from "../../../../src/seq2seq/text/index.js";
import { tokenLabel } from "../../../../src/seq2seq/text/language.js";

const words = new WordTokenizer();
const texts = ["The dog barks.", "The dogs bark, don't they?", "(A dog's bark)", "a ￭ b ￮ c", "so-called @@ x@@ @@y"];
const counts = new Map<string, number>();
for (const word of texts.flatMap((text) => words.tokenize(text))) counts.set(word, 2);
const bpe = Bpe.learn(counts, { merges: 20 });
const tokenizer = new SubwordTokenizer(words, bpe);

test("cuts the words of another tokeniser into their pieces", () => {
  const small = new SubwordTokenizer(words, new Bpe(["d o", "do g</w>", "￭ .</w>"]));
  expect(small.tokenize("dog dogs.")).toEqual(["dog", "do@@", "g@@", "s", "￭."]);
  expect(small.detokenize(["dog", "do@@", "g@@", "s", "￭."])).toBe("dog dogs.");
});

describe.each([words, new WordTokenizer({ lowercase: true }), new SpaceTokenizer()])("over the words of %j", (own) => {
  test("gives back every text", () => {
    const { lowercase } = own.toJSON();
    const subwords = new SubwordTokenizer(own, bpe);
    const unit = fc.oneof(
      fc.constantFrom("@", "￭", "￮", " ", "'", "-", ".", "dog", "the"),
      fc.string({ unit: "binary", maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
        expect(subwords.detokenize(subwords.tokenize(text))).toBe(normalizeText(text, { lowercase }));
      }),
      { numRuns: 500 },
    );
    for (const text of texts)
      expect(subwords.detokenize(subwords.tokenize(text))).toBe(lowercase ? text.toLowerCase() : text);
  });
});

test("takes any pieces that a model writes", () => {
  expect(tokenizer.detokenize(["do@@", "g", "ca@@"])).toBe("dog ca");
  expect(tokenizer.detokenize(["@@", "@@", "x"])).toBe("x");
  expect(tokenizer.detokenize(["do@@", "<unk>", "￭@@", "."])).toBe("do<unk>.");
  expect(tokenizer.detokenize([])).toBe("");
});

test("refuses tokens that are no words", () => {
  const message = 'SubwordTokenizer: expected a tokeniser of words, got one of kind "character"';
  expect(() => new SubwordTokenizer(new CharacterTokenizer(), bpe)).toThrow(new TypeError(message));
  expect(() => new SubwordTokenizer(tokenizer, bpe)).toThrow(new TypeError(message.replace("character", "bpe")));
});

describe("a language of subwords", () => {
  const small = new SubwordTokenizer(words, new Bpe(["d o", "do g</w>", "￭ .</w>"]));
  const language: Language = { tokenizer: small, vocabulary: Vocabulary.build([["do@@", "dog", "g@@", "s", "￭."]]) };

  test("does not know the whole words that have an unknown piece", () => {
    expect(unknownWords(language, "dog dogs dots. Dot, dog's")).toEqual(["dots", "Dot", ",", "'s"]);
  });

  test("reads a sign joined otherwise as the same sign", () => {
    expect(encodeText(language, "dogs .")).toEqual(encodeText(language, "dogs."));
  });

  test("labels pieces as such, without joiners", () => {
    const labels = ["do@@", "g@@", "s", "￭.", "￭d@@", "<unk>"].map((token) => tokenLabel(language, token));
    expect(labels).toEqual(["do@@", "g@@", "s", ".", "d@@", "<unk>"]);
    expect(tokenLabel({ tokenizer: words }, "x@@￭")).toBe("x@@");
  });
});
