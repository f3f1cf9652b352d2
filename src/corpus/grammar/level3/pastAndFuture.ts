import type { Expression } from "../../lexicon/expression.js";
import { FUTURE_TIMES, PAST_TIMES } from "../../lexicon/time.js";
import type { Verb } from "../../lexicon/verb.js";
import { VERBS_OF_MOTION, VERBS_OF_PLACE } from "../../lexicon/verbsAlone.js";
import { combine, only, type Space } from "../../space.js";
import { both, expressionAdjunct, locations, timesOf, waysOf, withAdjuncts } from "../adjuncts.js";
import { habitualDeterminers, negatedDeterminers, objectsOf, saidAlone } from "../choices.js";
import type { Clause } from "../clause.js";
import { clauses, NOTHING, type Rest, withObject, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import { question, statement } from "../sentence.js";
import { ACTIONS, hasOwnPast, inTense, isInEveryTense } from "../tenses.js";

interface TenseUse {
  readonly tense: "past" | "future";
  readonly times: readonly Expression[];
  /** The verbs that the corpus puts in this tense. */
  readonly suits: (verb: Verb) => boolean;
  /** Those whose English form alone says which tense it is. */
  readonly isPlain: (verb: Verb) => boolean;
}

const DISTANT = [...VERBS_OF_MOTION, ...VERBS_OF_PLACE];

/** Where a verb leads or keeps its subject. */
const placesOf = (verb: Verb): Space<Rest> =>
  withAdjuncts(VERBS_OF_MOTION.includes(verb) ? waysOf(verb) : locations(verb.where));

const denied = (...negations: readonly Clause["negation"][]): Space<Rest> => combine({ negation: only(negations) });

/** The passé composé and the future follow the same patterns, each with its own times. */
function tenseConstructions({ tense, times, suits, isPlain }: TenseUse): readonly Construction[] {
  const time = withAdjuncts(times.map(expressionAdjunct));
  const actions = ACTIONS.filter(suits);
  const alone = saidAlone(3).filter(suits);
  const moves = DISTANT.filter((verb) => suits(verb) && !(tense === "past" && verb.stative));
  const groups = (verbs: readonly Verb[], restsOf: (verb: Verb) => Space<Rest>): Space<Clause>[] =>
    clauses(verbs, 3, (verb) => inTense(tense, restsOf(verb)));
  const row = (name: string, weight: number, found: readonly Space<Clause>[], wording: typeof question = statement) =>
    construction(`${tense}: ${name}`, 3, weight, worded(found, wording));

  const objects = (verb: Verb) => withObject(verb, 3);
  const notDone = (verb: Verb) =>
    combine({ negation: only(["not"] as const), object: only(objectsOf(verb, 3, negatedDeterminers(verb))) });
  const neverDone = (verb: Verb) =>
    combine({ negation: only(["never"] as const), object: only(objectsOf(verb, 3, habitualDeterminers(verb))) });

  return [
    row("object", 3, groups(actions.filter(isPlain), objects)),
    row(
      "object and time",
      3,
      groups(actions, (verb) => both(objects(verb), time)),
    ),
    row("not, with an object", 1.5, groups(actions, notDone)),
    row("never, with an object", 0.5, groups(actions.filter(isPlain), neverDone)),
    row("question with an object", 1, groups(actions, objects), question),
    row(
      "no object",
      1.5,
      groups(alone, () => denied(undefined, "not", "never")),
    ),
    row(
      "no object, and time",
      1,
      groups(alone, (verb) => withAdjuncts(timesOf(verb, times))),
    ),
    row(
      "question without an object",
      0.5,
      groups(alone, () => NOTHING),
      question,
    ),
    row("way", 2, groups(moves, placesOf)),
    row(
      "way and time",
      2,
      groups(
        // One arrives in two days, but stays for two.
        moves.filter(({ english, stative }) => !stative && !(tense === "future" && english === "stay")),
        (verb) => both(placesOf(verb), time),
      ),
    ),
    row(
      "not, with a way",
      0.5,
      groups(moves, (verb) => both(denied("not"), placesOf(verb))),
    ),
    row("question with a way", 0.5, groups(moves, placesOf), question),
  ];
}

export const pastConstructions = (): readonly Construction[] =>
  tenseConstructions({
    tense: "past",
    times: PAST_TIMES,
    suits: () => true,
    isPlain: hasOwnPast,
  });

export const futureConstructions = (): readonly Construction[] =>
  tenseConstructions({
    tense: "future",
    times: FUTURE_TIMES,
    suits: isInEveryTense,
    isPlain: () => true,
  });
