import { NAMES } from "../../lexicon/names.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, each, map, only } from "../../space.js";
import { ownable, phrases, takesParticular } from "../choices.js";
import { clauses, clausesOf, withObject, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import { statement } from "../sentence.js";
import { nounSubjects, POSSESSIVES, pronouns } from "../subjects.js";

const ON_ONE_THING = VERBS_WITH_OBJECT.filter(takesParticular);

export function possessiveConstructions(): readonly Construction[] {
  const possessed = clauses(ON_ONE_THING, 2, (verb) => combine({ object: only(phrases(ownable(verb), POSSESSIVES)) }));

  const pointedAt = clauses(ON_ONE_THING, 2, (verb) => withObject(verb, 2, ["this"]));

  const belonging = ON_ONE_THING.flatMap((verb) => {
    const objects = phrases(ownable(verb), ["the"]);
    const object = each(NAMES, (owner) => map(only(objects), (thing) => ({ ...thing, determiner: { owner } })));
    // No name as the subject: Paul looks for his own key, not for Paul's.
    return [pronouns, nounSubjects(verb, 2)].map((subjects) => clausesOf(verb, subjects, combine({ object })));
  });

  return [
    construction("possessive", 2, 4, worded(possessed, statement)),
    construction("demonstrative", 2, 1, worded(pointedAt, statement)),
    construction("owner by name", 2, 2, worded(belonging, statement)),
  ];
}
