import type { Adjunct, Clause } from "../../src/corpus/grammar/clause.js";
import type { NounPhrase } from "../../src/corpus/grammar/nounPhrase.js";
import {
  coupleParticipant,
  nameParticipant,
  type Participant,
  phraseParticipant,
  pronounParticipant,
} from "../../src/corpus/grammar/participant.js";
import type { Sentence } from "../../src/corpus/grammar/sentence.js";
import { ADJECTIVES } from "../../src/corpus/lexicon/adjectives.js";
import { NOUNS, VERBS } from "../../src/corpus/lexicon/index.js";
import { NAMES, type Name } from "../../src/corpus/lexicon/names.js";
import { OBJECT_PRONOUNS, SUBJECT_PRONOUNS } from "../../src/corpus/lexicon/pronouns.js";

/** The entry of a table that `suits`; a test that names none is wrong. */
export function entry<T>(table: readonly T[], suits: (row: T) => boolean): T {
  const found = table.find(suits);
  if (!found) throw new Error("no such entry in the lexicon");
  return found;
}

export const verb = (english: string, withObject = false) =>
  entry(VERBS, (row) => row.english === english && (row.objects !== undefined) === withObject);
export const adjective = (english: string) => entry(ADJECTIVES, (row) => row.english === english);
export const pronoun = (english: string) => entry(OBJECT_PRONOUNS, (row) => row.english === english);
export const name = (wanted: string): Name => entry(NAMES, (row) => row.name === wanted);

/** "the apple", "the apples" (plural by its English form), with a determiner and perhaps an adjective. */
export function phrase(determiner: NounPhrase["determiner"], english: string, adjectiveName?: string): NounPhrase {
  const noun = entry(NOUNS, (row) => row.english === english || row.englishPlural === english);
  return {
    noun,
    determiner,
    count: noun.english === english ? "singular" : "plural",
    ...(adjectiveName && { adjective: adjective(adjectiveName) }),
  };
}

/** "she", "Paul", "Anna and Marie", or a noun phrase. */
export function subject(text: string | NounPhrase): Participant {
  if (typeof text !== "string") return phraseParticipant(text);
  const [first, second] = text.split(" and ");
  if (second) return coupleParticipant(name(first), name(second));
  const found = SUBJECT_PRONOUNS.find(({ english }) => english === text);
  return found ? pronounParticipant(found) : nameParticipant(name(text));
}

/** A clause about someone, doing something perhaps to something. */
export function clause(about: string | NounPhrase, doing: string, rest: Partial<Clause> = {}): Clause {
  return {
    subject: subject(about),
    verb: verb(doing, rest.object !== undefined || rest.pronoun !== undefined),
    ...rest,
  };
}

export const adjunct = (english: string, french: string): Adjunct => ({ english, french: french.split(" ") });

/** "She sings. | Elle chante." */
export const shown = ({ source, target }: Sentence): string => `${source} | ${target}`;
