import type { Adjective } from "../../lexicon/adjective.js";
import { ADJECTIVES } from "../../lexicon/adjectives.js";
import { VERBS_OF_OPINION } from "../../lexicon/idioms.js";
import { NAMES } from "../../lexicon/names.js";
import { SUBJECT_PRONOUNS } from "../../lexicon/pronouns.js";
import { BE, type Verb } from "../../lexicon/verb.js";
import { VERBS_ALONE, VERBS_OF_LEAVING, VERBS_OF_PLACE } from "../../lexicon/verbsAlone.js";
import { combine, each, map, only, type Space } from "../../space.js";
import { phrasesOf, saidAlone } from "../choices.js";
import type { Clause } from "../clause.js";
import { clausesOf, NOTHING, withObject } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import { englishClause } from "../englishClause.js";
import { frenchClause } from "../frenchClause.js";
import { nameParticipant, type Participant, phraseParticipant, pronounParticipant } from "../participant.js";
import { clauseCombinations, type Sentence, sentence } from "../sentence.js";
import { namesOf, nounSubjects, pronouns, relatives } from "../subjects.js";
import { ACTIONS, inTense, isInEveryTense } from "../tenses.js";

interface Joined {
  readonly first: Clause;
  readonly second: Clause;
}

/** Two clauses with a conjunction between them. */
export function joined({ first, second }: Joined, english: string, french: readonly string[]): Sentence {
  return sentence(
    `${englishClause(first)} ${english} ${englishClause(second)}`,
    [...frenchClause(first), ...french, ...frenchClause(second)],
    ".",
    [...clauseCombinations(first), ...clauseCombinations(second)],
  );
}

const named = (verbs: readonly Verb[], ...english: readonly string[]): readonly Verb[] =>
  verbs.filter((verb) => english.includes(verb.english));
const describing = (...english: readonly string[]): readonly Adjective[] =>
  ADJECTIVES.filter((adjective) => english.includes(adjective.english));

const past = inTense("past", NOTHING);

// What was going on, and what happened then, to people who cannot be the same.
const INTERRUPTIONS = [...named(VERBS_OF_PLACE, "arrive"), ...named(VERBS_OF_LEAVING, "leave", "fall")];

function whileDoing(verb: Verb): readonly Space<Clause>[] {
  const rests = inTense("imperfect", verb.objects ? withObject(verb, 3) : NOTHING);
  return [pronouns, nounSubjects({}, 3)].map((subjects) => clausesOf(verb, subjects, rests));
}

const UNDER_WAY = [...saidAlone(3), ...ACTIONS].filter((verb) => isInEveryTense(verb) && !verb.instant);
/** What may make someone do something. */
const CAUSES = [
  { verbs: named(VERBS_ALONE, "cry"), adjectives: describing("sad", "jealous", "tired") },
  { verbs: named(VERBS_ALONE, "laugh", "sing", "dance"), adjectives: describing("happy") },
  { verbs: named(VERBS_ALONE, "sleep", "rest", "go to bed"), adjectives: describing("tired", "sick") },
  { verbs: named(VERBS_OF_LEAVING, "leave", "go home"), adjectives: describing("tired", "sick", "sad", "jealous") },
];

/** The pronoun that takes up a subject; none for the feminine plural, since "they" would not show it. */
function pronounFor({ agreement }: Participant): readonly Participant[] {
  const { person, gender, count } = agreement;
  return SUBJECT_PRONOUNS.filter((it) => it.person === person && it.gender === gender && it.count === count).map(
    pronounParticipant,
  );
}

function because(subject: Participant): Space<Joined> {
  return each(CAUSES, ({ verbs, adjectives }) => {
    const reasons = inTense("imperfect", only(adjectives.map((quality) => ({ quality }))));
    const second = clausesOf(BE, only(pronounFor(subject)), reasons);
    return each(verbs, (verb) => combine<Joined>({ first: clausesOf(verb, only([subject]), past), second }));
  });
}

export function complexConstructions(): readonly Construction[] {
  const interruptions = INTERRUPTIONS.flatMap((verb) =>
    [namesOf(3), relatives(3)].map((subjects) => clausesOf(verb, subjects, past)),
  );
  const when = UNDER_WAY.flatMap(whileDoing).flatMap((first) =>
    interruptions.map((second) => combine<Joined>({ first, second })),
  );

  const reasoned = [
    SUBJECT_PRONOUNS.map(pronounParticipant),
    NAMES.map(nameParticipant),
    phrasesOf(["person"], 3, ["the"]).map(phraseParticipant),
  ].map((subjects) => each(subjects, because));

  const ofPeople = ADJECTIVES.filter(({ describes }) => describes.includes("person")).map((quality) => ({ quality }));
  // Whom the opinions are about: "we think that I am tired" would be odd.
  const others = only(SUBJECT_PRONOUNS.filter(({ person }) => person === 3).map(pronounParticipant));
  const opinions = VERBS_OF_OPINION.flatMap((verb) =>
    [pronouns, namesOf(3), nounSubjects({}, 3)].flatMap((thinkers) => {
      const first = clausesOf(verb, thinkers, NOTHING);
      return [others, relatives(3)].flatMap((subjects) => [
        combine<Joined>({ first, second: clausesOf(BE, subjects, only(ofPeople)) }),
        ...named(VERBS_OF_LEAVING, "leave", "go home").map((left) =>
          combine<Joined>({ first, second: clausesOf(left, subjects, past) }),
        ),
      ]);
    }),
  );

  return [
    construction(
      "when",
      3,
      1.5,
      when.map((group) => map(group, (both) => joined(both, "when", ["quand"]))),
    ),
    construction(
      "because",
      3,
      1,
      reasoned.map((group) => map(group, (both) => joined(both, "because", ["parce", "que"]))),
    ),
    construction(
      "that, after think, know and say",
      3,
      1.5,
      opinions.map((group) => map(group, (both) => joined(both, "that", ["que"]))),
    ),
  ];
}
