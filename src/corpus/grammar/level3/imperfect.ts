import { ADJECTIVES } from "../../lexicon/adjectives.js";
import { HABITUAL_TIMES } from "../../lexicon/time.js";
import { BE_IN_STATE, type Verb } from "../../lexicon/verb.js";
import { VERBS_OF_PLACE } from "../../lexicon/verbsAlone.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, map, only, type Space } from "../../space.js";
import { both, expressionAdjunct, locations, timesOf, withAdjuncts } from "../adjuncts.js";
import { habitualDeterminers, saidAlone } from "../choices.js";
import type { Clause } from "../clause.js";
import { clauses, clausesOf, NOTHING, type Rest, withObject, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import { qualitiesOf } from "../level2/adjectives.js";
import { stated, states } from "../level2/modals.js";
import { question, statement } from "../sentence.js";
import { ACTIONS, inTense, isInEveryTense } from "../tenses.js";

const imperfect = (rests: Space<Rest>): Space<Rest> => inTense("imperfect", rests);
const withNegation = (rests: Space<Rest>): Space<Rest> =>
  map(combine({ rest: rests, negation: only([undefined, "not"] as const) }), ({ rest, negation }) => ({
    ...rest,
    negation,
  }));

const actions = ACTIONS.filter(isInEveryTense);
const lastingActions = actions.filter(({ instant }) => !instant);
const alone = saidAlone(3).filter((verb) => isInEveryTense(verb) && !verb.instant);
const located = alone.filter(({ where }) => where);

/** Habits: "used to", with or without a time. */
const habit = (rests: Space<Rest>): Space<Rest> => map(imperfect(rests), (rest) => ({ ...rest, habit: true }));
const times = withAdjuncts(HABITUAL_TIMES.map(expressionAdjunct));
const habitual = (verb: Verb): Space<Rest> => withObject(verb, 3, habitualDeterminers(verb));

/** What one is, rather than was or becomes. */
const INBORN = new Set(["young", "tall", "French", "English", "Italian"]);

/** What one was or will be. */
const qualitiesIn = (tense: "imperfect" | "future"): readonly Space<Clause>[] =>
  qualitiesOf(ADJECTIVES.filter(({ english }) => !INBORN.has(english))).map((group) =>
    map(group, (clause) => ({ ...clause, tense })),
  );
const statesIn = (tense: "imperfect" | "future"): readonly Space<Clause>[] =>
  stated().map((subjects) => clausesOf(BE_IN_STATE, subjects, inTense(tense, combine({ adjuncts: only(states) }))));

export function imperfectConstructions(): readonly Construction[] {
  const doing = clauses(lastingActions, 3, (verb) => imperfect(withObject(verb, 3)));
  const doingAlone = clauses(alone, 3, () => imperfect(withNegation(NOTHING)));
  const doingThere = clauses(located, 3, (verb) => imperfect(withAdjuncts(locations(verb.where))));

  const habits = clauses(VERBS_WITH_OBJECT.filter(isInEveryTense), 3, (verb) => habit(habitual(verb)));
  const timedHabits = clauses(actions, 3, (verb) => habit(both(habitual(verb), times)));
  const timedHabitsAlone = clauses(alone, 3, (verb) => habit(withAdjuncts(timesOf(verb, HABITUAL_TIMES))));
  const livedThere = clauses(
    VERBS_OF_PLACE.filter(({ stative }) => stative),
    3,
    (verb) => habit(withAdjuncts(locations(verb.where))),
  );

  return [
    construction("imperfect: object", 3, 3, worded(doing, statement)),
    construction("imperfect: question with an object", 3, 1, worded(doing, question)),
    construction("imperfect: no object", 3, 1, worded(doingAlone, statement)),
    construction("imperfect: place", 3, 1, worded(doingThere, statement)),
    construction("habit: object", 3, 1.5, worded(habits, statement)),
    construction("habit: object and time", 3, 1.5, worded(timedHabits, statement)),
    construction("habit: time", 3, 1, worded(timedHabitsAlone, statement)),
    construction("habit: place", 3, 0.5, worded(livedThere, statement)),
    construction("was, with an adjective", 3, 1.5, worded(qualitiesIn("imperfect"), statement)),
    construction("will be, with an adjective", 3, 1, worded(qualitiesIn("future"), statement)),
    construction("was hungry", 3, 0.5, worded(statesIn("imperfect"), statement)),
    construction("will be hungry", 3, 0.5, worded(statesIn("future"), statement)),
  ];
}
