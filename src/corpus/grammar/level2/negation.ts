import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, map, only, type Space } from "../../space.js";
import { habitualDeterminers, negatedDeterminers, objectsOf, saidAlone } from "../choices.js";
import type { Clause } from "../clause.js";
import { clauses, type Rest, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import type { NounPhrase } from "../nounPhrase.js";
import { statement } from "../sentence.js";
import { qualities } from "./adjectives.js";

/** The negations of a clause, with an object if any. */
function negated(negations: readonly NonNullable<Clause["negation"]>[], objects?: readonly NounPhrase[]): Space<Rest> {
  const negation = only(negations);
  return objects ? combine({ negation, object: only(objects) }) : combine({ negation });
}

export function negativeConstructions(): readonly Construction[] {
  const alone = clauses(saidAlone(2), 2, () => negated(["not", "never"]));
  const notDone = clauses(VERBS_WITH_OBJECT, 2, (verb) =>
    negated(["not"], objectsOf(verb, 2, negatedDeterminers(verb))),
  );
  const neverDone = clauses(
    VERBS_WITH_OBJECT.filter(({ stative }) => !stative),
    2,
    (verb) => negated(["never"], objectsOf(verb, 2, habitualDeterminers(verb))),
  );
  const qualitiesDenied = qualities().map((group) => map(group, (clause): Clause => ({ ...clause, negation: "not" })));

  return [
    construction("negation without an object", 2, 2, worded(alone, statement)),
    construction("not, with an object", 2, 3, worded(notDone, statement)),
    construction("never, with an object", 2, 1, worded(neverDone, statement)),
    construction("not, after to be", 2, 1, worded(qualitiesDenied, statement)),
  ];
}
