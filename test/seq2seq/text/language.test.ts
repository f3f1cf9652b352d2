import { describe, expect, test } from "vitest";
import {
  CharacterTokenizer,
  decodeText,
  encodeText,
  type Language,
  normalForm,
  tokenId,
  UNK,
  unknownWords,
  Vocabulary,
  WordTokenizer,
} from "../../../src/seq2seq/text/index.js";

function languageOf(texts: readonly string[], { lowercase = false } = {}): Language {
  const tokenizer = new WordTokenizer({ lowercase });
  return { tokenizer, vocabulary: Vocabulary.build(texts.map((text) => tokenizer.tokenize(text))) };
}

describe("a sign joined otherwise than in training", () => {
  const language = languageOf(["He can't run.", "A (big) dog", "l'arbre est-il là ?"]);

  test("is read as the same sign", () => {
    expect(encodeText(language, "He can't run .")).toEqual(encodeText(language, "He can't run."));
    expect(encodeText(language, "A ( big ) dog")).toEqual(encodeText(language, "A (big) dog"));
    expect(encodeText(language, "l' arbre est - il là?")).toEqual(encodeText(language, "l'arbre est-il là ?"));
    expect(unknownWords(language, "He can 't run . ( ) - ?")).toEqual(["can", "'t"]);
  });

  test("has its own id where that is known", () => {
    const both = languageOf(["a. b .", "a."]);
    expect(both.vocabulary.decode(encodeText(both, "b. a ."))).toEqual(["b", "￭.", "a", "."]);
  });

  test("takes the likeliest of the other forms: the left end, then the right, then both", () => {
    const known = (...tokens: string[]): Language => ({ ...language, vocabulary: Vocabulary.build([tokens]) });
    const nearest = (token: string, ...forms: string[]): string => {
      const its = known(...forms);
      return its.vocabulary.decode([tokenId(its, token)])[0];
    };
    expect(nearest("-", "￭-￭", "-￭", "￭-")).toBe("￭-");
    expect(nearest("-", "￭-￭", "-￭")).toBe("-￭");
    expect(nearest("￭-", "-￭", "￭-￭")).toBe("￭-￭");
    expect(nearest("￭-", "-￭")).toBe("-￭");
    expect(tokenId(known("￭!"), "-")).toBe(UNK);
  });

  test("never becomes a special, and a word never another", () => {
    expect([...encodeText(language, "<eos> cat")]).toEqual([UNK, UNK, UNK, UNK]);
  });
});

test("characters have one form", () => {
  const tokenizer = new CharacterTokenizer();
  const language = { tokenizer, vocabulary: Vocabulary.build([["a", "b"]]) };
  expect([...encodeText(language, "bca")]).toEqual([5, UNK, 4]);
  expect(unknownWords(language, "bcac")).toEqual(["c"]);
});

test("normalForm is what encoding and decoding give, where all words are known", () => {
  const text = "  Le  cha\u00adt\u00a0: E\u0301te\u0301\u200b !";
  for (const lowercase of [false, true]) {
    const language = languageOf([text], { lowercase });
    expect(normalForm(language, text)).toBe(lowercase ? "le chat : été !" : "Le chat : Été !");
    expect(decodeText(language, encodeText(language, text))).toBe(normalForm(language, text));
  }
});
