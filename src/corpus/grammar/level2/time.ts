import { FREQUENCIES } from "../../lexicon/adverbs.js";
import { WEATHER } from "../../lexicon/idioms.js";
import { HABITUAL_TIMES, MONTHS, TIMES_OF_DAY } from "../../lexicon/time.js";
import { VERBS_OF_MOTION } from "../../lexicon/verbsAlone.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, map, only } from "../../space.js";
import { both, directions, expressionAdjunct, timesOf, withAdjuncts } from "../adjuncts.js";
import { habitualDeterminers, objectsOf, saidAlone } from "../choices.js";
import { clauses, withObject, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import { sentence, statement } from "../sentence.js";

const DYNAMIC = VERBS_WITH_OBJECT.filter(({ stative }) => !stative);

export function timeConstructions(): readonly Construction[] {
  const habitualTimes = HABITUAL_TIMES.map(expressionAdjunct);
  const times = [...HABITUAL_TIMES, ...TIMES_OF_DAY];

  const alone = clauses(saidAlone(2), 2, (verb) => withAdjuncts(timesOf(verb, times)));
  const withNoun = clauses(DYNAMIC, 2, (verb) =>
    both(withObject(verb, 2, habitualDeterminers(verb)), withAdjuncts(habitualTimes)),
  );
  const going = clauses(
    VERBS_OF_MOTION.filter(({ english }) => english === "go"),
    2,
    (verb) => withAdjuncts(directions(), timesOf(verb, times)),
  );

  const frequency = only(FREQUENCIES);
  const oftenAlone = clauses(saidAlone(2), 2, () => combine({ frequency }));
  const oftenWithNoun = clauses(DYNAMIC, 2, (verb) =>
    combine({ frequency, object: only(objectsOf(verb, 2, habitualDeterminers(verb))) }),
  );
  const oftenGoing = clauses(
    VERBS_OF_MOTION.filter(({ english }) => english === "go"),
    2,
    () => both(combine({ frequency }), withAdjuncts(directions())),
  );

  const seasons = HABITUAL_TIMES.filter(({ french }) => /^(en|au) /.test(french));
  const weather = combine({ state: only(WEATHER), time: only([...seasons, ...MONTHS]) });
  const hours = TIMES_OF_DAY.filter(({ english }) => english.endsWith("o'clock"));

  return [
    construction("time", 2, 1, worded(alone, statement)),
    construction("object and time", 2, 2, worded(withNoun, statement)),
    construction("way and time", 2, 1, worded(going, statement)),
    construction("frequency", 2, 0.5, worded(oftenAlone, statement)),
    construction("frequency and object", 2, 1, worded(oftenWithNoun, statement)),
    construction("frequency and way", 2, 0.5, worded(oftenGoing, statement)),
    construction("weather", 2, 0.1, [
      map(weather, ({ state, time }) =>
        sentence(
          `it is ${state.english} ${time.english}`,
          ["il", "fait", state.french, ...time.french.split(" ")],
          ".",
          [],
        ),
      ),
    ]),
    construction("hour", 2, 0.05, [
      map(only(hours), ({ english, french }) =>
        sentence(english.replace("at", "it is"), french.replace("à", "il est").split(" "), ".", []),
      ),
    ]),
  ];
}
