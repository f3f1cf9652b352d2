import { VERBS_ALONE } from "../lexicon/verbsAlone.js";
import { VERBS_WITH_OBJECT } from "../lexicon/verbsWithObject.js";
import { mannersOf, withAdjuncts } from "./adjuncts.js";
import { known } from "./choices.js";
import { clauses, NOTHING, withObject, worded } from "./clauses.js";
import { type Construction, construction } from "./construction.js";
import { statement } from "./sentence.js";

/** Short sentences in the present, whose verb agrees with its subject. */
export function level1Constructions(): readonly Construction[] {
  const verbsAlone = known(VERBS_ALONE, 1);
  const bare = clauses(verbsAlone, 1, () => NOTHING);
  const withManner = clauses(verbsAlone, 1, (verb) => withAdjuncts(mannersOf(verb)));
  const withNoun = clauses(known(VERBS_WITH_OBJECT, 1), 1, (verb) => withObject(verb, 1));

  return [
    construction("subject, verb", 1, 1, worded(bare, statement)),
    construction("subject, verb, manner", 1, 2, worded(withManner, statement)),
    construction("subject, verb, object", 1, 7, worded(withNoun, statement)),
  ];
}
