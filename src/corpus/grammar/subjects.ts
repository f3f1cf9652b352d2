import type { DeterminerId } from "../lexicon/determiners.js";
import { NAMES } from "../lexicon/names.js";
import type { NounKind } from "../lexicon/noun.js";
import { SUBJECT_PRONOUNS } from "../lexicon/pronouns.js";
import type { Verb } from "../lexicon/verb.js";
import { lazily, map, only, type Space } from "../space.js";
import type { Level } from "../types.js";
import { known, phrasesOf } from "./choices.js";
import type { NounPhrase } from "./nounPhrase.js";
import { nameParticipant, type Participant, phraseParticipant, pronounParticipant } from "./participant.js";

const PEOPLE: readonly NounKind[] = ["person", "family"];

export const POSSESSIVES: readonly DeterminerId[] = ["my", "your", "his", "her", "our", "their"];

export const pronouns: Space<Participant> = only(SUBJECT_PRONOUNS.map(pronounParticipant));

export const namesOf = (level: Level): Space<Participant> => map(only(known(NAMES, level)), nameParticipant);

const worded = new WeakMap<readonly NounPhrase[], Space<Participant>>();

/** Phrases as participants, worded once: the same lists of them are the subjects of many constructions. */
export function participants(phrases: readonly NounPhrase[]): Space<Participant> {
  const made = worded.get(phrases) ?? lazily(() => only(phrases.map(phraseParticipant)));
  worded.set(phrases, made);
  return made;
}

/** My father, her sisters… */
export const relativePhrases = (level: Level): readonly NounPhrase[] => phrasesOf(["family"], level, POSSESSIVES);

export const relatives = (level: Level): Space<Participant> => participants(relativePhrases(level));

/** The boy, the cats…, of the kinds that may be the subject of a verb. */
export function nounPhraseSubjects({ subjects = PEOPLE }: Pick<Verb, "subjects">, level: Level): readonly NounPhrase[] {
  const kinds = subjects.filter((kind) => kind !== "family");
  return phrasesOf(kinds, level, ["the"]);
}

export const nounSubjects = (verb: Pick<Verb, "subjects">, level: Level): Space<Participant> =>
  participants(nounPhraseSubjects(verb, level));

/** Who may be the subject of a verb, in groups to be drawn from equally often: pronouns, names, nouns, relatives. */
export function subjectsOf(verb: Pick<Verb, "subjects">, level: Level): readonly Space<Participant>[] {
  return [pronouns, namesOf(level), nounSubjects(verb, level), relatives(level)].filter(({ size }) => size > 0);
}
