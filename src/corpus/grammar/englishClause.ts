import { pastTense, progressive, thirdPerson } from "../english/inflect.js";
import type { Agreement } from "../types.js";
import type { Clause } from "./clause.js";
import { englishPhrase } from "./nounPhrase.js";

/** An auxiliary, if the tense has one, and the rest of the verb: its words before and after the point of inversion. */
interface VerbGroup {
  readonly auxiliary?: string;
  readonly main: string;
}

const isThirdSingular = ({ person, count }: Agreement): boolean => person === 3 && count === "singular";

function presentOfBe({ person, count }: Agreement): string {
  if (count === "plural" || person === 2) return "are";
  return person === 1 ? "am" : "is";
}

function pastOfBe({ person, count }: Agreement): string {
  return count === "plural" || person === 2 ? "were" : "was";
}

/** "Looks for" out of "look for": only the first word is inflected. */
function inflect(verb: string, change: (base: string) => string): string {
  const [base, ...particle] = verb.split(" ");
  return [change(base), ...particle].join(" ");
}

function verbGroup({ subject, verb, tense = "present", habit, modal }: Clause): VerbGroup {
  const base = verb.english;
  if (modal && !modal.link) return { auxiliary: modal.english, main: base };
  if (tense === "future") return { auxiliary: "will", main: base };
  const [head, ...tail] = base.split(" ");
  if (head === "be" && !modal) {
    const form = tense === "present" ? presentOfBe(subject.agreement) : pastOfBe(subject.agreement);
    return { auxiliary: form, main: tail.join(" ") };
  }
  if (tense === "past") return { main: inflect(base, pastTense) };
  if (tense === "imperfect") {
    if (habit || verb.stative) return { main: `used to ${base}` };
    return { auxiliary: pastOfBe(subject.agreement), main: inflect(base, progressive) };
  }
  const finite = modal ? modal.english : base;
  const rest = modal ? ` to ${base}` : "";
  return { main: (isThirdSingular(subject.agreement) ? inflect(finite, thirdPerson) : finite) + rest };
}

/** The verb group with the auxiliary that "not" and inversion call for. */
function supported(clause: Clause): Required<VerbGroup> {
  const { auxiliary, main } = verbGroup(clause);
  if (auxiliary) return { auxiliary, main };
  const base = clause.modal ? `${clause.modal.english} to ${clause.verb.english}` : clause.verb.english;
  if (clause.tense === "past") return { auxiliary: "did", main: base };
  return { auxiliary: isThirdSingular(clause.subject.agreement) ? "does" : "do", main: base };
}

/**
 * The clause in English, its verb before its subject when `inverted`.
 *
 * @example
 * englishClause({ subject: she, verb: eat, negation: "not", object: apples }); // "she does not eat apples"
 */
export function englishClause(clause: Clause, inverted = false): string {
  const { auxiliary, main } =
    inverted || clause.negation === "not" ? supported(clause) : { auxiliary: "", ...verbGroup(clause) };
  const { subject } = clause;
  const opening = inverted ? [auxiliary, subject.english] : [subject.english, auxiliary];
  return [
    ...opening,
    clause.negation,
    clause.frequency?.english,
    main,
    clause.pronoun?.english,
    clause.object && englishPhrase(clause.object),
    clause.recipient && `to ${clause.recipient.english}`,
    clause.quality?.english,
    ...(clause.adjuncts ?? []).map((adjunct) => adjunct.english),
  ]
    .filter(Boolean)
    .join(" ")
    .replace("can not", "cannot");
}
