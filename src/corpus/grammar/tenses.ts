import { pastTense } from "../english/inflect.js";
import type { Verb } from "../lexicon/verb.js";
import { VERBS_WITH_OBJECT } from "../lexicon/verbsWithObject.js";
import { map, type Space } from "../space.js";
import type { Tense } from "../types.js";
import type { Rest } from "./clauses.js";

/** The same in another tense. */
export const inTense = (tense: Tense, rests: Space<Rest>): Space<Rest> => map(rests, (rest) => ({ ...rest, tense }));

/** What one does to something: the verbs that the passé composé and "was …ing" suit. */
export const ACTIONS: readonly Verb[] = VERBS_WITH_OBJECT.filter(({ stative }) => !stative);

/**
 * Whether the simple past can be told from the present: "they read a book" may be either, so that `read` and `cut` are
 * put in the past only with what settles it, a time or an auxiliary.
 */
export function hasOwnPast({ english }: Verb): boolean {
  const [base] = english.split(" ");
  return pastTense(base) !== base;
}

const EVERY_TENSE = new Set(
  (
    "être avoir manger boire aimer lire écrire ouvrir voir regarder chercher trouver acheter porter aider dormir " +
    "travailler chanter danser jouer attendre prendre faire partir aller venir arriver rester habiter parler donner"
  ).split(" "),
);

/**
 * Verbs common enough for the imperfect and the future. The others keep to the present and the past, which spares a
 * learner the nine forms that each would add.
 */
export const isInEveryTense = ({ french }: Verb): boolean => EVERY_TENSE.has(french);
