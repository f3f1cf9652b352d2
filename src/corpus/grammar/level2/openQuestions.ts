import { ADJECTIVES } from "../../lexicon/adjectives.js";
import type { Noun, NounKind } from "../../lexicon/noun.js";
import { QUESTION_WORDS } from "../../lexicon/questions.js";
import { BE, type Verb } from "../../lexicon/verb.js";
import { VERBS_ALONE, VERBS_OF_LEAVING, VERBS_OF_MOTION, VERBS_OF_PLACE } from "../../lexicon/verbsAlone.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, map, only, type Space } from "../../space.js";
import { known, nounsOf, phrasesOf } from "../choices.js";
import type { Clause } from "../clause.js";
import { clauses, clausesOf, NOTHING, worded } from "../clauses.js";
import { combination, nounLemma, verbLemma } from "../combination.js";
import { type Construction, construction } from "../construction.js";
import { englishClause } from "../englishClause.js";
import { frenchClause } from "../frenchClause.js";
import { clauseCombinations, openQuestion, type Sentence, sentence } from "../sentence.js";
import { namesOf, nounSubjects, POSSESSIVES, participants, relatives, subjectsOf } from "../subjects.js";
import { qualitiesOf } from "./adjectives.js";

const [WHERE, WHEN, WHY, WHAT, WHOM] = QUESTION_WORDS;

const named = (verbs: readonly Verb[], ...english: readonly string[]): readonly Verb[] =>
  verbs.filter((verb) => english.includes(verb.english));

const LOCATED = [...VERBS_ALONE.filter(({ where }) => where), ...VERBS_OF_PLACE, ...named(VERBS_OF_MOTION, "go")];
const TIMED = [
  ...known(VERBS_OF_LEAVING, 2),
  ...named(VERBS_OF_MOTION, "come", "come back"),
  ...named(VERBS_ALONE, "get up", "go to bed", "work", "rest"),
];
const EXPLAINED = [...known(VERBS_OF_LEAVING, 2), ...named(VERBS_ALONE, "cry", "laugh", "run", "work", "wait", "sing")];

/** What may be wondered at. */
const EXPLICABLE = ADJECTIVES.filter(({ english }) =>
  ["happy", "sad", "tired", "sick", "jealous", "serious", "dirty", "cold", "empty", "expensive", "heavy"].includes(
    english,
  ),
);

const DIRECT = VERBS_WITH_OBJECT.filter(({ preposition }) => !preposition);
const isOfPeople = ({ objects }: Verb): boolean => objects?.includes("person") ?? false;

/** The questions a word opens, about anyone doing one of these things. */
function asked(word: (typeof QUESTION_WORDS)[number], verbs: readonly Verb[]): readonly Space<Sentence>[] {
  const groups = clauses(verbs, 2, () => NOTHING);
  return worded(groups, (clause) => openQuestion(word, clause));
}

/** How many letters does she write? */
export function howMany(noun: Noun, clause: Clause): Sentence {
  const french = ["combien", "de", noun.frenchPlural, "est-ce", "que", ...frenchClause(clause)];
  const found = [...clauseCombinations(clause), combination(nounLemma(noun.english), verbLemma(clause.verb.english))];
  return sentence(`how many ${noun.englishPlural} ${englishClause(clause, true)}`, french, "?", found);
}

const COUNTED = named(VERBS_WITH_OBJECT, "eat", "read", "write", "see", "buy", "sell", "have", "draw", "carry", "find");

const MISLAID: readonly NounKind[] = ["thing", "clothing", "reading", "vehicle", "container"];

/** Où est la clé ? Inverted as everyday French does with a noun. */
export function whereIs(clause: Clause): Sentence {
  const { subject } = clause;
  const [verb] = frenchClause({ ...clause, subject: { ...subject, french: [] } });
  return sentence(`where ${englishClause(clause, true)}`, ["où", verb, ...subject.french], "?", []);
}

export function openQuestionConstructions(): readonly Construction[] {
  const counting = COUNTED.flatMap((verb) => {
    const nouns = nounsOf(verb.objects ?? [], 2).filter(({ mass, kind }) => !mass && kind !== "person");
    return subjectsOf(verb, 2).map((subject) =>
      map(combine({ subject, noun: only(nouns) }), ({ subject, noun }) => howMany(noun, { subject, verb })),
    );
  });

  const whereabouts = [
    participants(phrasesOf(MISLAID, 2, ["the"])),
    participants(phrasesOf(MISLAID, 2, POSSESSIVES)),
    nounSubjects({ subjects: ["person", "beast", "place", "sight"] }, 2),
    namesOf(2),
    relatives(2),
  ].map((subjects) => clausesOf(BE, subjects, NOTHING));

  return [
    construction("where", 2, 1, asked(WHERE, LOCATED)),
    construction("where is", 2, 0.5, worded(whereabouts, whereIs)),
    construction("when", 2, 0.5, asked(WHEN, TIMED)),
    construction("why", 2, 0.5, asked(WHY, EXPLAINED)),
    construction(
      "why, after to be",
      2,
      0.5,
      worded(qualitiesOf(EXPLICABLE), (clause) => openQuestion(WHY, clause)),
    ),
    construction(
      "what",
      2,
      0.5,
      asked(
        WHAT,
        // "Qu'est-ce qu'il fait ?" would rather ask what he is doing.
        DIRECT.filter((verb) => !isOfPeople(verb) && verb.english !== "make"),
      ),
    ),
    construction("who, as the object", 2, 0.5, asked(WHOM, DIRECT.filter(isOfPeople))),
    construction("how many", 2, 1, counting),
  ];
}
