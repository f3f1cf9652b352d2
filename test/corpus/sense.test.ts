import { describe, expect, it } from "vitest";
import { objectsOf } from "../../src/corpus/grammar/choices.js";
import { constructions } from "../../src/corpus/grammar/index.js";
import type { Sentence } from "../../src/corpus/grammar/sentence.js";
import { NOUNS } from "../../src/corpus/lexicon/index.js";
import { FUTURE_TIMES } from "../../src/corpus/lexicon/time.js";
import type { Space } from "../../src/corpus/space.js";
import { adjective, verb } from "./meaning.js";

/** The English of a few sentences of a group, of all its parts. */
function spread(group: Space<Sentence>): string[] {
  const length = Math.min(40, group.size);
  return Array.from({ length }, (_, i) => group.at(Math.floor((i * group.size) / length)).source);
}

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

  it("says of no season that one gets up, and of no day to come that one stays", () => {
    const timed = constructions().filter(({ name }) => /time$/.test(name));
    const sources = timed.flatMap(({ groups }) => groups.flatMap(spread));
    const daily = /(slept|sleeps?|woke|wakes?|gets?|got) |(goes|went|go) to bed/;
    const long = /(week|month|year|spring|summer|autumn|winter)( ago)?\.$/;
    expect(sources.filter((source) => daily.test(source) && long.test(source))).toEqual([]);
    expect(sources.filter((source) => source.includes("will stay"))).toEqual([]);
    expect(sources.some((source) => daily.test(source))).toBe(true);
    expect(sources.some((source) => long.test(source))).toBe(true);
  });

  // "Qu'est-ce qu'il fait ?" asks what he is doing.
  it("does not ask what someone makes", () => {
    const asked = constructions().find(({ name }) => name === "what")?.groups ?? [];
    expect(asked.map((group) => group.at(0).source).filter((source) => / make\?$/.test(source))).toEqual([]);
  });
});
