import { agree } from "../french/agree.js";
import { conjugate, participle } from "../french/conjugate.js";
import { WITH_ETRE } from "../french/irregular.js";
import { contract } from "../french/join.js";
import type { Agreement } from "../types.js";
import type { Clause } from "./clause.js";
import { adjectiveForm, frenchPhrase } from "./nounPhrase.js";

function reflexivePronoun({ person, count }: Agreement): string {
  if (person === 3) return "se";
  if (count === "plural") return person === 1 ? "nous" : "vous";
  return person === 1 ? "me" : "te";
}

/** The pronouns that stand before the verb. */
function clitics({ subject, verb, pronoun }: Clause): readonly string[] {
  if (verb.reflexive) return [reflexivePronoun(subject.agreement)];
  if (!pronoun) return [];
  return [isIndirect(verb) ? pronoun.indirect : pronoun.direct];
}

const isIndirect = (verb: Clause["verb"]): boolean => verb.preposition === "à" || verb.gives === true;

/** The participle, agreeing with the subject under `être` and with a direct object set before it under `avoir`. */
function agreeingParticiple({ subject, verb, pronoun }: Clause, precedingObject?: Agreement): string {
  const form = participle(verb.french);
  if (takesEtre(verb)) return agree(form, subject.agreement);
  if (precedingObject) return agree(form, precedingObject);
  return pronoun && !isIndirect(verb) ? agree(form, pronoun.agreement) : form;
}

const takesEtre = (verb: Clause["verb"]): boolean => verb.reflexive === true || WITH_ETRE.has(verb.french);

/** The conjugated verb, and what follows it once negation has closed round it. */
function verbWords(clause: Clause, precedingObject?: Agreement): { finite: string; rest: readonly string[] } {
  const { subject, verb, tense = "present", modal } = clause;
  const own = clitics(clause);
  if (modal) return { finite: conjugate(modal.french, "present", subject.agreement), rest: [...own, verb.french] };
  if (tense !== "past") return { finite: conjugate(verb.french, tense, subject.agreement), rest: [] };
  const auxiliary = conjugate(takesEtre(verb) ? "être" : "avoir", "present", subject.agreement);
  return { finite: auxiliary, rest: [agreeingParticiple(clause, precedingObject)] };
}

const NEGATIONS = { not: "pas", never: "jamais" };

/**
 * The clause in French, word by word.
 *
 * @param precedingObject what a participle under `avoir` agrees with when a relative pronoun stands for its object.
 */
export function frenchClause(clause: Clause, precedingObject?: Agreement): readonly string[] {
  const { subject, verb, negation, object, recipient } = clause;
  const { finite, rest } = verbWords(clause, precedingObject);
  const phrase = object ? frenchPhrase(object, negation !== undefined) : [];
  return [
    ...subject.french,
    ...(negation ? ["ne"] : []),
    ...(clause.modal ? [] : clitics(clause)),
    finite,
    ...(negation ? [NEGATIONS[negation]] : []),
    ...(clause.frequency ? [clause.frequency.french] : []),
    ...rest,
    ...(object && verb.preposition ? contract(verb.preposition, phrase) : phrase),
    ...(recipient ? contract("à", recipient.french) : []),
    ...(clause.quality ? [adjectiveForm(clause.quality, subject.agreement.gender, subject.agreement.count)] : []),
    ...(clause.adjuncts ?? []).flatMap((adjunct) => adjunct.french),
  ];
}
