import { NAMES } from "../../lexicon/names.js";
import { MONTHS } from "../../lexicon/time.js";
import type { Verb } from "../../lexicon/verb.js";
import { VERBS_OF_LEAVING, VERBS_OF_MOTION } from "../../lexicon/verbsAlone.js";
import { only, type Space } from "../../space.js";
import { expressionAdjunct, locations, waysOf, withAdjuncts } from "../adjuncts.js";
import type { Clause } from "../clause.js";
import { clausesOf, NOTHING, type Rest, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import { coupleParticipant, type Participant } from "../participant.js";
import { statement } from "../sentence.js";
import { namesOf, nounSubjects, pronouns, relatives } from "../subjects.js";
import { inTense } from "../tenses.js";

const pastOf = (verb: Verb, subjects: Space<Participant>, rests: Space<Rest>): Space<Clause> =>
  clausesOf(verb, subjects, inTense("past", rests));

/** Birth, of which only the past is worth saying. */
const BE_BORN: Verb = { english: "be born", french: "naître", level: 3 };

export function coupleConstructions(): readonly Construction[] {
  // Told apart by their sexes: only two women make a feminine plural.
  const couples = only(
    NAMES.flatMap((first) =>
      NAMES.filter((second) => second !== first).map((second) => coupleParticipant(first, second)),
    ),
  );
  const went = [
    ...VERBS_OF_MOTION.map((verb) => pastOf(verb, couples, withAdjuncts(waysOf(verb)))),
    ...VERBS_OF_LEAVING.map((verb) => pastOf(verb, couples, NOTHING)),
  ];

  const birth = withAdjuncts([...locations(["town"]), ...MONTHS.map(expressionAdjunct)]);
  const born = [pronouns, namesOf(3), nounSubjects({}, 3), relatives(3)].map((subjects) =>
    pastOf(BE_BORN, subjects, birth),
  );

  return [
    construction("two people, past", 3, 1, worded(went, statement)),
    construction("born", 3, 0.7, worded(born, statement)),
  ];
}
