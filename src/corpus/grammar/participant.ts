import type { Name } from "../lexicon/names.js";
import type { SubjectPronoun } from "../lexicon/pronouns.js";
import type { Agreement } from "../types.js";
import { type Combination, nounLemma, phraseCombinations } from "./combination.js";
import { englishPhrase, frenchPhrase, type NounPhrase } from "./nounPhrase.js";

/** Someone or something a clause is about, already worded, with what its verb must agree with. */
export interface Participant {
  readonly english: string;
  readonly french: readonly string[];
  readonly agreement: Agreement;
  /** None for pronouns. */
  readonly lemma?: string;
  readonly combinations: readonly Combination[];
}

/** A pronoun as a subject. */
export function pronounParticipant(pronoun: SubjectPronoun): Participant {
  return { english: pronoun.english, french: [pronoun.french], agreement: pronoun, combinations: [] };
}

/** Someone called by name. */
export function nameParticipant({ name, gender }: Name): Participant {
  return {
    english: name,
    french: [name],
    agreement: { person: 3, gender, count: "singular" },
    lemma: nounLemma(name),
    combinations: [],
  };
}

/** Two people called by name; feminine when both are. */
export function coupleParticipant(first: Name, second: Name): Participant {
  return {
    english: `${first.name} and ${second.name}`,
    french: [first.name, "et", second.name],
    agreement: { person: 3, gender: first.gender === "f" && second.gender === "f" ? "f" : "m", count: "plural" },
    combinations: [],
  };
}

/** A noun phrase as a participant. */
export function phraseParticipant(phrase: NounPhrase): Participant {
  return {
    english: englishPhrase(phrase),
    french: frenchPhrase(phrase),
    agreement: { person: 3, gender: phrase.noun.gender, count: phrase.count },
    lemma: nounLemma(phrase.noun.english),
    combinations: phraseCombinations(phrase),
  };
}
