import type { Adjective } from "../../lexicon/adjective.js";
import { ADJECTIVES } from "../../lexicon/adjectives.js";
import { BE, type Verb } from "../../lexicon/verb.js";
import { VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, each, map, only, type Space } from "../../space.js";
import { phrasesOf, saidAlone } from "../choices.js";
import type { Clause } from "../clause.js";
import { clausesOf, NOTHING } from "../clauses.js";
import { combination, verbLemma } from "../combination.js";
import { type Construction, construction } from "../construction.js";
import { englishClause } from "../englishClause.js";
import { frenchClause } from "../frenchClause.js";
import type { NounPhrase } from "../nounPhrase.js";
import { type Participant, phraseParticipant } from "../participant.js";
import { clauseCombinations, type Sentence, statement } from "../sentence.js";
import { namesOf, pronouns } from "../subjects.js";
import { inTense } from "../tenses.js";

/** What is done to things that one then describes. */
const ACQUIRED = ["buy", "find", "lose", "choose", "sell", "make", "wash", "repair"];

interface Described {
  readonly phrase: NounPhrase;
  readonly quality: Adjective;
}

/** Every phrase in "the" of these nouns, with each adjective that may be said of it. */
function described(kinds: Verb["objects"] = []): Space<Described> {
  return each(phrasesOf(kinds, 3, ["the"]), (phrase) =>
    only(
      ADJECTIVES.filter(({ describes }) => describes.includes(phrase.noun.kind)).map((quality) => ({
        phrase,
        quality,
      })),
    ),
  );
}

/** "The apples that she bought are delicious": the relative clause becomes a part of the subject. */
export function thatIs({ head, relative }: { readonly head: Described; readonly relative: Clause }): Sentence {
  const noun = phraseParticipant(head.phrase);
  const subject: Participant = {
    ...noun,
    english: `${noun.english} that ${englishClause(relative)}`,
    french: [...noun.french, "que", ...frenchClause(relative, noun.agreement)],
    combinations: [
      ...noun.combinations,
      ...clauseCombinations(relative),
      combination(noun.lemma!, verbLemma(relative.verb.english)),
    ],
  };
  return statement({ subject, verb: BE, quality: head.quality });
}

/** "The girl who sings is happy". */
export function whoIs({ head, verb }: { readonly head: Described; readonly verb: Verb }): Sentence {
  const noun = phraseParticipant(head.phrase);
  const relative: Clause = { subject: noun, verb };
  const subject: Participant = {
    ...noun,
    english: englishClause({ ...relative, subject: { ...noun, english: `${noun.english} who` } }),
    french: frenchClause({ ...relative, subject: { ...noun, french: [...noun.french, "qui"] } }),
    combinations: [...noun.combinations, ...clauseCombinations(relative)],
  };
  return statement({ subject, verb: BE, quality: head.quality });
}

export function relativeConstructions(): readonly Construction[] {
  const thatWere: readonly Space<Sentence>[] = VERBS_WITH_OBJECT.filter(({ english }) =>
    ACQUIRED.includes(english),
  ).flatMap((verb) => {
    const head = described(verb.objects);
    return [pronouns, namesOf(3)].map((subjects) =>
      map(combine({ head, relative: clausesOf(verb, subjects, inTense("past", NOTHING)) }), thatIs),
    );
  });

  const whoDo = saidAlone(2).map((verb) => map(combine({ head: described(["person"]), verb: only([verb]) }), whoIs));

  return [
    construction("that, in a relative clause", 3, 1.5, thatWere),
    construction("who, in a relative clause", 3, 0.7, whoDo),
  ];
}
