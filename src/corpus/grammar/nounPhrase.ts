import { indefiniteArticle } from "../english/inflect.js";
import { contract } from "../french/join.js";
import { startsWithVowelSound } from "../french/sound.js";
import type { Adjective } from "../lexicon/adjective.js";
import { type DeterminerId, FRENCH_DETERMINERS } from "../lexicon/determiners.js";
import type { Name } from "../lexicon/names.js";
import type { Noun } from "../lexicon/noun.js";
import type { NumberWord } from "../lexicon/numbers.js";
import type { Count, Gender } from "../types.js";

/** A noun phrase's meaning, which each language words in its own way. */
export interface NounPhrase {
  readonly noun: Noun;
  readonly count: Count;
  readonly determiner: DeterminerId | NumberWord | { readonly owner: Name };
  readonly adjective?: Adjective;
}

/** The phrase in English. */
export function englishPhrase({ noun, count, determiner, adjective }: NounPhrase): string {
  const name = count === "plural" ? noun.englishPlural : noun.english;
  const words = adjective ? `${adjective.english} ${name}` : name;
  if (typeof determiner === "object") {
    return "owner" in determiner ? `${determiner.owner.name}'s ${words}` : `${determiner.english} ${words}`;
  }
  if (determiner === "bare" || determiner === "generic") return words;
  if (determiner === "a") return `${indefiniteArticle(words)} ${words}`;
  if (determiner === "this" && count === "plural") return `these ${words}`;
  return `${determiner} ${words}`;
}

/** The form of an adjective that agrees with a noun of that gender and number. */
export function adjectiveForm(adjective: Adjective, gender: Gender, count: Count): string {
  return adjective[count][gender];
}

/** The noun with its adjective on the side where French wants it. */
function nounWords({ noun, count, adjective }: NounPhrase): readonly string[] {
  const name = count === "plural" ? noun.frenchPlural : noun.french;
  if (!adjective) return [name];
  const form = adjectiveForm(adjective, noun.gender, count);
  if (!adjective.first) return [name, form];
  const masculine = noun.gender === "m" && count === "singular";
  return [masculine && startsWithVowelSound(name) ? adjective.beforeVowel : form, name];
}

function frenchDeterminer(id: DeterminerId, { noun, count }: NounPhrase, next: string): string {
  const forms = FRENCH_DETERMINERS[id];
  if (count === "plural") return forms.plural;
  return (startsWithVowelSound(next) ? forms.beforeVowel : forms.singular)[noun.gender];
}

/**
 * The phrase in French, word by word.
 *
 * @param negated whether it is the object of a negated verb, after which `un`, `du`, `des`… become `de`.
 */
export function frenchPhrase(phrase: NounPhrase, negated = false): readonly string[] {
  const { noun, count, determiner, adjective } = phrase;
  const words = nounWords(phrase);
  if (typeof determiner === "object") {
    if (!("owner" in determiner)) return [...determiner.french[noun.gender].split(" "), ...words];
    return [frenchDeterminer("the", phrase, words[0]), ...words, "de", determiner.owner.name];
  }
  if (determiner === "a" || determiner === "bare") {
    if (negated || (count === "plural" && adjective?.first)) return ["de", ...words];
    if (noun.mass) return contract("de", [frenchDeterminer("the", phrase, words[0]), ...words]);
  }
  return [frenchDeterminer(determiner, phrase, words[0]), ...words];
}
