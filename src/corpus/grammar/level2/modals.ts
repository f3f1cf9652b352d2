import type { Expression } from "../../lexicon/expression.js";
import { MODALS, STATES } from "../../lexicon/idioms.js";
import { ADDRESSES } from "../../lexicon/questions.js";
import { BE_IN_STATE } from "../../lexicon/verb.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, map, only, type Space } from "../../space.js";
import { expressionAdjunct } from "../adjuncts.js";
import { objectsOf, saidAlone } from "../choices.js";
import type { Adjunct, Clause } from "../clause.js";
import { clauses, clausesOf, worded } from "../clauses.js";
import { adjectiveLemma } from "../combination.js";
import { type Construction, construction } from "../construction.js";
import type { Participant } from "../participant.js";
import { question, type Sentence, statement } from "../sentence.js";
import { namesOf, nounSubjects, pronouns, relatives } from "../subjects.js";

const WILLED = VERBS_WITH_OBJECT.filter(({ stative, english }) => !stative && english !== "lose");
const modal = only(MODALS);
/** Those that a polite question may open with. */
const polite = only(MODALS.filter(({ english }) => english !== "must"));
const polarity = only([undefined, "not"] as const);

export const states = STATES.map((state): readonly Adjunct[] => [
  { ...expressionAdjunct(state), lemma: adjectiveLemma(state.english) },
]);

/** Who may be hungry or thirsty. */
export const stated = (): readonly Space<Participant>[] => [pronouns, namesOf(2), nounSubjects({}, 2), relatives(2)];

const inStates = (...negations: readonly Clause["negation"][]): readonly Space<Clause>[] =>
  stated().map((subjects) =>
    clausesOf(BE_IN_STATE, subjects, combine({ adjuncts: only(states), negation: only(negations) })),
  );

export const POLITE_YOU: Participant = {
  english: "you",
  french: ["vous"],
  agreement: { person: 2, gender: "m", count: "plural" },
  combinations: [],
};

/** Can you open the door, sir? The form of address is what tells vous from tu. */
export function politeQuestion(clause: Clause, { english, french }: Expression): Sentence {
  const { source, target, combinations } = question(clause);
  return {
    source: source.replace("?", `, ${english}?`),
    target: target.replace(" ?", `, ${french} ?`),
    combinations,
  };
}

const politely = (clauses: Space<Clause>): Space<Sentence> =>
  map(combine({ clause: clauses, address: only(ADDRESSES) }), ({ clause, address }) => politeQuestion(clause, address));

export function modalConstructions(): readonly Construction[] {
  const alone = clauses(saidAlone(2), 2, () => combine({ modal, negation: polarity }));
  const withNoun = clauses(WILLED, 2, (verb) => combine({ modal, object: only(objectsOf(verb, 2)) }));
  const asked = WILLED.map((verb) =>
    clausesOf(verb, only([POLITE_YOU]), combine({ modal: polite, object: only(objectsOf(verb, 2)) })),
  );

  return [
    construction("want, can, must", 2, 1, worded(alone, statement)),
    construction("want, can, must, with an object", 2, 2, worded(withNoun, statement)),
    construction("polite question", 2, 1, asked.map(politely)),
    construction("hungry, thirsty", 2, 0.5, worded(inStates(undefined, "not"), statement)),
    construction("hungry, thirsty, asked", 2, 0.3, worded(inStates(undefined), question)),
  ];
}
