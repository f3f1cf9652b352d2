import { joinFrench } from "../french/join.js";
import type { Expression } from "../lexicon/expression.js";
import type { SentencePair } from "../types.js";
import type { Clause } from "./clause.js";
import {
  adjectiveLemma,
  type Combination,
  combination,
  nounLemma,
  phraseCombinations,
  verbLemma,
} from "./combination.js";
import { englishClause } from "./englishClause.js";
import { frenchClause } from "./frenchClause.js";

/** A finished pair, with the combinations of words it holds. */
export interface Sentence extends SentencePair {
  readonly combinations: readonly Combination[];
}

const capitalised = (text: string): string => text[0].toUpperCase() + text.slice(1);

/** Closes a sentence: capital, elisions, punctuation. French sets a space before "?" and "!". */
export function sentence(
  english: string,
  french: readonly string[],
  mark: "." | "?" | "!",
  combinations: readonly Combination[],
): Sentence {
  const target = capitalised(joinFrench(french));
  return {
    source: capitalised(english) + mark,
    target: mark === "." ? `${target}.` : `${target} ${mark}`,
    combinations,
  };
}

/** What a clause says of its subject: the verb, or what follows "to be". */
function predicateLemma({ verb, quality, adjuncts }: Clause): string {
  if (quality) return adjectiveLemma(quality.english);
  return verb.english === "be" && adjuncts?.[0]?.lemma ? adjuncts[0].lemma : verbLemma(verb.english);
}

/** The pairs of lemmas that a clause brings together. */
export function clauseCombinations(clause: Clause): readonly Combination[] {
  const { subject, object, recipient, adjuncts = [] } = clause;
  const predicate = predicateLemma(clause);
  const partners = [subject.lemma, recipient?.lemma, ...adjuncts.map(({ lemma }) => lemma)];
  if (object) partners.push(nounLemma(object.noun.english));
  return [
    ...subject.combinations,
    ...(recipient?.combinations ?? []),
    ...(object ? phraseCombinations(object) : []),
    ...partners
      .filter((lemma) => lemma !== undefined && lemma !== predicate)
      .map((lemma) => combination(lemma!, predicate)),
  ];
}

/** A clause in its plain order: a statement, or a question whose subject is "who". */
export function statement(clause: Clause, mark: "." | "?" = "."): Sentence {
  return sentence(englishClause(clause), frenchClause(clause), mark, clauseCombinations(clause));
}

/** A question to be answered by yes or no. */
export function question(clause: Clause): Sentence {
  const french = ["est-ce", "que", ...frenchClause(clause)];
  return sentence(englishClause(clause, true), french, "?", clauseCombinations(clause));
}

/** A question opened by a word that asks: where, when, why. */
export function openQuestion({ english, french }: Pick<Expression, "english" | "french">, clause: Clause): Sentence {
  const words = [...french.split(" "), "est-ce", "que", ...frenchClause(clause)];
  return sentence(`${english} ${englishClause(clause, true)}`, words, "?", clauseCombinations(clause));
}
