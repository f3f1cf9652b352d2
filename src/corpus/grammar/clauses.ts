import type { Verb } from "../lexicon/verb.js";
import { combine, each, lazily, map, only, type Space } from "../space.js";
import type { Level } from "../types.js";
import { objectsOf, plainDeterminers } from "./choices.js";
import type { Clause } from "./clause.js";
import type { Participant } from "./participant.js";
import type { Sentence } from "./sentence.js";
import { namesOf, nounPhraseSubjects, participants, pronouns, relativePhrases, subjectsOf } from "./subjects.js";

/** All that a clause says but for its subject and verb. */
export type Rest = Omit<Clause, "subject" | "verb">;

/** No more than a subject and a verb. */
export const NOTHING: Space<Rest> = only([{}]);

/** The clauses of a verb: every subject with every rest. */
export function clausesOf(verb: Verb, subjects: Space<Participant>, rests: Space<Rest>): Space<Clause> {
  return map(combine({ subject: subjects, rest: rests }), ({ subject, rest }) => ({ ...rest, subject, verb }));
}

/**
 * The clauses of some verbs, a group for each verb and sort of subject. Where the subject and the object may be the
 * same noun, "the king helps the king" is left out.
 */
export function clauses(verbs: readonly Verb[], level: Level, restsOf: (verb: Verb) => Space<Rest>): Space<Clause>[] {
  return verbs.flatMap((verb) => {
    const rests = lazily(() => restsOf(verb));
    if (!verb.objects?.includes("person")) {
      return subjectsOf(verb, level).map((subjects) => clausesOf(verb, subjects, rests));
    }
    const others = [pronouns, namesOf(level)].map((subjects) => clausesOf(verb, subjects, rests));
    const ofNouns = [nounPhraseSubjects(verb, level), relativePhrases(level)].map((phrases) =>
      each([...new Set(phrases.map(({ noun }) => noun))], (noun) => {
        const subjects = participants(phrases.filter((phrase) => phrase.noun === noun));
        return clausesOf(verb, subjects, restsOf({ ...verb, exceptFor: noun }));
      }),
    );
    return [...others, ...ofNouns];
  });
}

/** The objects of a verb, as the rest of a clause. */
export function withObject(verb: Verb, level: Level, determiners = plainDeterminers(verb)): Space<Rest> {
  return combine({ object: only(objectsOf(verb, level, determiners)) });
}

/** The sentences that some clauses make. */
export function worded(groups: readonly Space<Clause>[], wording: (clause: Clause) => Sentence): Space<Sentence>[] {
  return groups.map((group) => map(group, (clause) => wording(clause)));
}
