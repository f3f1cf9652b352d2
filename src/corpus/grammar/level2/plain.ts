import type { Verb } from "../../lexicon/verb.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import type { Space } from "../../space.js";
import { saidAlone } from "../choices.js";
import type { Clause } from "../clause.js";
import { clauses, clausesOf, NOTHING, withObject, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import { statement } from "../sentence.js";
import { relatives } from "../subjects.js";

const isNew = ({ level }: Verb): boolean => level === 2;

/** The patterns of level 1 with the verbs of level 2, and with relatives as subjects of the others. */
export function plainConstructions(): readonly Construction[] {
  const newVerbs: readonly Space<Clause>[] = [
    ...clauses(saidAlone(2).filter(isNew), 2, () => NOTHING),
    ...clauses(VERBS_WITH_OBJECT.filter(isNew), 2, (verb) => withObject(verb, 2)),
  ];

  const ofRelatives: readonly Space<Clause>[] = [
    ...saidAlone(2)
      .filter((verb) => !isNew(verb))
      .map((verb) => clausesOf(verb, relatives(2), NOTHING)),
    ...VERBS_WITH_OBJECT.filter((verb) => !isNew(verb)).map((verb) =>
      clausesOf(verb, relatives(2), withObject(verb, 2)),
    ),
  ];

  return [
    construction("verbs of level 2", 2, 3, worded(newVerbs, statement)),
    construction("relatives", 2, 2, worded(ofRelatives, statement)),
  ];
}
