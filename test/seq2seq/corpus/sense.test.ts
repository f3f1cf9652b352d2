import { describe, expect, it } from "vitest";
import { objectsOf } from "../../../src/seq2seq/corpus/grammar/choices.js";
import { constructions } from "../../../src/seq2seq/corpus/grammar/index.js";
import { NOUNS } from "../../../src/seq2seq/corpus/lexicon/index.js";
import { FUTURE_TIMES } from "../../../src/seq2seq/corpus/lexicon/time.js";
import { adjective, verb } from "./meaning.js";

describe("what goes with what", () => {
  const objects = (english: string) => new Set(objectsOf(verb(english, true), 2).map(({ noun }) => noun.english));
  const described = (english: string) =>
    NOUNS.filter(({ kind }) => adjective(english).describes.includes(kind)).map((noun) => noun.english);

  it("cuts what a knife cuts", () => {
    const cut = objects("cut");
    expect(["bread", "cheese", "ham", "butter", "cake"].filter((food) => !cut.has(food))).toEqual([]);
    expect(["rice", "honey", "jam", "soup", "salad", "ice cream"].filter((food) => cut.has(food))).toEqual([]);
  });

  it("still eats, buys and likes what it does not cut, or call ripe", () => {
    for (const doing of ["eat", "buy", "like", "hate"]) {
      expect(["honey", "soup", "egg", "potato", "apple"].filter((food) => !objects(doing).has(food))).toEqual([]);
    }
  });

  it("calls fruit ripe, and not eggs or mushrooms", () => {
    expect(described("ripe")).toContain("tomato");
    expect(
      ["egg", "potato", "carrot", "mushroom", "bean", "onion"].filter((it) => described("ripe").includes(it)),
    ).toEqual([]);
    expect(described("fresh")).toEqual(expect.arrayContaining(["egg", "mushroom", "peach"]));
  });

  // "Il ira bientôt en Italie": the one time that French would set elsewhere.
  it("has only times that end a French sentence too", () => {
    expect(FUTURE_TIMES.map(({ french }) => french)).not.toContain("bientôt");
  });

  // "Qu'est-ce qu'il fait ?" asks what he is doing.
  it("does not ask what someone makes", () => {
    const asked = constructions().find(({ name }) => name === "what")?.groups ?? [];
    expect(asked.map((group) => group.at(0).source).filter((source) => / make\?$/.test(source))).toEqual([]);
  });
});
