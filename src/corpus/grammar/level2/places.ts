import { POSITIONS } from "../../lexicon/idioms.js";
import type { NounKind } from "../../lexicon/noun.js";
import { BE } from "../../lexicon/verb.js";
import { VERBS_ALONE, VERBS_OF_MOTION, VERBS_OF_PLACE } from "../../lexicon/verbsAlone.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { both, locations, waysOf, withAdjuncts } from "../adjuncts.js";
import { nounsOf, phrases, phrasesOf } from "../choices.js";
import type { Adjunct } from "../clause.js";
import { clauses, clausesOf, withObject, worded } from "../clauses.js";
import { nounLemma } from "../combination.js";
import { type Construction, construction } from "../construction.js";
import { englishPhrase, frenchPhrase } from "../nounPhrase.js";
import { statement } from "../sentence.js";
import { namesOf, nounSubjects, POSSESSIVES, participants, pronouns, relatives } from "../subjects.js";

const LOCATED = [...VERBS_ALONE, ...VERBS_OF_PLACE].filter(({ where }) => where);

const SURFACES = ["table", "chair", "bed", "sofa", "armchair"];

/** What may be left on a surface, or under it. */
const LEFT: readonly NounKind[] = ["thing", "reading", "clothing", "container"];

export function placeConstructions(): readonly Construction[] {
  const done = clauses(LOCATED, 2, (verb) => withAdjuncts(locations(verb.where)));

  const doneToSomething = clauses(
    VERBS_WITH_OBJECT.filter(({ where }) => where),
    2,
    (verb) => both(withObject(verb, 2), withAdjuncts(locations(verb.where))),
  );

  const going = clauses(VERBS_OF_MOTION, 2, (verb) => withAdjuncts(waysOf(verb)));

  const whereabouts = [pronouns, namesOf(2), nounSubjects({}, 2), relatives(2)].map((subjects) =>
    clausesOf(BE, subjects, withAdjuncts(locations(["place", "room", "area", "town"]))),
  );

  const surfaces = nounsOf(["furniture"], 2).filter(({ english }) => SURFACES.includes(english));
  const beside: readonly Adjunct[] = POSITIONS.flatMap(({ english, french }) =>
    phrases(surfaces, ["the", ...POSSESSIVES])
      .filter(({ count }) => count === "singular")
      .map((phrase) => ({
        english: `${english} ${englishPhrase(phrase)}`,
        french: [french, ...frenchPhrase(phrase)],
        lemma: nounLemma(phrase.noun.english),
      })),
  );

  const placed = [phrasesOf(LEFT, 2, ["the"]), phrasesOf(LEFT, 2, POSSESSIVES)].map((things) =>
    clausesOf(BE, participants(things), withAdjuncts(beside)),
  );

  return [
    construction("place", 2, 2, worded(done, statement)),
    construction("object and place", 2, 1, worded(doneToSomething, statement)),
    construction("way", 2, 3, worded(going, statement)),
    construction("place after to be", 2, 1, worded(whereabouts, statement)),
    construction("thing beside a thing", 2, 1, worded(placed, statement)),
  ];
}
