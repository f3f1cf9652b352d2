import { MODALS } from "../../lexicon/idioms.js";
import { OBJECT_PRONOUNS, type ObjectPronoun, SUBJECT_PRONOUNS } from "../../lexicon/pronouns.js";
import { PAST_TIMES } from "../../lexicon/time.js";
import type { Verb } from "../../lexicon/verb.js";
import { VERBS_OF_GIVING, VERBS_WITH_OBJECT } from "../../lexicon/verbsWithObject.js";
import { combine, each, only, type Space } from "../../space.js";
import { both, expressionAdjunct, withAdjuncts } from "../adjuncts.js";
import type { Clause } from "../clause.js";
import { clausesOf, NOTHING, type Rest, withObject, worded } from "../clauses.js";
import { type Construction, construction } from "../construction.js";
import { pronounParticipant } from "../participant.js";
import { question, statement } from "../sentence.js";
import { namesOf, nounSubjects, pronouns, relatives } from "../subjects.js";
import { inTense, isInEveryTense } from "../tenses.js";

const asRests = (chosen: readonly ObjectPronoun[]): Space<Rest> => combine({ pronoun: only(chosen) });

/** The clauses of some verbs with a pronoun for an object. "I" never goes with "me" or "us": that would be reflexive. */
function withPronouns(verbs: readonly Verb[], restsOf: (verb: Verb) => Space<Rest>): readonly Space<Clause>[] {
  return verbs.flatMap((verb) => {
    const rests = restsOf(verb);
    const ofPronouns = each(SUBJECT_PRONOUNS, (subject) => {
      const others = OBJECT_PRONOUNS.filter(
        ({ agreement }) => agreement.person === 3 || agreement.person !== subject.person,
      );
      return clausesOf(verb, only([pronounParticipant(subject)]), both(rests, asRests(others)));
    });
    const ofNouns = [namesOf(3), nounSubjects(verb, 3), relatives(3)];
    return [ofPronouns, ...ofNouns.map((subjects) => clausesOf(verb, subjects, both(rests, asRests(OBJECT_PRONOUNS))))];
  });
}

const ofPeople = VERBS_WITH_OBJECT.filter(({ objects }) => objects?.includes("person"));
const direct = [
  ...ofPeople.filter(({ preposition }) => !preposition),
  ...VERBS_WITH_OBJECT.filter(({ english }) => english === "look for" || english === "find"),
];
const indirect = ofPeople.filter(({ preposition }) => preposition);
const active = direct.filter(({ stative }) => !stative);

const lasting = active.filter((verb) => isInEveryTense(verb) && !verb.instant);

const polarity = combine<Rest>({ negation: only([undefined, "not", "never"] as const) });
const notOnly = combine<Rest>({ negation: only([undefined, "not"] as const) });
const simplePast = inTense("past", polarity);
const timedPast = inTense("past", withAdjuncts(PAST_TIMES.map(expressionAdjunct)));
const future = inTense("future", polarity);
const imperfect = inTense("imperfect", NOTHING);
const willing = combine<Rest>({ modal: only(MODALS) });

const gifts = (verb: Verb) => withObject(verb, 3);
const giftsPast = (verb: Verb) => inTense("past", gifts(verb));
const giftsFuture = (verb: Verb) => inTense("future", gifts(verb));
const inEveryTense = VERBS_OF_GIVING.filter(isInEveryTense);

/** Something given to someone named: a name when the giver is a noun, and a noun otherwise. */
function withRecipients(verbs: readonly Verb[], restsOf: (verb: Verb) => Space<Rest>): readonly Space<Clause>[] {
  return verbs.flatMap((verb) => {
    const toNouns = both(restsOf(verb), combine({ recipient: nounSubjects({}, 3) }));
    const toNames = both(restsOf(verb), combine({ recipient: namesOf(3) }));
    return [
      clausesOf(verb, pronouns, toNouns),
      clausesOf(verb, namesOf(3), toNouns),
      clausesOf(verb, nounSubjects(verb, 3), toNames),
      clausesOf(verb, relatives(3), toNames),
    ];
  });
}

function row(name: string, weight: number, groups: readonly Space<Clause>[], wording = statement): Construction {
  return construction(name, 3, weight, worded(groups, wording));
}

export const pronounConstructions = (): readonly Construction[] => [
  row(
    "direct pronoun, present",
    3,
    withPronouns(direct, ({ stative }) => (stative ? notOnly : polarity)),
  ),
  row(
    "direct pronoun, past",
    3,
    withPronouns(active, () => simplePast),
  ),
  row(
    "direct pronoun, past, and time",
    2,
    withPronouns(active, () => timedPast),
  ),
  row(
    "direct pronoun, future",
    1,
    withPronouns(active.filter(isInEveryTense), () => future),
  ),
  row(
    "direct pronoun, imperfect",
    1,
    withPronouns(lasting, () => imperfect),
  ),
  row(
    "direct pronoun, before an infinitive",
    1,
    withPronouns(active, () => willing),
  ),
  row(
    "direct pronoun, asked",
    0.5,
    withPronouns(direct, () => NOTHING),
    question,
  ),
  row(
    "direct pronoun, past, asked",
    0.5,
    withPronouns(active, () => inTense("past", NOTHING)),
    question,
  ),
  row(
    "indirect pronoun, present",
    1,
    withPronouns(indirect, () => polarity),
  ),
  row(
    "indirect pronoun, past",
    1,
    withPronouns(indirect, () => simplePast),
  ),
  row("gift to a pronoun, present", 1, withPronouns(VERBS_OF_GIVING, gifts)),
  row("gift to a pronoun, past", 1, withPronouns(VERBS_OF_GIVING, giftsPast)),
  row("gift to a pronoun, future", 0.5, withPronouns(inEveryTense, giftsFuture)),
  row("gift, present", 1, withRecipients(VERBS_OF_GIVING, gifts)),
  row("gift, past", 1, withRecipients(VERBS_OF_GIVING, giftsPast)),
  row("gift, future", 0.5, withRecipients(inEveryTense, giftsFuture)),
];
