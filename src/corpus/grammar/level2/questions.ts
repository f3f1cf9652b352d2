import { ADJECTIVES } from "../../lexicon/adjectives.js";
import { BE } from "../../lexicon/verb.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { only, type Space } from "../../space.js";
import { saidAlone } from "../choices.js";
import type { Clause } from "../clause.js";
import { clauses, clausesOf, NOTHING, withObject, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import type { Participant } from "../participant.js";
import { question, statement } from "../sentence.js";
import { qualities } from "./adjectives.js";

const SOMEONE: Participant = {
  english: "who",
  french: ["qui"],
  agreement: { person: 3, gender: "m", count: "singular" },
  combinations: [],
};
const someone = only([SOMEONE]);
const ofPeople = ADJECTIVES.filter(({ describes }) => describes.includes("person"));

export function questionConstructions(): readonly Construction[] {
  const alone = clauses(saidAlone(2), 2, () => NOTHING);
  const withNoun = clauses(VERBS_WITH_OBJECT, 2, (verb) => withObject(verb, 2));

  const askedOfSubject: readonly Space<Clause>[] = [
    ...saidAlone(2).map((verb) => clausesOf(verb, someone, NOTHING)),
    ...VERBS_WITH_OBJECT.map((verb) => clausesOf(verb, someone, withObject(verb, 2))),
    clausesOf(BE, someone, only(ofPeople.map((quality) => ({ quality })))),
  ];

  return [
    construction("question without an object", 2, 1, worded(alone, question)),
    construction("question with an object", 2, 2, worded(withNoun, question)),
    construction("question after to be", 2, 1, worded(qualities(), question)),
    construction(
      "who, as the subject",
      2,
      1,
      worded(askedOfSubject, (clause) => statement(clause, "?")),
    ),
  ];
}
