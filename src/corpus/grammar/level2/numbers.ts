import { NUMBERS } from "../../lexicon/numbers.js";
import { BE_IN_STATE } from "../../lexicon/verb.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, each, map, only, type Space } from "../../space.js";
import { objectsOf } from "../choices.js";
import { clauses, clausesOf, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import type { NounPhrase } from "../nounPhrase.js";
import { statement } from "../sentence.js";
import { namesOf, participants, pronouns, relativePhrases } from "../subjects.js";

/** One key, two keys… in place of each bare plural. */
export function counted(plural: NounPhrase): Space<NounPhrase> {
  return map(only(NUMBERS), (determiner) => ({
    ...plural,
    determiner,
    count: determiner.value === 1 ? "singular" : "plural",
  }));
}

const COUNTABLE = VERBS_WITH_OBJECT.filter(({ determiners }) => !determiners || determiners.includes("bare"));

/** Relatives who may be of any of the ages given. */
const YOUNG = ["brother", "sister", "son", "daughter", "nephew", "niece"];

export function numberConstructions(): readonly Construction[] {
  const numbered = clauses(COUNTABLE, 2, (verb) => {
    const plurals = objectsOf(verb, 2, ["bare"]).filter(({ noun }) => !noun.mass);
    return combine({ object: each(plurals, counted) });
  });

  const ages = NUMBERS.filter(({ value }) => value > 2).map(({ english, french }) => ({
    adjuncts: [{ english: `${english} years old`, french: [french.m, "ans"] }],
  }));

  const youngRelatives = participants(relativePhrases(2).filter(({ noun }) => YOUNG.includes(noun.english)));

  const aged = [pronouns, namesOf(2), youngRelatives].map((subjects) => clausesOf(BE_IN_STATE, subjects, only(ages)));

  return [
    construction("number", 2, 3, worded(numbered, statement)),
    construction("age", 2, 0.5, worded(aged, statement)),
  ];
}
