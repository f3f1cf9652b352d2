import type { Adjective } from "../../lexicon/adjective.js";
import { ADJECTIVES } from "../../lexicon/adjectives.js";
import type { NounKind } from "../../lexicon/noun.js";
import { BE } from "../../lexicon/verb.js";
import { VERBS_ALONE } from "../../lexicon/verbsAlone.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, each, map, only, type Space } from "../../space.js";
import { objectsOf, phrasesOf, takesParticular } from "../choices.js";
import type { Clause } from "../clause.js";
import { clauses, clausesOf, NOTHING, worded } from "../clauses.js";
import { phraseCombinations } from "../combination.js";
import { type Construction, construction } from "../construction.js";
import { englishPhrase, frenchPhrase, type NounPhrase } from "../nounPhrase.js";
import { type Participant, phraseParticipant } from "../participant.js";
import { type Sentence, sentence, statement } from "../sentence.js";
import { namesOf, nounSubjects, POSSESSIVES, participants, pronouns, relatives } from "../subjects.js";

// The objects of a verb are listed again for each of its subjects, which would make the same phrases many times.
const made = new Map<NounPhrase, readonly NounPhrase[]>();

/** The phrase with each adjective that may stand beside its noun. */
function described(phrase: NounPhrase): readonly NounPhrase[] {
  const suitable = ADJECTIVES.filter(({ beside }) => beside.includes(phrase.noun.kind));
  const all = made.get(phrase) ?? suitable.map((adjective) => ({ ...phrase, adjective }));
  made.set(phrase, all);
  return all;
}

const allDescribed = (plain: readonly NounPhrase[]): Space<NounPhrase> =>
  each(plain, (phrase) => only(described(phrase)));

const UNOWNED: readonly NounKind[] = ["beast", "bird", "creature", "area"];

/** Whom or what an adjective may be said of, in groups. */
function describable({ describes }: Adjective): readonly Space<Participant>[] {
  const nouns = nounSubjects({ subjects: describes }, 2);
  if (describes.includes("person")) return [pronouns, namesOf(2), nouns, relatives(2)];
  const owned = describes.filter((kind) => !UNOWNED.includes(kind));
  return [nouns, participants(phrasesOf(describes, 2, ["this"])), participants(phrasesOf(owned, 2, POSSESSIVES))];
}

/** Adjectives said of whatever they may be said of. */
export const qualitiesOf = (adjectives: readonly Adjective[]): readonly Space<Clause>[] =>
  adjectives.flatMap((quality) => describable(quality).map((subjects) => clausesOf(BE, subjects, only([{ quality }]))));

/** Every adjective said of whatever it may be said of. */
export const qualities = (): readonly Space<Clause>[] => qualitiesOf(ADJECTIVES);

const SHOWN: readonly NounKind[] = [
  "clothing",
  "beast",
  "bird",
  "vehicle",
  "writing",
  "dish",
  "food",
  "spooned",
  "furniture",
];

/** What a beautiful dress! Only adjectives that come first in French sound right here. */
export function exclamation(phrase: NounPhrase): Sentence {
  const { noun, count } = phrase;
  const which = { m: "quel", f: "quelle" }[noun.gender] + (count === "plural" ? "s" : "");
  // Less its article: "a beautiful dress" is "une belle robe", of which "quelle" replaces the first word.
  const [, ...words] = frenchPhrase({ ...phrase, determiner: "the" });
  return sentence(`what ${englishPhrase(phrase)}`, [which, ...words], "!", phraseCombinations(phrase));
}

export function adjectiveConstructions(): readonly Construction[] {
  const describedObjects = clauses(VERBS_WITH_OBJECT.filter(takesParticular), 2, (verb) =>
    combine({ object: allDescribed(objectsOf(verb, 2)) }),
  );

  const describedSubjects = VERBS_ALONE.map((verb) => {
    const kinds: readonly NounKind[] = verb.subjects?.includes("beast") ? ["person", "beast"] : ["person"];
    return clausesOf(verb, map(allDescribed(phrasesOf(kinds, 2, ["the"])), phraseParticipant), NOTHING);
  });

  const exclaimed = phrasesOf(SHOWN, 2, ["a", "bare"])
    .flatMap(described)
    .filter(({ adjective }) => adjective?.first && adjective.english !== "new");

  return [
    construction("adjective beside the object", 2, 5, worded(describedObjects, statement)),
    construction("adjective beside the subject", 2, 2, worded(describedSubjects, statement)),
    construction("adjective after to be", 2, 4, worded(qualities(), statement)),
    construction("exclamation", 2, 0.5, [map(only(exclaimed), exclamation)]),
  ];
}
