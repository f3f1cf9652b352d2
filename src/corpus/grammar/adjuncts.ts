import { contract } from "../french/join.js";
import { MANNERS } from "../lexicon/adverbs.js";
import type { Expression } from "../lexicon/expression.js";
import type { NounKind } from "../lexicon/noun.js";
import { PLACES, SET_PLACES, TOWNS } from "../lexicon/places.js";
import type { PlaceKind, Verb } from "../lexicon/verb.js";
import { combine, map, only, type Space } from "../space.js";
import type { Adjunct } from "./clause.js";
import type { Rest } from "./clauses.js";
import { nounLemma } from "./combination.js";
import { englishPhrase, frenchPhrase } from "./nounPhrase.js";

/** A set expression at the end of a clause. */
export const expressionAdjunct = ({ english, french }: Pick<Expression, "english" | "french">): Adjunct => ({
  english,
  french: french.split(" "),
});

/** The adverbs of manner that suit a verb. */
export const mannersOf = (verb: Verb): readonly Adjunct[] =>
  MANNERS.filter(({ english }) => verb.manners?.includes(english)).map(expressionAdjunct);

const LONGER_THAN_A_DAY = /week|month|year|spring|summer|autumn|winter/;

/** Those of some times that suit a verb. */
export const timesOf = ({ daily }: Verb, times: readonly Expression[]): readonly Adjunct[] =>
  times.filter(({ english }) => !(daily && LONGER_THAN_A_DAY.test(english))).map(expressionAdjunct);

function placeAdjuncts(kind: Exclude<PlaceKind, "town">, direction: "at" | "to"): readonly Adjunct[] {
  const kinds: readonly NounKind[] = kind === "place" ? ["place", "sight"] : [kind];
  return PLACES.filter((noun) => kinds.includes(noun.kind)).map((noun) => {
    const phrase = { noun, count: "singular", determiner: "the" } as const;
    const preposition = direction === "to" ? "to" : kind === "place" ? "at" : "in";
    return {
      english: `${preposition} ${englishPhrase(phrase)}`,
      french: kind === "place" ? contract("à", frenchPhrase(phrase)) : ["dans", ...frenchPhrase(phrase)],
      lemma: nounLemma(noun.english),
    };
  });
}

function townAdjuncts(direction: "at" | "to"): readonly Adjunct[] {
  return TOWNS.map(({ english, at, french }) => ({
    english: `${direction === "at" ? "in" : "to"} ${english}`,
    french: [at, french],
    lemma: nounLemma(english),
  }));
}

const setPlaces = (direction: "at" | "to"): readonly Adjunct[] =>
  SET_PLACES.map((place) => expressionAdjunct({ english: place[direction], french: place.french }));

/** Where something happens: at the market, in the garden, in Paris. */
export function locations(kinds: readonly PlaceKind[] = []): readonly Adjunct[] {
  return kinds.flatMap((kind) => {
    if (kind === "town") return townAdjuncts("at");
    return kind === "place" ? [...placeAdjuncts(kind, "at"), ...setPlaces("at")] : placeAdjuncts(kind, "at");
  });
}

/** Where someone goes. */
export const directions = (): readonly Adjunct[] => [
  ...placeAdjuncts("place", "to"),
  // "To the house" would be home, à la maison.
  ...placeAdjuncts("room", "to").filter(({ english }) => english !== "to the house"),
  ...setPlaces("to"),
  ...townAdjuncts("to"),
];

/** Where someone comes from. */
const origins = (): readonly Adjunct[] =>
  TOWNS.map(({ english, from, french }) => ({
    english: `from ${english}`,
    french: [from, french],
    lemma: nounLemma(english),
  }));

/** Where a verb of motion may lead, or lead from. */
export const waysOf = ({ english }: Verb): readonly Adjunct[] =>
  english === "go" ? directions() : [...directions(), ...origins()];

/** Adjuncts of one sort each, as the rest of a clause. */
export function withAdjuncts(...sorts: readonly (readonly Adjunct[])[]): Space<Rest> {
  const parts = combine<Record<number, Adjunct>>({ ...sorts.map((sort) => only(sort)) });
  return map(parts, (chosen) => ({ adjuncts: Object.values(chosen) }));
}

/** Both rests at once; the adjuncts of the first come first. */
export function both(first: Space<Rest>, second: Space<Rest>): Space<Rest> {
  return map(combine({ first, second }), ({ first, second }) => ({
    ...first,
    ...second,
    adjuncts: [...(first.adjuncts ?? []), ...(second.adjuncts ?? [])],
  }));
}
