import type { Construction } from "./construction.js";
import { LEVEL_1 } from "./level1.js";
import { ADJECTIVE_CONSTRUCTIONS } from "./level2/adjectives.js";
import { EXISTENCE_CONSTRUCTIONS } from "./level2/existence.js";
import { MODAL_CONSTRUCTIONS } from "./level2/modals.js";
import { NEGATIVE_CONSTRUCTIONS } from "./level2/negation.js";
import { NUMBER_CONSTRUCTIONS } from "./level2/numbers.js";
import { OPEN_QUESTION_CONSTRUCTIONS } from "./level2/openQuestions.js";
import { PLACE_CONSTRUCTIONS } from "./level2/places.js";
import { PLAIN_CONSTRUCTIONS } from "./level2/plain.js";
import { POSSESSIVE_CONSTRUCTIONS } from "./level2/possessives.js";
import { QUESTION_CONSTRUCTIONS } from "./level2/questions.js";
import { TIME_CONSTRUCTIONS } from "./level2/time.js";
import { COMPLEX_CONSTRUCTIONS } from "./level3/complex.js";
import { COUPLE_CONSTRUCTIONS } from "./level3/couples.js";
import { IMPERFECT_CONSTRUCTIONS } from "./level3/imperfect.js";
import { FUTURE_CONSTRUCTIONS, PAST_CONSTRUCTIONS } from "./level3/pastAndFuture.js";
import { PRONOUN_CONSTRUCTIONS } from "./level3/pronouns.js";
import { RELATIVE_CONSTRUCTIONS } from "./level3/relatives.js";

/** All the constructions. */
export const CONSTRUCTIONS: readonly Construction[] = [
  ...LEVEL_1,
  ...PLAIN_CONSTRUCTIONS,
  ...ADJECTIVE_CONSTRUCTIONS,
  ...POSSESSIVE_CONSTRUCTIONS,
  ...NEGATIVE_CONSTRUCTIONS,
  ...QUESTION_CONSTRUCTIONS,
  ...OPEN_QUESTION_CONSTRUCTIONS,
  ...NUMBER_CONSTRUCTIONS,
  ...PLACE_CONSTRUCTIONS,
  ...EXISTENCE_CONSTRUCTIONS,
  ...TIME_CONSTRUCTIONS,
  ...MODAL_CONSTRUCTIONS,
  ...IMPERFECT_CONSTRUCTIONS,
  ...PAST_CONSTRUCTIONS,
  ...FUTURE_CONSTRUCTIONS,
  ...COUPLE_CONSTRUCTIONS,
  ...PRONOUN_CONSTRUCTIONS,
  ...COMPLEX_CONSTRUCTIONS,
  ...RELATIVE_CONSTRUCTIONS,
];
