import { ADJECTIVES } from "./adjectives.js";
import { FREQUENCIES, MANNERS } from "./adverbs.js";
import { ANIMALS } from "./animals.js";
import { FOOD } from "./food.js";
import { MODALS, POSITIONS, STATES, VERBS_OF_OPINION, WEATHER } from "./idioms.js";
import { NAMES } from "./names.js";
import type { Noun } from "./noun.js";
import { NUMBERS } from "./numbers.js";
import { OBJECTS } from "./objects.js";
import { FAMILY, PEOPLE } from "./people.js";
import { PLACES, SET_PLACES, TOWNS } from "./places.js";
import { OBJECT_PRONOUNS, SUBJECT_PRONOUNS } from "./pronouns.js";
import { ADDRESSES, QUESTION_WORDS } from "./questions.js";
import { SKILLS } from "./skills.js";
import { FUTURE_TIMES, HABITUAL_TIMES, MONTHS, PAST_TIMES, TIMES_OF_DAY } from "./time.js";
import type { Verb } from "./verb.js";
import { VERBS_ALONE, VERBS_OF_LEAVING, VERBS_OF_MOTION, VERBS_OF_PLACE } from "./verbsAlone.js";
import { VERBS_OF_GIVING, VERBS_WITH_OBJECT } from "./verbsWithObject.js";

export const NOUNS: readonly Noun[] = [...PEOPLE, ...FAMILY, ...ANIMALS, ...FOOD, ...OBJECTS, ...PLACES, ...SKILLS];

export const VERBS: readonly Verb[] = [
  ...VERBS_WITH_OBJECT,
  ...VERBS_OF_GIVING,
  ...VERBS_ALONE,
  ...VERBS_OF_PLACE,
  ...VERBS_OF_MOTION,
  ...VERBS_OF_LEAVING,
  ...VERBS_OF_OPINION,
];
const EXPRESSIONS = [
  ...MANNERS,
  ...FREQUENCIES,
  ...STATES,
  ...WEATHER,
  ...QUESTION_WORDS,
  ...ADDRESSES,
  ...POSITIONS,
  ...TIMES_OF_DAY,
  ...HABITUAL_TIMES,
  ...MONTHS,
  ...PAST_TIMES,
  ...FUTURE_TIMES,
];

/** How many words and set expressions the lexicon holds, each counted once whatever the number of its forms. */
export const lexiconSize: number = [
  ...NOUNS,
  ...VERBS,
  ...MODALS,
  ...ADJECTIVES,
  ...EXPRESSIONS,
  ...NUMBERS,
  ...NAMES,
  ...SUBJECT_PRONOUNS,
  ...OBJECT_PRONOUNS,
  ...SET_PLACES,
  ...TOWNS,
].length;
